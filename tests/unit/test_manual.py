"""The manual is whole: chapters, links, headings, pictures, and the commands that it names."""

import re
import shlex
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

import pytest

from ui.manual.pages import FOLDER, INDEX, chapters, page_of, place_of, write_manual
from xiuzhou_desktop.backend.cli import parser
from xiuzhou_desktop.plugin_api.discovery import find_panels

HREF = re.compile(r'href="([^"]+)"')
SOURCE = re.compile(r'src="([^"]+)"')
ID = re.compile(r'id="([^"]+)"')
COMMANDS = re.compile(r"```sh\n(.*?)```", re.DOTALL)
HEAVIEST_PICTURE = 300_000
MOST_PICTURES = 19
PLUGINS = FOLDER.parents[1] / "plugins"
PAGES = {name: page_of(name) for name in chapters()}


def test_the_index_leads_to_every_chapter() -> None:
    named = {href.partition("#")[0] for href in HREF.findall(PAGES[INDEX])}
    assert named == {f"{name}.html" for name in chapters()} - {f"{INDEX}.html"}


@pytest.mark.parametrize("chapter", chapters())
def test_every_link_of_a_chapter_ends_at_a_heading(chapter: str) -> None:
    for href in HREF.findall(PAGES[chapter]):
        page, _, heading = unquote(href).partition("#")
        assert page.removesuffix(".html") in PAGES, href
        assert not heading or heading in ID.findall(PAGES[page.removesuffix(".html")]), href


def test_every_panel_has_its_place() -> None:
    for found in find_panels((PLUGINS,)):
        assert found.manifest is not None
        assert found.manifest.manual, f"{found.id} names no place in the manual"
        chapter, heading = place_of(found.manifest.manual)
        assert f"{chapter}#{heading}" == found.manifest.manual
        assert heading in ID.findall(PAGES[chapter]), found.manifest.manual


def test_a_panel_without_a_chapter_has_the_index() -> None:
    assert place_of(None) == (INDEX, "")
    assert place_of("lamps#faults") == (INDEX, "")


def test_pictures_are_there_light_and_used() -> None:
    shown = set(chain.from_iterable(SOURCE.findall(page) for page in PAGES.values()))
    there = {f"pictures/{path.name}" for path in (FOLDER / "pictures").glob("*.png")}
    assert shown == there
    assert len(there) <= MOST_PICTURES
    assert max((FOLDER / one).stat().st_size for one in there) < HEAVIEST_PICTURE


def test_every_command_of_the_backend_is_understood() -> None:
    text = (FOLDER / "administration.md").read_text(encoding="utf-8")
    lines = [line for block in COMMANDS.findall(text) for line in block.splitlines()]
    ours = [line.partition("xiuzhou-backend ")[2] for line in lines if "xiuzhou-backend " in line]
    ours = [line for line in ours if line and not line.startswith(".")]
    assert len(ours) >= 8
    for line in ours:
        parser._parser().parse_args(shlex.split(line))  # noqa: SLF001 - parsed, not run


def test_the_package_gets_whole_pages(tmp_path: Path) -> None:
    write_manual(FOLDER, tmp_path / "manual")
    for name in chapters():
        text = (tmp_path / "manual" / f"{name}.html").read_text(encoding="utf-8")
        assert text.startswith("<!DOCTYPE html>")
        for source in SOURCE.findall(text):
            assert (tmp_path / "manual" / source).exists()
