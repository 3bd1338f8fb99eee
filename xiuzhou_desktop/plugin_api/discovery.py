"""Finds panels without importing them, and imports one when it is first shown.

plugins/<name>/manifest.toml            with the product
<profiles>/plugins/<name>/manifest.toml a third party's, dropped in
entry points `xiuzhou_desktop.panels`   a third party's, installed: the value names a package that
holds manifest.toml
                │
          find_panels ──► Found: a manifest, or what is wrong with it; it never raises
                │
          load_entry  ──► create_panel; raises EntryError, which the panel's error card shows
"""

import importlib
import importlib.metadata
import importlib.util
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType

from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.plugin_api.manifest import (
    MANIFEST_NAME,
    Manifest,
    ManifestError,
    read_manifest,
)

ENTRY_POINTS = "xiuzhou_desktop.panels"
DROPPED_IN = "xiuzhou_dropped_in"  # package under which panels of the user's folder are imported

CreatePanel = Callable[[object], object]


class EntryError(Exception):
    """The panel's code cannot be used: its entry is missing or its import failed."""


class Found(Struct, frozen=True, kw_only=True):
    """A panel's folder with its manifest, or with the error that stands in its place."""

    name: str
    folder: Path
    package: str
    manifest: Manifest | None = None
    error: ManifestError | None = None

    @property
    def id(self) -> str:
        """The panel's own id, or its folder's name where it has none that can be read."""
        return self.manifest.id if self.manifest else self.name


def find_panels(folders: Iterable[Path]) -> tuple[Found, ...]:
    """Every panel there is, in the order of the rail; of two with one id the first found is
    kept."""
    found = [_read(folder, package) for folder, package in _places(folders)]
    kept: dict[str, Found] = {}
    for one in found:
        kept.setdefault(one.id, one)
    last = max((one.manifest.order for one in kept.values() if one.manifest), default=0) + 1
    return tuple(
        sorted(
            kept.values(), key=lambda one: (one.manifest.order if one.manifest else last, one.id)
        )
    )


def load_entry(found: Found) -> CreatePanel:
    """Import the panel's code and return its function. Raises EntryError, or whatever its module
    raises."""
    if found.manifest is None:
        raise EntryError("no manifest")
    module_name, _, function_name = found.manifest.entry.partition(":")
    module = _import(found, module_name)
    function = getattr(module, function_name, None)
    if not callable(function):
        raise EntryError(f"{module_name} has no function {function_name}")
    return function  # type: ignore[no-any-return]  # whatever the manifest names


def forget_code(found: Found) -> None:
    """Drop the imported modules of a panel, so that a retry sees its files as they are now."""
    for name in [*sys.modules]:
        if name == found.package or name.startswith(f"{found.package}."):
            del sys.modules[name]


def _places(folders: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    for folder in folders:
        is_ours = (folder / "__init__.py").exists()
        for manifest in sorted(folder.glob(f"*/{MANIFEST_NAME}")):
            own = manifest.parent
            root = folder.name if is_ours else DROPPED_IN
            yield own, f"{root}.{own.name}"
    for point in importlib.metadata.entry_points(group=ENTRY_POINTS):
        spec = importlib.util.find_spec(point.value.partition(":")[0])
        for place in (spec.submodule_search_locations or ()) if spec else ():
            yield Path(place), point.value.partition(":")[0]


def _read(folder: Path, package: str) -> Found:
    try:
        manifest = read_manifest(folder / MANIFEST_NAME)
    except ManifestError as error:
        return Found(name=folder.name, folder=folder, package=package, error=error)
    return Found(name=folder.name, folder=folder, package=package, manifest=manifest)


def _import(found: Found, module_name: str) -> ModuleType:
    if found.package.startswith(f"{DROPPED_IN}."):
        _make_package(DROPPED_IN, None)
        _make_package(found.package, found.folder)
    try:
        return importlib.import_module(f"{found.package}.{module_name}")
    except ModuleNotFoundError as error:
        if error.name != f"{found.package}.{module_name}":
            raise
        raise EntryError(f"no module {module_name} in {found.folder.name}") from error


def _make_package(name: str, folder: Path | None) -> None:
    if name in sys.modules:
        return
    package = ModuleType(name)
    package.__path__ = [str(folder)] if folder else []
    sys.modules[name] = package
