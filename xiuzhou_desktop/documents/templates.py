"""Templates of documents (resources/documents/*.toml): paragraphs with named places, and what each
paragraph depends on.
"""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from xiuzhou_desktop.documents.sheet import Paragraph

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "documents"


class TemplateParagraph(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`when` names a value that must not be empty for the paragraph to stand."""

    text: str
    when: str | None = None
    is_flush: bool = False
    mark: str | None = None


class Template(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of document."""

    title: str
    paragraph: tuple[TemplateParagraph, ...]

    def fill(self, values: Mapping[str, str]) -> tuple[Paragraph, ...]:
        """The paragraphs that stand, with the values in their places."""
        return tuple(
            Paragraph(text=one.text.format(**values), is_flush=one.is_flush, mark=one.mark)
            for one in self.paragraph
            if one.when is None or values[one.when]
        )


@lru_cache
def template(name: str) -> Template:
    """The template of that name. Raises FileNotFoundError, msgspec.ValidationError."""
    content = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(content), Template)
