"""The plan as SVG text: readable in light and dark surroundings, on paper too."""

from html import escape

from .chart import By
from .plan import BOX_H, BOX_W, Line, Plan

STROKE = {
    By.OFFICER: "#1F5FBF",
    By.SUPERVISOR: "#8A3FA0",
    By.SYSTEM: "#4A5560",
    By.FOLLOWS: "#0F7B6C",
}
DASH = {By.OFFICER: "none", By.SUPERVISOR: "10 4", By.SYSTEM: "3 4", By.FOLLOWS: "1 5"}
FONT = "font-family='Noto Sans, Noto Sans CJK SC, sans-serif'"
LABEL_PX, NOTE_PX = 11, 12
LABEL_CHAR_W, LABEL_H, NOTE_H = 6.3, 14, 19
Rect = tuple[float, float, float, float]


def svg_of(plan: Plan) -> str:
    """The picture as a file's text; the same plan gives the same bytes."""
    notes_at = plan.height
    width = max(plan.width, 760)
    height = notes_at + NOTE_H * (len(plan.notes) + 2)
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width:.0f} {height:.0f}' "
        f"width='{width:.0f}' height='{height:.0f}' {FONT}>",
        "<rect width='100%' height='100%' fill='#FFFFFF'/>",
        *_markers(),
        _text(20, 26, plan.title, 16, "#1B2430", weight="600"),
        *_legend(width),
    ]
    taken: list[Rect] = [_around(box.x, box.y, BOX_W, BOX_H) for box in plan.boxes]
    parts += [_line(line) for line in plan.lines]
    for line in plan.lines:
        parts += _label(line, taken)
    for box in plan.boxes:
        parts += _box(box.name, (box.x, box.y), box.is_closed)
        if box.made_by:
            made = " · ".join(box.made_by)
            parts.append(
                _text(box.x, box.y - BOX_H / 2 - 6, f"{made} ▾", LABEL_PX, "#1F5FBF", "middle")
            )
    for index, note in enumerate(plan.notes):
        parts.append(_text(20, notes_at + NOTE_H * (index + 1), note, NOTE_PX, "#3A4652"))
    return "\n".join([*parts, "</svg>", ""])


def _markers() -> list[str]:
    return [
        f"<marker id='{by.name}' viewBox='0 0 10 10' refX='9' refY='5' markerWidth='8' "
        f"markerHeight='8' orient='auto-start-reverse'>"
        f"<path d='M0 1 L9 5 L0 9 Z' fill='{STROKE[by]}'/></marker>"
        for by in By
    ]


def _legend(width: float) -> list[str]:
    parts, x = [], width - 560
    for by in By:
        parts.append(
            f"<line x1='{x:.0f}' y1='22' x2='{x + 34:.0f}' y2='22' stroke='{STROKE[by]}' "
            f"stroke-width='1.6' stroke-dasharray='{DASH[by]}'/>"
        )
        parts.append(_text(x + 40, 26, by.value, NOTE_PX, STROKE[by]))
        x += 116
    return parts


def _line(line: Line) -> str:
    points = _trimmed(line)
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x1, y1), (x2, y2) in zip(points, points[1:], strict=False):
        middle = (y1 + y2) / 2
        path += f" C{x1:.1f} {middle:.1f} {x2:.1f} {middle:.1f} {x2:.1f} {y2:.1f}"
    by = line.arrow.by
    return (
        f"<path d='{path}' fill='none' stroke='{STROKE[by]}' stroke-width='1.5' "
        f"stroke-dasharray='{DASH[by]}' marker-end='url(#{by.name})'/>"
    )


def _trimmed(line: Line) -> list[tuple[float, float]]:
    """From the lower edge of the source to the upper edge of the target."""
    points = list(line.points)
    points[0] = (points[0][0], points[0][1] + BOX_H / 2)
    points[-1] = (points[-1][0], points[-1][1] - BOX_H / 2)
    return points


def _label(line: Line, taken: list[Rect]) -> list[str]:
    """The names beside their line, at the first place where nothing stands yet."""
    text = " · ".join(line.arrow.names)
    width = len(text) * LABEL_CHAR_W + 6
    places = [_on_curve(line, part, share) for part, share in _tries(line)]
    free = next((at for at in places if not _is_taken(_around(*at, width, LABEL_H), taken)), None)
    x, y = free or places[0]
    taken.append(_around(x, y, width, LABEL_H))
    return [
        f"<rect x='{x - width / 2:.1f}' y='{y - LABEL_H / 2:.1f}' width='{width:.1f}' "
        f"height='{LABEL_H}' rx='3' fill='#FFFFFF' fill-opacity='0.92'/>",
        _text(x, y + 4, text, LABEL_PX, STROKE[line.arrow.by], "middle"),
    ]


def _tries(line: Line) -> list[tuple[int, float]]:
    parts = range(len(line.points) - 1)
    return [(part, share) for share in (0.5, 0.35, 0.65, 0.25, 0.75) for part in parts]


def _on_curve(line: Line, part: int, share: float) -> tuple[float, float]:
    (x1, y1), (x2, y2) = _trimmed(line)[part : part + 2]
    middle, rest = (y1 + y2) / 2, 1 - share
    weights = (rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3)
    x = sum(w * v for w, v in zip(weights, (x1, x1, x2, x2), strict=True))
    y = sum(w * v for w, v in zip(weights, (y1, middle, middle, y2), strict=True))
    return x, y


def _around(x: float, y: float, width: float, height: float) -> Rect:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _is_taken(rect: Rect, taken: list[Rect]) -> bool:
    left, top, right, bottom = rect
    return any(left < r and right > x and top < b and bottom > y for x, y, r, b in taken)


def _box(name: str, at: tuple[float, float], is_closed: object) -> list[str]:
    left, top, _, _ = _around(*at, BOX_W, BOX_H)
    fill, width = ("#EEF1F4", 1.0) if is_closed else ("#F7FAFF", 1.6)
    return [
        f"<rect x='{left:.1f}' y='{top:.1f}' width='{BOX_W}' height='{BOX_H}' rx='7' "
        f"fill='{fill}' stroke='#27323E' stroke-width='{width}'/>",
        _text(at[0], at[1] + 4, name, 12, "#1B2430", "middle", "600"),
    ]


def _text(  # noqa: PLR0913 - the attributes of one SVG element
    x: float, y: float, text: str, size: int, fill: str, anchor: str = "start", weight: str = "400"
) -> str:
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size}' fill='{fill}' "
        f"text-anchor='{anchor}' font-weight='{weight}'>{escape(text)}</text>"
    )
