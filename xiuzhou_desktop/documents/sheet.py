"""A document before it is paper: its words in their order, and nothing about fonts."""

from datetime import date

import msgspec


class Paragraph(msgspec.Struct, frozen=True, kw_only=True):
    """One paragraph. `mark` names what the reviewer looks for in it; flush ones stand without
    indent.
    """

    text: str
    is_flush: bool = False
    mark: str | None = None


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One document. `watermark` stands across every page: 草稿, 演示."""

    issuer: str
    title: str
    number: str
    paragraphs: tuple[Paragraph, ...]
    dated: date | None
    watermark: str | None = None
