"""A storm: one camera, or one street, that reports the same thing over and over. It is grouped, not
played: one head in the queue, one sound, one verdict for all (look.md §2 "Sound").

    more than 20 of one camera and category within 60 s   同一相机
    of what is left, of one street and category            同一街道
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import timedelta
from enum import StrEnum

from xiuzhou_desktop.client.views import RecordView
from xiuzhou_desktop.domain.envelope import Record, Struct
from xiuzhou_desktop.domain.ids import RecordId

MOST_ALONE = 20
WITHIN = timedelta(seconds=60)


class StormOf(StrEnum):
    """What its flags have in common, beside their category."""

    CAMERA = "camera"
    STREET = "street"


class Storm(Struct, frozen=True, kw_only=True):
    """Flags that came together; `first` is the earliest of them, by which it is named."""

    key: str
    of: StormOf
    first: RecordView
    ids: tuple[RecordId, ...]
    priority: int


def storms_in(views: Iterable[RecordView]) -> tuple[Storm, ...]:
    """The storms among open flags, by what they have in common; a flag belongs to one."""
    left, found = list(views), []
    for of, subject in SUBJECTS.items():
        groups: dict[str, list[RecordView]] = defaultdict(list)
        for view in left:
            if (name := subject(view.record)) is not None:
                groups[f"{of}:{name}:{view.record.category}"].append(view)
        storms = [_storm(key, of, burst) for key, all_ in groups.items() if (burst := _burst(all_))]
        found += storms
        taken = {one for storm in storms for one in storm.ids}
        left = [view for view in left if view.record.id not in taken]
    return tuple(sorted(found, key=lambda storm: (storm.priority, storm.key)))


def _burst(views: list[RecordView]) -> list[RecordView]:
    """Those that lie in a minute with more than MOST_ALONE others of their kind."""
    views = sorted(views, key=lambda view: (view.record.opened_at, view.record.id))
    inside: set[int] = set()
    for start in range(len(views) - MOST_ALONE):
        end = start + MOST_ALONE
        if views[end].record.opened_at - views[start].record.opened_at <= WITHIN:
            inside.update(range(start, end + 1))
    return [views[number] for number in sorted(inside)]


def _storm(key: str, of: StormOf, burst: list[RecordView]) -> Storm:
    return Storm(
        key=key, of=of, first=burst[0], ids=tuple(view.record.id for view in burst),
        priority=min(view.record.priority for view in burst),
    )  # fmt: skip


def _camera(record: Record) -> str | None:
    return getattr(record.body, "camera", None)


def _street(record: Record) -> str | None:
    return record.area


SUBJECTS: dict[StormOf, Callable[[Record], str | None]] = {
    StormOf.CAMERA: _camera,
    StormOf.STREET: _street,
}
