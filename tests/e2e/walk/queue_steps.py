"""The queue: it stands, it is sorted, it can be narrowed, and nothing jumps under the hand."""

import time
from datetime import UTC, datetime

from tests.e2e.hands import bring_to_front, choose, click, press, type_text
from tests.e2e.waits import until
from tests.e2e.walk.expect import expect, panel_text
from tests.e2e.walker import Walker
from xiuzhou_desktop.client.views import Link, Order, RecordQuery, RecordView
from xiuzhou_desktop.domain.envelope import Kind

LAST = datetime.max.replace(tzinfo=UTC)
NEWEST = 2  # place in the list of orders
CATEGORY = "05-04"
FEW_ROWS = 3
BURST = 50
CALM_LOOKS = 15


async def stands(walker: Walker) -> None:
    """Started as `main.py --demo`: the panel, a selected flag, the duty officer."""
    began = time.monotonic()
    await walker.open("--demo")
    window = walker.window
    await bring_to_front(window)
    expect(window.windowTitle().startswith("秀洲"), f"its title is {window.windowTitle()!r}")
    await until(lambda: walker.sight.current, "a record is selected")
    await walker.until_link(Link.ONLINE)
    expect(walker.engine.signed.account.user == "duty", "somebody else is signed in")
    now = walker.window.place.clock.now().astimezone()
    expect(now is not None, "no business time")
    walker.kept["start_s"] = f"{time.monotonic() - began:.0f}"
    await walker.pictures.take("triage", window)


async def is_sorted(walker: Walker) -> None:
    """Most urgent first: priority, then what is due first."""
    rows = walker.sight.rows()
    expect(len(rows) > FEW_ROWS, f"only {len(rows)} rows wait")
    keys = [(row.record.priority, row.record.due_at or LAST) for row in rows]
    expect(keys == sorted(keys), "the rows are not in the order of urgency")


async def filters_by_type(walker: Walker) -> None:
    """Only one type of violation; Esc brings all back."""
    sight, text = walker.sight, panel_text(walker)
    box = sight.box(text("triage.filter.category"))
    before = len(sight.rows())
    await choose(box, box.findData(CATEGORY))
    await until(
        lambda: _all(sight.rows(), lambda row: row.record.category == CATEGORY),
        f"only {CATEGORY} is listed",
    )
    sight.queue.setFocus()
    press("Esc")
    await until(lambda: len(sight.rows()) >= before, "all rows are back")


async def sorts_otherwise(walker: Walker) -> None:
    """Newest first, and back to urgency."""
    sight, text = walker.sight, panel_text(walker)
    box = sight.box(text("triage.filter.order"))
    await choose(box, box.findData(Order.NEWEST.value))

    def is_newest_first() -> bool:
        opened = [row.record.opened_at for row in sight.rows()]
        return len(opened) > 1 and opened == sorted(opened, reverse=True)

    await until(is_newest_first, "the newest stands first")
    await choose(box, box.findData(Order.URGENCY.value))
    await until(lambda: not is_newest_first(), "urgency orders the list again")


async def finds_chinese_words(walker: Walker) -> None:
    """Full text: part of an address, typed as an input method gives it."""
    sight = walker.sight
    rows = sight.rows()
    words = next(a[:3] for row in rows if len(a := _address(row)) > FEW_ROWS)
    hits = sum(words in _address(row) for row in rows)
    press("/")
    await until(sight.search().hasFocus, "the search field has the keyboard")
    type_text(words)
    press("Return")
    await until(
        lambda: (
            _all(sight.rows(), lambda row: words in f"{_address(row)}{row.record.title}")
            and len(sight.rows()) >= min(hits, len(rows))
        ),
        f"only rows with {words}",
    )
    sight.queue.setFocus()
    press("Esc")
    await until(lambda: len(sight.rows()) >= len(rows), "all rows are back")


async def keeps_a_view(walker: Walker) -> None:
    """A saved view brings its filter back."""
    sight, text = walker.sight, panel_text(walker)
    before = len(sight.rows())
    box = sight.box(text("triage.filter.category"))
    await choose(box, box.findData(CATEGORY))
    await until(lambda: _all(sight.rows(), lambda row: row.record.category == CATEGORY), "filtered")
    sight.queue.setFocus()
    press("Ctrl+Shift+S")
    views = sight.box(text("triage.filter.view"))
    await until(lambda: views.count() > 1, "the view is kept")
    press("Esc")
    await until(lambda: len(sight.rows()) >= before, "all rows are back")
    await choose(views, views.count() - 1)
    await until(lambda: _all(sight.rows(), lambda row: row.record.category == CATEGORY), "the view")
    sight.queue.setFocus()
    press("Esc")
    await until(lambda: len(sight.rows()) >= before, "all rows are back")


async def never_jumps(walker: Walker) -> None:
    """Fifty flags at once: the selected row stays where it is, until Home lets them in."""
    sight = walker.sight
    press("Home")
    await _calm(walker)
    press(*("J" for _ in range(FEW_ROWS)))
    await _calm(walker)
    record, y = sight.current_id(), sight.current_y()
    known = await _flags(walker)
    click(walker.bar.burst)

    async def has_come() -> bool:
        jumped = sight.current_id() != record or sight.current_y() != y
        expect(not jumped, f"the row moved from {y} to {sight.current_y()} while flags came")
        return await _flags(walker) >= known + BURST

    await until(has_come, f"{BURST} flags are here", 180)
    expect(sight.current_id() == record, "another record is under the hand")
    expect(sight.current_y() == y, f"the row moved from {y} to {sight.current_y()}")
    sight.queue.setFocus()
    before = sight.model.rowCount()
    press("Home")
    await until(lambda: sight.model.rowCount() > before, "Home lets the arrivals in")
    await walker.pictures.take("burst", walker.window)


async def _calm(walker: Walker) -> None:
    """The list stands as it was some looks ago."""
    sight, seen = walker.sight, []

    def is_calm() -> bool:
        seen.append((sight.current_id(), sight.current_y(), sight.model.rowCount()))
        return len(seen) > CALM_LOOKS and len(set(seen[-CALM_LOOKS:])) == 1

    await until(is_calm, "the list is calm")


async def _flags(walker: Walker) -> int:
    query = RecordQuery(kinds=(Kind.FLAG,), limit=1)
    return (await walker.engine.query(query)).total


def _all(rows: list[RecordView], holds: object) -> bool:
    return bool(rows) and all(holds(row) for row in rows)  # type: ignore[operator]


def _address(row: RecordView) -> str:
    return str(getattr(row.record.body, "address", "") or "")
