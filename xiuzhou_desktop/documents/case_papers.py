"""The papers of a penalty case: notice 行政处罚事先告知书 and decision 行政处罚决定书, with what
the file holds at that moment.

What the file lacks stands as 〔待填〕, so that a preview shows the gap where it will be read.
"""

from collections.abc import Mapping
from datetime import date

import msgspec

from xiuzhou_desktop.documents.sheet import Sheet
from xiuzhou_desktop.documents.templates import template
from xiuzhou_desktop.domain.case_body import CaseBody, DocumentKind, Penalty, PenaltyKind
from xiuzhou_desktop.domain.case_rules import is_hearing_grade
from xiuzhou_desktop.domain.case_steps import document_number
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.money import yuan, yuan_in_capitals
from xiuzhou_desktop.domain.policy import Policy

ISSUER = "嘉兴市秀洲区综合行政执法局"
TO_FILL = "〔待填〕"
DRAFT, DEMONSTRATION = "草稿", "演示"
PENALTY_WORDS = {
    PenaltyKind.WARNING: "警告", PenaltyKind.FINE: "罚款", PenaltyKind.CONFISCATION: "没收",
    PenaltyKind.SUSPENSION: "责令停产停业", PenaltyKind.REVOCATION: "吊销许可证件",
}  # fmt: skip
DIGITS = "零一二三四五六七八九十"


class PaperFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a paper says beyond the case's own record: names of its officers, of its proof."""

    officers: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()
    is_demonstration: bool = False


def case_paper(kind: DocumentKind, case: Record, facts: PaperFacts, policy: Policy) -> Sheet:
    """The paper as issued, or as it would be issued now (then marked 草稿)."""
    body = case.body
    if not isinstance(body, CaseBody):
        raise TypeError(f"{case.kind} has no papers")
    issued = next((one for one in reversed(body.documents) if one.kind is kind), None)
    form = template(kind.value)
    number = issued.number if issued else document_number(kind, case.number)
    return Sheet(
        issuer=ISSUER, title=form.title, number=number,
        paragraphs=form.fill(_values(body, facts, policy)),
        dated=issued.dated if issued else None,
        watermark=DEMONSTRATION if facts.is_demonstration else None if issued else DRAFT,
    )  # fmt: skip


def penalty_words(penalty: Penalty | None) -> str:
    """罚款人民币壹仟元整(¥1,000.00)."""
    if penalty is None:
        return TO_FILL
    words = PENALTY_WORDS[penalty.kind]
    if penalty.fine_fen:
        words = f"罚款人民币{yuan_in_capitals(penalty.fine_fen)}（¥{yuan(penalty.fine_fen)}）"
    return f"{words}、{penalty.text}" if penalty.text else words


def chinese_day(day: date | None) -> str:
    """2026年11月23日."""
    return f"{day.year}年{day.month}月{day.day}日" if day else TO_FILL


def _values(body: CaseBody, facts: PaperFacts, policy: Policy) -> Mapping[str, str]:
    penalty = body.penalty or body.notified or body.proposed
    told = body.hearing_told or is_hearing_grade(body.proposed, body.party_type, policy)
    return {
        "party": body.party_name or TO_FILL, "uscc": body.party_uscc or "",
        "masked_id": body.party_masked_id or "", "facts": _sentence(body.facts),
        "basis": body.basis or TO_FILL, "penalty": penalty_words(penalty),
        "proofs": "、".join(facts.proofs), "officers": "、".join(facts.officers) or TO_FILL,
        "notice_on": chinese_day(body.notice_on), "statement": _statement(body),
        "fine": "1" if penalty is not None and penalty.fine_fen else "",
        "hearing": "1" if told else "",
        "statement_workdays": _count(policy.statement_workdays),
        "hearing_workdays": _count(policy.hearing_request_workdays),
    }  # fmt: skip


def _statement(body: CaseBody) -> str:
    if body.statement is not None:
        taken = "予以采纳" if body.statement.is_accepted else "不予采纳"
        return f"你（单位）提出了陈述、申辩意见，经复核，本机关{taken}：{body.statement.answer}"
    if body.waived_on is not None:
        return f"你（单位）于{chinese_day(body.waived_on)}书面放弃陈述、申辩。"
    return "你（单位）在规定期限内未提出陈述、申辩。"


def _sentence(words: str) -> str:
    text = words.strip() or TO_FILL
    return text if text.endswith("。") else f"{text}。"


def _count(number: int) -> str:
    return DIGITS[number] if number < len(DIGITS) else str(number)
