"""The triage panel's tables: every state has answers, every word is there in both languages."""

import re
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication

from plugins.triage.choices import _enum_of
from plugins.triage.deadline import FLAG_LIMITS
from plugins.triage.journey import AT
from plugins.triage.rows import SHORT_TYPES
from plugins.triage.sections import ENDED, JUST_HANDLED, ON_SITE, TO_CLOSE, TO_JUDGE, WAITING
from plugins.triage.verdicts import AWAY, ORDER_VERDICTS, VERDICTS, Asks, On, Verdict
from tests.ui.triage_parts import triage_text
from ui.theme.textrun import Ink, text_width
from ui.theme.type import Face, Weight
from xiuzhou_desktop.domain.categories import CATEGORIES, LimitUnit
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.flag_body import FlagState
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.order_body import OrderState
from xiuzhou_desktop.domain.workflow import Transition

FOLDER = Path(__file__).resolve().parents[2] / "plugins/triage"
DIGITS = 5
BUTTON_WORDS_PX = 108  # beside the digit, five buttons on a stage of 860
BY_KIND = {Kind.FLAG: VERDICTS, Kind.ORDER: ORDER_VERDICTS}
ALL = [
    (kind, state, verdict)
    for kind, table in BY_KIND.items()
    for state, verdicts in table.items()
    for verdict in verdicts
]
WORDS = sorted({verdict.text for _, _, verdict in ALL} | {verdict.text for verdict in AWAY})
ASKED = sorted({v.text for _, _, v in ALL if v.asks is Asks.CHOICE})


def whose(kind: Kind, verdict: Verdict) -> Kind:
    return Kind.TASK if verdict.on is On.TASK else kind


def row_of(kind: Kind, verdict: Verdict) -> Transition | None:
    return KINDS[whose(kind, verdict)].transition(verdict.transition)


def keys_in(language: str) -> set[str]:
    text = (FOLDER / f"triage.{language}.po").read_text(encoding="utf-8")
    return set(re.findall(r'^msgid "(.+)"$', text, re.MULTILINE))


def placeholders(language: str) -> dict[str, set[str]]:
    text = (FOLDER / f"triage.{language}.po").read_text(encoding="utf-8")
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', text, re.MULTILINE)
    return {key: set(re.findall(r"{(\w+)}", words)) for key, words in pairs}


class TestVerdicts:
    @pytest.mark.parametrize("kind", list(BY_KIND))
    def test_every_state_has_an_answer(self, kind: Kind) -> None:
        states = {state.value for state in KINDS[kind].states}
        assert states == set(BY_KIND[kind])
        assert all(BY_KIND[kind].values())

    @pytest.mark.parametrize(("kind", "state", "verdict"), ALL)
    def test_the_rules_know_it_in_that_state(
        self, kind: Kind, state: str, verdict: Verdict
    ) -> None:
        row = row_of(kind, verdict)
        assert row is not None
        if verdict.on is On.ITEM:
            assert state in row.sources

    @pytest.mark.parametrize(("kind", "state", "verdict"), ALL)
    def test_what_is_missing_is_asked(self, kind: Kind, state: str, verdict: Verdict) -> None:
        row = row_of(kind, verdict)
        assert row is not None
        given = {name for name, field in _required(row).items() if field}
        assert not given or verdict.asks is not Asks.NOTHING
        if verdict.asks is Asks.CHOICE:
            assert given <= {verdict.ask}
            if verdict.ask not in ("parent", "minutes"):
                assert len(list(_enum_of(whose(kind, verdict), verdict))) > 1

    def test_they_have_digits(self) -> None:
        assert all(len(one) <= DIGITS for table in BY_KIND.values() for one in table.values())

    def test_one_that_was_given_back_can_be_sent_again(self) -> None:
        sources = {FlagState.L3_DISPATCHED}
        assert all(sources <= KINDS[Kind.FLAG].transition(v.transition).sources for v in AWAY)


class TestGroups:
    def test_every_state_lies_in_one(self) -> None:
        listed = {*TO_JUDGE, *ON_SITE, *WAITING, *TO_CLOSE, *ENDED}
        assert listed == {*FlagState, *OrderState}

    def test_what_was_just_handled_is_not_among_what_waits_for_a_hand(self) -> None:
        assert not {*JUST_HANDLED} & {*TO_JUDGE, *ON_SITE}

    def test_every_flag_stands_somewhere_on_its_way(self) -> None:
        assert set(AT) == {state.value for state in FlagState}


class TestWords:
    def test_both_languages_have_the_same_keys_and_names(self) -> None:
        assert keys_in("zh_CN") == keys_in("en_US")
        assert placeholders("zh_CN") == placeholders("en_US")

    @pytest.mark.parametrize("language", ["zh_CN", "en_US"])
    def test_every_verdict_is_named_and_explained(self, language: str) -> None:
        keys = keys_in(language)
        assert {f"triage.verdict.{text}" for text in WORDS} <= keys
        assert {f"triage.note.{text}" for text in WORDS} <= keys
        assert {f"triage.ask.{text}" for text in ASKED} <= keys
        assert {f"triage.type.{name}" for name in SHORT_TYPES.values()} <= keys
        assert set(SHORT_TYPES) <= set(CATEGORIES)
        assert {f"triage.limit.settle.{unit.value}" for unit in LimitUnit} <= keys
        assert set(FLAG_LIMITS) <= {state.value for state in FlagState}

    @pytest.mark.parametrize("language", ["zh_CN", "en_US"])
    def test_every_key_that_the_code_names_exists(self, language: str) -> None:
        code = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.py"))
        named = set(re.findall(r'"(triage\.[a-z_.0-9]+[a-z0-9])"', code))
        ids = set(re.findall(r'id="(triage\.[a-z_.0-9]+)"', code))
        assert named - ids
        assert named - ids - keys_in(language) == set()

    @pytest.mark.parametrize("language", ["zh_CN", "en_US"])
    def test_a_verdict_fits_its_button(self, language: str, qapp: QApplication) -> None:
        text, ink = triage_text(language), Ink("text1", Face.TITLE, Weight.BOLD)
        named = {word: text(f"triage.verdict.{word}") for word in WORDS}
        wide = {word for word, said in named.items() if text_width(said, ink) > BUTTON_WORDS_PX}
        assert wide == set()

    def test_a_sentence_has_its_numbers(self) -> None:
        text = triage_text("en_US")
        assert "10 min" in text("triage.limit.accept", time="08:40", count=10)


def _required(row: Transition) -> dict[str, bool]:
    return {field.name: field.required for field in msgspec.structs.fields(row.form)}
