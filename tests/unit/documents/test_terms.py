"""docs/terms.md is what the tables and the catalogues say; the glossary knows every kind."""

from pathlib import Path

from xiuzhou_desktop.documents.terms import page
from xiuzhou_desktop.domain.kinds import SPECS
from xiuzhou_desktop.text.catalogue import Catalogue

DOCS = Path(__file__).resolve().parents[3] / "docs"


def test_the_page_of_terms_is_current() -> None:
    written = (DOCS / "terms.md").read_text("utf-8")
    assert written == page(), "run: python -m xiuzhou_desktop.documents.terms > docs/terms.md"


def test_the_glossary_explains_every_kind_by_the_word_on_screen() -> None:
    text, glossary = Catalogue("zh_CN"), (DOCS / "glossary.md").read_text("utf-8")
    words = [text(f"kind.{spec.kind.value}") for spec in SPECS]
    assert [word for word in words if word not in glossary] == []
