"""Masking by rules, and the scan that trusts none of them (domain.md §3.4)."""

import pytest

from xiuzhou_desktop.domain.redaction import Hidden, MaskRule, as_published, leaks, masks_in

WANG = Hidden(person="王建国")
DECISION = (
    "当事人王建国,身份证号33041119850312001X,住新塍镇虹桥路42号1幢302室,电话13857340021。"
    "其驾驶的浙F·7K351号车占用人行道,账号6222021234567890123。证人刘芳可以证明。"
)


def published(text: str, hidden: Hidden = WANG) -> str:
    return as_published(text, masks_in(text, hidden))


def test_every_rule_of_the_source_hides_its_passage() -> None:
    masks = masks_in(DECISION, WANG)
    assert {one.rule for one in masks} == set(MaskRule) - {MaskRule.BY_HAND}
    assert published(DECISION) == (
        "当事人王某,身份证号不公示,住新塍镇虹桥路,电话不公示。"
        "其驾驶的浙F·**3*1号车占用人行道,账号不公示。证人不公示可以证明。"
    )


def test_masks_stand_in_the_order_of_the_text_and_do_not_overlap() -> None:
    masks = masks_in(DECISION, WANG)
    assert all(one.end <= two.start for one, two in zip(masks, masks[1:], strict=False))


def test_an_organisations_name_stays() -> None:
    text = "嘉兴恒通土方工程有限公司未密闭运输"
    assert published(text, Hidden()) == text


def test_numbers_that_are_nobodys_stay() -> None:
    text = "于2026年10月30日16时,罚款人民币叁佰元整(¥300.00),依据第十七条"
    assert published(text) == text
    assert leaks(text, WANG) == {}


def test_what_the_masks_left_holds_nothing_for_the_second_scan() -> None:
    assert leaks(DECISION, WANG)
    assert leaks(published(DECISION), WANG) == {}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("电话1 3 8-5734•0021", MaskRule.MOBILE),
        ("号牌浙F/7K351", MaskRule.PLATE),
        ("身份证330411—19850312—001X", MaskRule.RESIDENT_ID),
        ("姓名王 建 国", MaskRule.PARTY_NAME),
        ("卡号6222_0212_3456_7890_123", MaskRule.ACCOUNT),
    ],
)
def test_the_second_scan_finds_what_the_rules_do_not_know(text: str, rule: MaskRule) -> None:
    assert rule in leaks(published(text), WANG)


def test_a_passage_hidden_by_hand_is_hidden_wherever_it_stands() -> None:
    by_hand = Hidden(person="王建国", by_hand=("果然鲜水果店",))
    text = "王建国经营的果然鲜水果店超出门窗,果然鲜水果店已责令改正"
    assert published(text, by_hand) == "王某经营的不公示超出门窗,不公示已责令改正"


def test_two_decisions_that_differ_in_the_name_alone_differ_in_nothing_published() -> None:
    """The differential pair: comparing a masked copy with another reveals no hidden word."""
    other = DECISION.replace("王建国", "王小明").replace("刘芳", "陈军")
    assert published(DECISION) == published(other, Hidden(person="王小明"))
