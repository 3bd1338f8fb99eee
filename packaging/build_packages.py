"""`make package`: three Debian packages of this checkout, in build/packages.

    requirements.lock ─part─► wheels, by hash ─► opt/xiuzhou-desktop/lib ┐
    the last commit ───────────────────────────► opt/xiuzhou-desktop/app ├─ dpkg-deb ─► *.deb
    packaging/debian/<package> ────────────────► control, usr, etc       ┘

    xiuzhou-runtime   environment and code that need no screen, and the command-line twin
    xiuzhou-desktop   Qt, window, panels, manual        ┐ each depends on exactly
    xiuzhou-backend   the district's service (systemd)  ┘ that runtime

Three and not two: the desktop's demonstration starts the backend, and a server must not need Qt.
Sharing one environment ships each file once, and versions cannot part.

Any user may run it; it asks nothing of the target but Debian's own Python of the same version.
Times are those of the last commit (or SOURCE_DATE_EPOCH), so that the same tree gives the same
packages.
"""

import argparse
import compileall
import os
import py_compile
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from debian_files import finish
from locked import declared, needed_by, part_of_lock

from ui.manual.pages import write_manual

ROOT = Path(__file__).resolve().parents[1]
RECIPES = ROOT / "packaging" / "debian"
PREFIX = Path("opt/xiuzhou-desktop")
PYTHON = f"python3.{sys.version_info.minor}"
SITE = PREFIX / "lib" / PYTHON / "site-packages"
DESKTOP_ONLY = ("pyside6-essentials", "pyside6-qtads", "qasync")

# What wheels bring for developers: programs and modules that nothing of ours loads.
LEFT_OUT = (
    "bin", "PySide6/*.pyi", "PySide6/Qt/qml", "PySide6/Qt/metatypes", "PySide6/include",
    "PySide6/glue", "PySide6/doc", "PySide6/typesystems", "PySide6/scripts", "PySide6/assistant",
    "PySide6/designer", "PySide6/linguist", "PySide6/lrelease", "PySide6/lupdate",
    "PySide6/qml*", "PySide6/balsam*", "PySide6/svgtoqml", "PySide6/Qt/libexec",
    "PySide6/Qt/lib/libQt6Designer*", "PySide6/Qt/plugins/designer", "PySide6/QtDesigner*",
    "PySide6/Qt/plugins/sqldrivers",
    "numpy/**/tests", "sqlalchemy/testing",
)  # fmt: skip


@dataclass(frozen=True)
class Package:
    """One package: what it takes of the checkout and of the lock, and what people read of it."""

    name: str
    tree: tuple[str, ...] = ()
    wheels: frozenset[str] = frozenset()
    documents: tuple[str, ...] = ()


def packages() -> tuple[Package, ...]:
    """All three; the desktop ships what only the screen needs."""
    roots = declared(ROOT / "pyproject.toml", ("server",))
    everything = needed_by(roots)
    screenless = needed_by(one for one in roots if one.name.lower() not in DESKTOP_ONLY)
    runtime_tree = ("xiuzhou_desktop", "resources", "LICENSE")
    desktop_tree = ("main.py", "ui", "plugins", "docs/manual")
    return (
        Package("xiuzhou-runtime", runtime_tree, screenless),
        Package("xiuzhou-desktop", desktop_tree, everything - screenless),
        Package("xiuzhou-backend", documents=("docs/operations.md",)),
    )


def main() -> int:
    """Build them all; the last lines name what was made."""
    parser = argparse.ArgumentParser(description="Debian packages of this checkout.")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "packages")
    parser.add_argument("--stage", type=Path, default=ROOT / "build" / "package-stage")
    asked = parser.parse_args()
    os.environ.setdefault("SOURCE_DATE_EPOCH", _said("git", "log", "-1", "--format=%ct"))
    facts = _facts()
    shutil.rmtree(asked.stage, ignore_errors=True)
    shutil.rmtree(asked.out, ignore_errors=True)
    asked.out.mkdir(parents=True)
    for package in packages():
        stage = asked.stage / package.name
        _fill(package, stage)
        finish(stage, RECIPES, facts)
        made = asked.out / f"{package.name}_{facts['version']}_{facts['arch']}.deb"
        _run("dpkg-deb", "--root-owner-group", "-Zxz", "-z1", "--build", str(stage), str(made))
        print(f"{made.name}  {made.stat().st_size / 1e6:.1f} MB", flush=True)
    return 0


def _facts() -> dict[str, str]:
    """What the control files leave open."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    minor = sys.version_info.minor
    return {
        "version": project["version"],
        "arch": _said("dpkg", "--print-architecture"),
        "epoch": os.environ["SOURCE_DATE_EPOCH"],
        "python": f"python3 (>= 3.{minor}), python3 (<< 3.{minor + 1})",
    }


def _fill(package: Package, stage: Path) -> None:
    own = RECIPES / package.name / "root"
    if own.exists():
        shutil.copytree(own, stage, symlinks=True)
    (stage / "DEBIAN").mkdir(parents=True)
    documents = stage / "usr/share/doc" / package.name
    _commit(package.tree, stage / PREFIX / "app")
    _commit(package.documents, documents, strip=1)
    if package.wheels:
        _install(package.wheels, stage / SITE)
    if package.name == "xiuzhou-runtime":
        _make_environment(stage)
    if "docs/manual" in package.tree:
        write_manual(stage / PREFIX / "app/docs/manual", documents / "manual")
    if (stage / PREFIX).exists():
        _compile(stage)


def _commit(paths: tuple[str, ...], target: Path, strip: int = 0) -> None:
    """Put files of the last commit below a folder."""
    if paths:
        target.mkdir(parents=True, exist_ok=True)
        packed = subprocess.run(
            ("git", "archive", "HEAD", *paths), cwd=ROOT, check=True, stdout=subprocess.PIPE
        )
        unpack = ("tar", "-x", f"--strip-components={strip}", "-C", str(target))
        subprocess.run(unpack, input=packed.stdout, check=True)


def _install(names: frozenset[str], site: Path) -> None:
    part = site.parent / "part.lock"
    site.mkdir(parents=True)
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    part.write_text(part_of_lock(lock, names), encoding="utf-8")
    _run(
        sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check",
        "--no-deps", "--no-compile", "--only-binary=:all:", "--require-hashes",
        "--target", str(site), "--requirement", str(part),
    )  # fmt: skip
    part.unlink()
    for pattern in LEFT_OUT:
        for path in site.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for record in site.glob("*.dist-info/direct_url.json"):
        record.unlink()


def _make_environment(stage: Path) -> None:
    """A virtual environment as `venv` makes it, of the target's own Python."""
    binaries = stage / PREFIX / "bin"
    binaries.mkdir(parents=True)
    (binaries / "python3").symlink_to(f"/usr/bin/{PYTHON}")
    (stage / PREFIX / "pyvenv.cfg").write_text(
        f"home = /usr/bin\ninclude-system-site-packages = false\nversion = {PYTHON[6:]}\n"
    )
    (stage / SITE / "xiuzhou.pth").write_text("../../../app\n")


def _compile(stage: Path) -> None:
    """Bytecode that trusts its source: nobody but dpkg writes there, and it is the same each
    time."""
    done = compileall.compile_dir(
        stage / PREFIX, maxlevels=30, quiet=2, stripdir=stage, prependdir="/",
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )  # fmt: skip
    if not done:
        raise SystemExit(f"{stage.name}: not all of it compiles")


def _said(*command: str) -> str:
    return subprocess.run(
        command, cwd=ROOT, check=True, text=True, capture_output=True
    ).stdout.strip()


def _run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main())
