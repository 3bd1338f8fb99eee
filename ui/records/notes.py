"""N: the one free text of a record, written over as a field: a colleague's note at the same time is
a conflict that a person settles.
"""

from collections.abc import Mapping

from xiuzhou_desktop.client.views import Draft, RecordView
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.command import FieldChange
from xiuzhou_desktop.domain.envelope import Args


class NoteForm(Args, frozen=True, kw_only=True):
    """The one text of a note."""

    note: str


def note_values(view: RecordView) -> dict[str, Json]:
    """What the form begins with: the note that stands."""
    before = _note_of(view)
    return {"note": before} if before else {}


def note_draft(view: RecordView, args: Mapping[str, Json]) -> Draft:
    """The command of a filled form."""
    words = args.get("note")
    change = FieldChange(base=_note_of(view), new=words if isinstance(words, str) else None)
    return Draft(
        kind=view.record.kind, record=view.record.id, transition="annotate",
        fields={"note": change},
    )  # fmt: skip


def _note_of(view: RecordView) -> str | None:
    before = getattr(view.record.body, "note", None)
    return before if isinstance(before, str) else None
