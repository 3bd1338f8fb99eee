"""What of a decision may be read by everybody (domain.md §3.4): rules that mask a text, and a scan
that trusts none of them.

    original text ─masks_in─► numbered masks ─as_published─► public text ─leaks─► must be empty

The first pass knows the text's usual form. The second reads the result as somebody would who looks
for a person in it: without blanks, dots and dashes, in half width. What the first pass missed, the
second finds, and a finding blocks the publication until a person has masked it by hand.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

from .envelope import Struct
from .plate import PATTERN as PLATE
from .plate import mask_plate

HIDDEN = "不公示"  # stands in the published document, so it is no text of the interface
SOME = "某"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_GAP = r"[\s·.\-]?"  # digits are written in groups
_HAN = r"[\u4e00-\u9fa5]"


class MaskRule(StrEnum):
    """Why a passage is hidden; the order is the order in which the rules are tried."""

    BY_HAND = "by_hand"
    PARTY_NAME = "party_name"
    RESIDENT_ID = "resident_id"
    ACCOUNT = "account"
    MOBILE = "mobile"
    PLATE = "plate"
    ADDRESS = "address"
    OTHER_NAME = "other_name"


class Mask(Struct, frozen=True, kw_only=True):
    """One hidden passage: characters `start` to `end` of the original, and what stands instead."""

    rule: MaskRule
    start: int
    end: int
    shown: str


class Hidden(Struct, frozen=True, kw_only=True):
    """What is to be hidden beyond the patterns: the name of a natural person, passages chosen by
    hand. `person` is None where the party is an organisation, whose name is public.
    """

    person: str | None = None
    by_hand: tuple[str, ...] = ()


_PATTERNS: Mapping[MaskRule, re.Pattern[str]] = {  # a group, where there is one, is the passage
    MaskRule.RESIDENT_ID: re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{16}}{_GAP}[\dXx](?!\d)"),
    MaskRule.ACCOUNT: re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{15,18}}(?!\d)"),
    MaskRule.MOBILE: re.compile(rf"(?<!\d)1[3-9](?:{_GAP}\d){{9}}(?!\d)"),
    MaskRule.PLATE: re.compile(
        rf"[{PROVINCES}][A-HJ-NP-Z][·\s]?[A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳领]"
    ),
    MaskRule.ADDRESS: re.compile(
        r"(?<=[路街道巷弄村])\s?\d+(?:-\d+)?\s?号"
        r"(?:\s?\d+\s?[幢栋座])?(?:\s?\d+\s?单元)?(?:\s?\d+\s?室)?"
    ),
    MaskRule.OTHER_NAME: re.compile(
        rf"(?:证人|见证人|邻居|联系人|经办人|店员|司机)({_HAN}{{2,3}}?)(?=[可证称述反，。,、；]|$)"
    ),
}
_SHOWN: Mapping[MaskRule, Callable[[str], str]] = {  # any other rule leaves HIDDEN
    MaskRule.PARTY_NAME: lambda name: name[:1] + SOME,
    MaskRule.PLATE: mask_plate,
    MaskRule.ADDRESS: lambda _number: "",
}


def masks_in(text: str, hidden: Hidden) -> tuple[Mask, ...]:
    """The passages to hide, in the order of the text; of two that overlap the earlier rule's."""
    taken: list[Mask] = []
    for rule in MaskRule:
        for start, end in _found(rule, text, hidden):
            if all(end <= one.start or start >= one.end for one in taken):
                shown = _SHOWN.get(rule, _nothing)(text[start:end])
                taken.append(Mask(rule=rule, start=start, end=end, shown=shown))
    return tuple(sorted(taken, key=lambda one: one.start))


def as_published(text: str, masks: Iterable[Mask]) -> str:
    """The text with every mask in place: the hidden passage is gone, not covered."""
    parts, at = [], 0
    for mask in masks:
        parts += [text[at : mask.start], mask.shown]
        at = mask.end
    return "".join((*parts, text[at:]))


def leaks(text: str, hidden: Hidden) -> Mapping[MaskRule, int]:
    """What a reader could still find in a text that is to be published; empty: it may go out."""
    bare = _bare(text)
    counts = {rule: len(pattern.findall(bare)) for rule, pattern in _SCANS.items()}
    counts[MaskRule.PLATE] = sum(
        PLATE.fullmatch(bare[at : at + size]) is not None
        for at in range(len(bare))
        if bare[at] in PROVINCES
        for size in (7, 8)
    )
    counts[MaskRule.PARTY_NAME] = bare.count(_bare(hidden.person)) if hidden.person else 0
    counts[MaskRule.BY_HAND] = sum(_bare(passage) in bare for passage in hidden.by_hand)
    return {rule: count for rule, count in counts.items() if count}


_SCANS: Mapping[MaskRule, re.Pattern[str]] = {
    MaskRule.RESIDENT_ID: re.compile(r"[1-9]\d{16}[0-9X]"),
    MaskRule.ACCOUNT: re.compile(r"\d{16,19}"),
    MaskRule.MOBILE: re.compile(r"1[3-9]\d{9}"),
}


def _found(rule: MaskRule, text: str, hidden: Hidden) -> list[tuple[int, int]]:
    pattern = _PATTERNS.get(rule)
    if pattern is not None:
        return [match.span(pattern.groups) for match in pattern.finditer(text)]
    wanted = {
        MaskRule.BY_HAND: hidden.by_hand,
        MaskRule.PARTY_NAME: (hidden.person,) if hidden.person else (),
    }[rule]
    return [
        match.span() for passage in wanted if passage
        for match in re.finditer(re.escape(passage), text)
    ]  # fmt: skip


def _nothing(_passage: str) -> str:
    return HIDDEN


def _bare(text: str) -> str:
    """Half width, upper case, letters and digits only."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(char for char in plain if char.isalnum())
