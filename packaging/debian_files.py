"""What every Debian package of ours carries besides its contents: control, checksums, copyright,
changelog, and the modes that Debian expects.

A recipe's folder holds `control` (a template), `root` (files as they lie on the target), maintainer
scripts and `conffiles` as they are, and `lintian-overrides`, each line of it with its reason.
"""

import gzip
import hashlib
import shutil
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from string import Template

SCRIPTS = ("preinst", "postinst", "prerm", "postrm")
AS_IT_IS = (*SCRIPTS, "conffiles", "triggers")
PROGRAM_FOLDERS = ("usr/bin", "usr/sbin")


def finish(stage: Path, recipes: Path, facts: dict[str, str]) -> None:
    """Make a filled stage ready for dpkg-deb. `facts` are what the templates leave open."""
    recipe = recipes / stage.name
    _write_documents(stage, recipes, facts)
    _pack_man_pages(stage)
    _set_modes(stage)
    control = stage / "DEBIAN"
    for name in AS_IT_IS:
        if (recipe / name).exists():
            shutil.copyfile(recipe / name, control / name)
            (control / name).chmod(0o755 if name in SCRIPTS else 0o644)
    files = sorted(one for one in stage.rglob("*") if one.is_file() and not one.is_symlink())
    files = [one for one in files if control not in one.parents]
    size = sum(-(-one.stat().st_size // 1024) for one in files)
    filled = Template((recipe / "control").read_text(encoding="utf-8"))
    (control / "control").write_text(filled.substitute(facts, size=str(size)), encoding="utf-8")
    (control / "md5sums").write_text("".join(_sum_line(one, stage) for one in files))


def _write_documents(stage: Path, recipes: Path, facts: dict[str, str]) -> None:
    documents = stage / "usr" / "share" / "doc" / stage.name
    documents.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(recipes / "copyright", documents / "copyright")
    changelog = Template((recipes / "changelog").read_text(encoding="utf-8"))
    when = format_datetime(datetime.fromtimestamp(int(facts["epoch"]), UTC))
    said = changelog.substitute(facts, package=stage.name, when=when)
    packed = gzip.compress(said.encode(), 9, mtime=0)
    (documents / "changelog.gz").write_bytes(packed)
    overrides = recipes / stage.name / "lintian-overrides"
    if overrides.exists():
        folder = stage / "usr" / "share" / "lintian" / "overrides"
        folder.mkdir(parents=True)
        shutil.copyfile(overrides, folder / stage.name)


def _pack_man_pages(stage: Path) -> None:
    for page in stage.glob("usr/share/man/man*/*.[0-9]"):
        page.with_name(f"{page.name}.gz").write_bytes(gzip.compress(page.read_bytes(), 9, mtime=0))
        page.unlink()


def _set_modes(stage: Path) -> None:
    """0755 for folders and programs, 0644 for the rest, whatever umask the checkout had."""
    for path in stage.rglob("*"):
        if path.is_symlink():
            continue
        is_program = path.parent in [stage / one for one in PROGRAM_FOLDERS]
        path.chmod(0o755 if path.is_dir() or is_program else 0o644)


def _sum_line(path: Path, stage: Path) -> str:
    digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    return f"{digest}  {path.relative_to(stage)}\n"
