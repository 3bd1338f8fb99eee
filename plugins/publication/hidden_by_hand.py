"""Passages that a person has hidden by hand and not yet signed for: kept for each decision, so that
neither the next one nor a crash loses them.
"""

from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.plugin_api.context import PanelStore

NAME = "hidden_by_hand"
KEPT = 200  # decisions; the oldest go first


class HiddenByHand:
    """Drafts of masks, in the profile."""

    def __init__(self, store: PanelStore) -> None:
        self._store = store
        kept = store.read(NAME)
        self._of: dict[str, list[Json]] = {}
        if isinstance(kept, dict):
            self._of = {name: own for name, own in kept.items() if isinstance(own, list)}

    def of(self, record: RecordId) -> tuple[str, ...]:
        """The passages of one decision."""
        return tuple(str(passage) for passage in self._of.get(record, ()))

    def add(self, record: RecordId, passage: str) -> None:
        """One more."""
        if passage not in self._of.setdefault(record, []):
            self._of[record].append(passage)
            self._save()

    def remove(self, record: RecordId, passage: str) -> None:
        """Shown again."""
        if passage in self._of.get(record, ()):
            self._of[record].remove(passage)
            self._save()

    def forget(self, record: RecordId) -> None:
        """Signed for: the record itself holds them now."""
        if self._of.pop(record, None) is not None:
            self._save()

    def _save(self) -> None:
        for oldest in list(self._of)[: max(0, len(self._of) - KEPT)]:
            del self._of[oldest]
        self._store.write(NAME, dict(self._of))
