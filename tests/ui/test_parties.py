"""A party's numbers by keys: only with a purpose, only for a minute, and never over a lock."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from plugins.cases import inquiry
from plugins.cases.party_sheet import SHOWN_S, PartySheet
from tests.e2e.hands import press, type_text
from tests.e2e.sight import words
from tests.ui.shell_parts import running_loop
from tests.ui.test_cases import Office
from tests.unit.domain.builders import DUTY, District, rid
from tests.unit.domain.case_builders import CASE, HEAD, PARTY, established
from ui.widgets import Button
from xiuzhou_desktop.client.errors import Rejected
from xiuzhou_desktop.contract.parties import PartyFind, PartyLook, PartyNumbers
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.workflow import Actor

NUMBERS = PartyNumbers(resident_id="330411199003071234", phone="13805731234")
PERSON, COMPANY = rid(61), "嘉兴恒通土方工程有限公司"


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


def a_district() -> District:
    """A case with its party, and a person who has none. The fake engine searches titles alone."""
    district = established()
    named = district.records[CASE]
    district.records[CASE] = msgspec.structs.replace(named, title=f"违停 {COMPANY}")
    district.do(
        HEAD, (Kind.PARTY, PERSON, "register"), type="citizen", name="王建国",
        masked_id="330411********1234", phone="13805731234",
    )  # fmt: skip
    return district


def an_office(qtbot: QtBot, folder: Path, actor: Actor = HEAD) -> Office:
    office = Office(qtbot, folder, a_district(), actor)
    office.engine.party_numbers = {PERSON: NUMBERS, PARTY: PartyNumbers()}
    return office


@pytest.fixture
def office(qtbot: QtBot, tmp_path: Path) -> Office:
    """The sheet stands, with the party of the case."""
    office = an_office(qtbot, tmp_path)
    press("Ctrl+I")
    qtbot.waitUntil(lambda: sheet(office).list.count() == 1)
    return office


class Late:
    """An answer of the engine that comes when the test says so."""

    def __init__(self, office: Office, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        self._gives, self._qtbot = getattr(office.engine, name), office.qtbot
        self._may_come = asyncio.Event()
        self.is_asked = self.is_given = False
        monkeypatch.setattr(office.engine, name, self._answer)

    async def _answer(self, asked: PartyLook | PartyFind) -> object:
        self.is_asked = True
        await self._may_come.wait()
        self.is_given = True
        return await self._gives(asked)

    def come(self) -> None:
        """It is here, and what it leads to is done: nothing behind it waits in this engine."""
        self._may_come.set()
        self._qtbot.waitUntil(lambda: self.is_given)


def again(office: Office) -> None:
    """Esc, and the sheet of the same party once more."""
    press("Escape")
    press("Ctrl+I")
    office.qtbot.waitUntil(lambda: sheet(office).list.count() == 1)


def hidden(office: Office) -> None:
    """Hidden with its window, as the lock does it."""
    office.window.hide()
    office.qtbot.waitUntil(lambda: not sheet(office).isVisible())


def sheet(office: Office) -> PartySheet:
    return office.panel.inquiry.sheet


def found(office: Office, by: int, value: str) -> None:
    """Search with a purpose; the person is found."""
    type_text("核对身份")
    sheet(office).by.setCurrentIndex(by)
    press("Return")
    type_text(value)
    press("Return")
    office.qtbot.waitUntil(lambda: "找到 1 位" in words(sheet(office)))


def test_the_numbers_are_shown_for_a_purpose_and_a_minute(office: Office, qtbot: QtBot) -> None:
    shown = sheet(office)
    assert COMPANY in shown.list.item(0).text()
    assert "本机案件 1 件" in shown.list.item(0).text()
    press("Ctrl+Return")
    assert "查询理由" in shown.sentence.text()
    assert not office.engine.said
    found(office, 1, "13805731234")
    assert "330411********1234" in shown.list.item(0).text()
    assert "138****1234" in shown.list.item(0).text()
    shown.clock.setInterval(3_600_000)  # its seconds are told by hand below
    press("Ctrl+Return")
    qtbot.waitUntil(lambda: "330411199003071234" in words(shown))
    assert "13805731234" in shown.numbers.text()
    assert office.engine.said[-1] == f"look {PERSON} 核对身份"
    for _ in range(SHOWN_S - 1):
        shown.clock.timeout.emit()
    assert "1 秒后自动遮盖" in words(shown)
    shown.clock.timeout.emit()
    assert shown.numbers.text() == ""
    assert not shown.clock.isActive()


def test_a_chosen_purpose_serves_as_well(office: Office, qtbot: QtBot) -> None:
    press("Down")
    press("Ctrl+Return")
    qtbot.waitUntil(lambda: "未登记" in sheet(office).numbers.text())
    assert office.engine.said[-1] == f"look {PARTY} 送达法律文书"


@pytest.mark.parametrize("hides", ["Escape", "window"])
def test_what_hides_the_sheet_covers_the_numbers(office: Office, qtbot: QtBot, hides: str) -> None:
    found(office, 0, "330411199003071234")
    press("Ctrl+Return")
    qtbot.waitUntil(lambda: "13805731234" in words(sheet(office)))
    if hides == "Escape":
        press("Escape")
    else:
        office.window.hide()
    qtbot.waitUntil(lambda: not sheet(office).isVisible())
    assert sheet(office).numbers.text() == ""
    sheet(office).show_numbers(PERSON, NUMBERS)
    assert sheet(office).numbers.text() == ""
    assert sheet(office).value.text() == ""  # a number too
    assert not sheet(office).value.isUndoAvailable()


@pytest.mark.parametrize("hides", [hidden, again])
def test_numbers_that_come_after_the_look_are_not_shown(
    office: Office, monkeypatch: pytest.MonkeyPatch, hides: Callable[[Office], None]
) -> None:
    office.engine.party_numbers = {PARTY: NUMBERS}
    late = Late(office, monkeypatch, "party_look")
    type_text("核对身份")
    press("Ctrl+Return")
    office.qtbot.waitUntil(lambda: late.is_asked)
    hides(office)
    late.come()
    assert sheet(office).numbers.text() == ""
    assert not sheet(office).clock.isActive()


def test_a_search_of_an_earlier_look_fills_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = Late(office, monkeypatch, "party_find")
    type_text("核对身份")
    press("Return")
    type_text("330411199003071234")
    press("Return")
    office.qtbot.waitUntil(lambda: late.is_asked)
    again(office)
    late.come()
    assert COMPANY in sheet(office).list.item(0).text()
    assert sheet(office).sentence.text() == ""


def test_ctrl_enter_in_the_value_looks_and_does_not_search(office: Office, qtbot: QtBot) -> None:
    type_text("核对身份")
    press("Return")
    type_text("330411199003071234")
    press("Ctrl+Return")
    qtbot.waitUntil(lambda: "未登记" in sheet(office).numbers.text())
    assert office.engine.said == [f"look {PARTY} 核对身份"]
    press("Return")
    qtbot.waitUntil(lambda: "找到 1 位" in words(sheet(office)))


def test_what_cannot_be_read_here_is_counted_apart(office: Office, qtbot: QtBot) -> None:
    office.engine.party_numbers = {PERSON: NUMBERS, rid(62): NUMBERS, rid(63): NUMBERS}
    type_text("核对身份")
    press("Return")
    type_text("330411199003071234")
    press("Return")
    qtbot.waitUntil(lambda: "列出 1 位当事人,另有 2 位本机读不到" in words(sheet(office)))
    assert sheet(office).list.count() == 1


@pytest.mark.parametrize(
    ("party", "count", "reason"), [(PARTY, "1+ 件", ""), (None, "0+ 件", "更早的没有查")]
)
def test_cases_that_were_not_searched_are_not_denied(
    office: Office, monkeypatch: pytest.MonkeyPatch, party: RecordId | None, count: str, reason: str
) -> None:
    monkeypatch.setattr(inquiry, "MOST_CASES", 1)
    newer = msgspec.structs.replace(
        office.record, id=rid(70), opened_at=office.record.opened_at + timedelta(days=1),
        body=msgspec.structs.replace(office.body, party=party),
    )  # fmt: skip
    office.engine.district.records[newer.id] = newer
    again(office)
    assert f"本机案件 {count}(只查最近 1 件)" in sheet(office).list.item(0).text()
    (opens,) = [one for one in sheet(office).findChildren(Button) if "打开案件" in one.text()]
    assert reason in (opens.reason or "")
    assert opens.isEnabled() == (not reason)


def test_another_party_is_another_look(office: Office, qtbot: QtBot) -> None:
    found(office, 1, "13805731234")
    press("Ctrl+Return")
    qtbot.waitUntil(lambda: "13805731234" in words(sheet(office)))
    sheet(office).show_parties(())
    assert sheet(office).numbers.text() == ""
    sheet(office).show_numbers(PERSON, NUMBERS)  # an answer that comes late
    assert sheet(office).numbers.text() == ""


def test_enter_on_a_party_opens_its_case(office: Office, qtbot: QtBot) -> None:
    sheet(office).list.setFocus()
    press("Return")
    qtbot.waitUntil(lambda: not sheet(office).isVisible())
    qtbot.waitUntil(lambda: office.panel.case_id == CASE)


def test_offline_it_says_so(office: Office, qtbot: QtBot) -> None:
    office.engine.unplug()
    type_text("核对身份")
    press("Ctrl+Return")
    qtbot.waitUntil(lambda: "连不上服务器" in sheet(office).sentence.text())
    assert sheet(office).numbers.text() == ""


def test_a_refusal_says_so(office: Office, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(_: object) -> PartyNumbers:
        raise Rejected(Problem(slug="forbidden", status=403))

    monkeypatch.setattr(office.engine, "party_look", refused)
    type_text("核对身份")
    press("Ctrl+Return")
    qtbot.waitUntil(lambda: "无权" in sheet(office).sentence.text())


def test_the_panels_keys_rest_while_it_stands(office: Office) -> None:
    sheet(office).list.setFocus()
    press("Ctrl+Return")  # a look, not the case's next act
    assert "查询理由" in sheet(office).sentence.text()
    press("3")
    assert sheet(office).purpose.currentText() == "3"
    assert not office.engine.entries
    assert sheet(office).isVisible()


def test_who_may_not_look_is_not_offered_it(qtbot: QtBot, tmp_path: Path) -> None:
    office = an_office(qtbot, tmp_path, DUTY)
    qtbot.waitUntil(lambda: bool(office.window.key_bar.accessibleName()))
    press("Ctrl+I")
    assert not sheet(office).isVisible()
    assert "查当事人" not in office.window.key_bar.accessibleName()
