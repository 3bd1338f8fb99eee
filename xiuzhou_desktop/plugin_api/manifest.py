"""What a panel declares about itself before any of its code is imported (architecture.md rule 8).

    plugins/lamps/manifest.toml ──read_manifest──► Manifest
                                                   ManifestError   says which field, for the error
                                                   card

Every field has its sentence below; a key that is not here is refused, so that a misspelt one is
noticed.
"""

import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec

from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.workflow import Role
from xiuzhou_desktop.plugin_api.subjects import Scheme

API = 1
MANIFEST_NAME = "manifest.toml"
LANGUAGES = ("zh_CN", "en_US")

PanelId = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Entry = Annotated[str, msgspec.Meta(pattern=r"^[a-z_][a-z0-9_.]*:[a-z_][a-z0-9_]*$")]
Icon = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+$")]


class ClockUse(StrEnum):
    """Whether the window's view clock moves a panel."""

    LIVE = "live"
    """Never: what it shows is always the present."""
    FOLLOWS = "follows"
    """Always: replay is what it is for."""
    ASKED = "asked"
    """Only once a person has moved it on purpose (Q), until everything is live again."""


class Stand(StrEnum):
    """Where a panel stands in a workspace before a person has arranged it."""

    FRONT = "front"
    """In front of the others; without one the first of the rail is."""
    BESIDE = "beside"
    """At the right of the one in front, where the window is wide enough for two."""
    BEHIND = "behind"
    """A tab behind the one in front."""


class ManifestError(Exception):
    """The manifest cannot be used. `slug` chooses the sentence, `facts` are its arguments."""

    def __init__(self, slug: str, **facts: str) -> None:
        super().__init__(f"{slug}: {facts}")
        self.slug = slug
        self.facts = facts


class Manifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A panel, declared."""

    api: int
    """The version of this interface that the panel was written for."""
    id: PanelId
    """Names the panel in layouts, settings and logs; lower case, unique."""
    title: str | dict[str, str]
    """A text key, or the title itself by language: {zh_CN = "…", en_US = "…"}."""
    icon: Icon
    """Name of an icon in resources/icons, without .svg."""
    roles: tuple[Role, ...]
    """Who may open it; empty means everyone."""
    order: int
    """Its place in the rail, smallest first; also its Ctrl+digit."""
    kinds: tuple[Kind, ...] = ()
    """Kinds of record that it can show: a record chosen in the palette opens here."""
    subjects: tuple[Scheme, ...] = ()
    """Schemes of subject that it finds: a plate, camera or place opened from another panel."""
    view_clock: ClockUse = ClockUse.LIVE
    """Whether it goes to the past with the window's view clock: live, follows, asked."""
    stands: dict[Role, Stand] = {}
    """Where it stands in the workspace of a role; behind the others where it says nothing."""
    entry: Entry
    """`module:function` inside the panel's folder; the function takes a PanelContext and returns a
    QWidget."""
    manual: str | None = None
    """Its place in the manual, `chapter#heading`: what Shift+F1 opens. Without one the index is."""
    short: str | None = None
    """Text key of a name of two to four characters for the rail; without it the title is shown."""


def read_manifest(path: Path) -> Manifest:
    """Read and check a manifest. Raises ManifestError."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ManifestError("unreadable", detail=error.strerror or str(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ManifestError("syntax", detail=str(error)) from error
    return check_manifest(table)


def check_manifest(table: dict[str, object]) -> Manifest:
    """The typed manifest. Raises ManifestError that names the first missing, unknown or wrong
    field."""
    required = {field.name for field in msgspec.structs.fields(Manifest) if field.required}
    missing = sorted(required - table.keys())
    if missing:
        raise ManifestError("missing", field=missing[0])
    if table["api"] != API:
        raise ManifestError("api", wanted=str(table["api"]), given=str(API))
    unknown = sorted(table.keys() - set(Manifest.__struct_fields__))
    if unknown:
        raise ManifestError("unknown", field=unknown[0])
    try:
        manifest = msgspec.convert(table, Manifest, strict=True)
    except msgspec.ValidationError as error:
        raise ManifestError("wrong", detail=str(error)) from error
    if isinstance(manifest.title, dict) and not set(LANGUAGES) <= manifest.title.keys():
        raise ManifestError("missing", field=f"title.{_first_missing(manifest.title)}")
    return manifest


def _first_missing(title: dict[str, str]) -> str:
    return next(language for language in LANGUAGES if language not in title)
