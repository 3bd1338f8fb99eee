"""Named filters of a panel's list, kept in the profile by the panel's own store."""

import msgspec

from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.plugin_api.context import PanelStore

NAME = "saved_views"


class SavedView(msgspec.Struct, frozen=True, kw_only=True):
    """A name and what it filters, in the panel's own words."""

    name: str
    filters: Json


class SavedViews:
    """All saved views of one panel; one of a name."""

    def __init__(self, store: PanelStore) -> None:
        self._store = store

    def all(self) -> tuple[SavedView, ...]:
        try:
            return msgspec.convert(self._store.read(NAME) or [], tuple[SavedView, ...])
        except msgspec.ValidationError:
            return ()  # written by another version of the panel: nothing that can be shown

    def save(self, view: SavedView) -> None:
        others = [one for one in self.all() if one.name != view.name]
        self._store.write(NAME, [msgspec.to_builtins(one) for one in (*others, view)])

    def remove(self, name: str) -> None:
        kept = [msgspec.to_builtins(one) for one in self.all() if one.name != name]
        self._store.write(NAME, kept)
