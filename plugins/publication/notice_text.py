"""A decision as two documents: the original with its numbered masks, and what the public will read.

Both are made of the same fields (domain.publication_body.PublicNotice): what has no field is in
neither, so nothing is published that is not shown here.
"""

from enum import StrEnum

from xiuzhou_desktop.domain.case_body import CaseBody
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.money import yuan
from xiuzhou_desktop.domain.publication_body import MASKED_FIELDS, masks_of, original
from xiuzhou_desktop.domain.redaction import Mask
from xiuzhou_desktop.plugin_api.context import Text


class Side(StrEnum):
    """Which of the two."""

    ORIGINAL = "original"
    PUBLISHED = "published"


class Segment(Struct, frozen=True):
    """A run of words; `mask` numbers the passage that is hidden, from 1."""

    words: str
    mask: int | None = None


class Place(StrEnum):
    """How a paragraph stands."""

    TITLE = "title"
    BODY = "body"
    RIGHT = "right"


class Paragraph(Struct, frozen=True, kw_only=True):
    """One paragraph of the document."""

    segments: tuple[Segment, ...]
    place: Place = Place.BODY


class NumberedMask(Struct, frozen=True, kw_only=True):
    """A mask with the number that both documents show, and the passage that it hides."""

    number: int
    field: str
    passage: str
    mask: Mask


def numbered_masks(case: CaseBody, by_hand: tuple[str, ...]) -> tuple[NumberedMask, ...]:
    """All masks of the decision in the order in which they stand in the document."""
    words, masks = original(case), masks_of(case, by_hand)
    found: list[NumberedMask] = []
    for field in MASKED_FIELDS:
        for mask in masks[field]:
            passage = getattr(words, field)[mask.start : mask.end]
            found.append(
                NumberedMask(number=len(found) + 1, field=field, passage=passage, mask=mask)
            )
    return tuple(found)


def document(
    case: CaseBody, masks: tuple[NumberedMask, ...], side: Side, text: Text
) -> tuple[Paragraph, ...]:
    """The paragraphs of one side."""
    words = original(case)
    fields = {
        field: _segments(
            getattr(words, field), tuple(one for one in masks if one.field == field), side
        )
        for field in MASKED_FIELDS
    }
    fine = yuan(words.fine_fen) if words.fine_fen else None
    penalty = text(f"option.PenaltyKind.{words.penalty.value}")
    decision = text("publication.sheet.fine", penalty=penalty, yuan=fine) if fine else penalty
    return (
        _plain(text("publication.sheet.title"), Place.TITLE),
        _plain(words.decision_no, Place.RIGHT),
        _labelled(text, "party", fields["party"]),
        *((_labelled(text, "uscc", (Segment(words.uscc),)),) if words.uscc else ()),
        _labelled(text, "facts", fields["facts"]),
        _labelled(text, "basis", fields["basis"]),
        _labelled(text, "decision", (Segment(decision), *fields["penalty_text"])),
        _plain(f"{words.decided_on:%Y-%m-%d}", Place.RIGHT),
    )


def _segments(words: str, masks: tuple[NumberedMask, ...], side: Side) -> tuple[Segment, ...]:
    parts, at = [], 0
    for one in masks:
        parts.append(Segment(words[at : one.mask.start]))
        passage = one.passage if side is Side.ORIGINAL else one.mask.shown
        parts.append(Segment(passage, one.number))
        at = one.mask.end
    return tuple(one for one in (*parts, Segment(words[at:])) if one.words or one.mask)


def _labelled(text: Text, name: str, segments: tuple[Segment, ...]) -> Paragraph:
    label = Segment(text(f"publication.sheet.{name}"))
    return Paragraph(segments=(label, *segments))


def _plain(words: str, place: Place) -> Paragraph:
    return Paragraph(segments=(Segment(words),), place=place)
