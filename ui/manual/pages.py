"""Chapters of docs/manual as HTML: one renderer for the window and for the package.

    docs/manual/duty.md ──page_of("duty")──► HTML: a heading's id is its text, *.md links are *.html
                        ──write_manual()───► whole files with their pictures, for any browser

A place in the manual is written `chapter#heading`, in manifests as in links: `duty#待办队列`.
"""

import html
import re
import shutil
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ui.theme.page_css import page_css
from ui.theme.tokens import TOKENS, ThemeName

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "manual"
PICTURES = "pictures"
INDEX = "index"
NOT_IN_IDS = re.compile(r"[^\w\s-]")
WHOLE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<style>{css}</style></head><body>
{body}</body></html>
"""


def chapters(folder: Path = FOLDER) -> tuple[str, ...]:
    """Names of all chapters."""
    return tuple(sorted(path.stem for path in folder.glob("*.md")))


def place_of(manual: str | None) -> tuple[str, str]:
    """Chapter and heading of `chapter#heading`; the index where nothing, or nothing here, is
    named."""
    chapter, _, heading = (manual or INDEX).partition("#")
    return (chapter, heading) if (FOLDER / f"{chapter}.md").exists() else (INDEX, "")


def heading_id(words: str) -> str:
    """How links and manifests name a heading: as a code host does, so that links work there too."""
    return NOT_IN_IDS.sub("", words).strip().lower().replace(" ", "-")


def page_of(chapter: str, folder: Path = FOLDER) -> str:
    """A chapter's body. Raises OSError where there is none."""
    tokens = _parser().parse((folder / f"{chapter}.md").read_text(encoding="utf-8"))
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", heading_id(tokens[at + 1].content))
        for child in token.children or ():
            _point_at_pages(child)
            if child.type == "softbreak":
                child.type = "text"  # a line's end in the source; Chinese has no space there
    return str(_parser().renderer.render(tokens, _parser().options, {}))


def write_manual(source: Path, folder: Path) -> None:
    """Every chapter of a folder as a file of its own in another, with the pictures."""
    folder.mkdir(parents=True)
    for chapter in chapters(source):
        body = page_of(chapter, source)
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", body)
        title = heading[1] if heading else html.escape(chapter)
        css = page_css(TOKENS[ThemeName.LIGHT])
        whole = WHOLE.format(title=title, css=css, body=body)
        (folder / f"{chapter}.html").write_text(whole, encoding="utf-8")
    shutil.copytree(source / PICTURES, folder / PICTURES)


@lru_cache(maxsize=1)
def _parser() -> "MarkdownIt":
    # a window's start is measured, and the manual is opened rarely
    from markdown_it import MarkdownIt  # noqa: PLC0415

    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _point_at_pages(token: "Token") -> None:
    target = str(token.attrGet("href") or "")
    page, mark, heading = target.partition("#")
    if page.endswith(".md") and "/" not in page:
        token.attrSet("href", f"{page.removesuffix('.md')}.html{mark}{heading}")
