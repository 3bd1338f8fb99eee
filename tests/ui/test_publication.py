"""The publication panel by keys: mask, what the second scan holds back, the second person, the
tiles, what is taken down.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from plugins.publication.figures import FiguresDesk
from plugins.publication.hidden_by_hand import HiddenByHand
from plugins.publication.item import Item
from plugins.publication.mask_table import MaskDesk, MaskTable
from plugins.publication.notice_text import NumberedMask
from plugins.publication.panel import PublicationPanel, period_of
from plugins.publication.preview import Preview, Sheet
from plugins.publication.strip import CountTile, ratio_words
from tests.e2e.hands import click, press, type_text
from tests.e2e.sight import words
from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import a_window, in_front, running_loop
from tests.unit.domain.builders import SYSTEM, an_actor, rid
from tests.unit.domain.case_builders import CASE, REVIEWER, decided
from ui.records import RecordListView
from xiuzhou_desktop.contract.figures import Figure, Figures
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.case_body import CaseBody
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.publication_body import (
    OWED,
    PublicationBody,
    PublicationState,
    source_digest,
)
from xiuzhou_desktop.domain.redaction import Mask, MaskRule
from xiuzhou_desktop.domain.workcalendar import LOCAL
from xiuzhou_desktop.domain.workflow import Role
from xiuzhou_desktop.domain.writing import body_of, with_body, with_columns
from xiuzhou_desktop.text.catalogue import Catalogue

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
NINE_DAYS = timedelta(days=9)
W = TypeVar("W", bound=QWidget)
S = PublicationState
CLERK = an_actor(Role.CLERK, officer=None)
ODD_NUMBER = "1 3 8/5734.0021"
PLAIN, LEAKING, SIGNED, OUT = (rid(700 + n) for n in range(4))


def records() -> list[Record]:
    """Four decisions: to mask; with a number that no rule knows; signed once; on the portal."""
    case = decided().records[CASE]
    facts = {
        PLAIN: "当事人住秀洲大道286号", LEAKING: f"联系{ODD_NUMBER}转交",
        SIGNED: "三", OUT: "四",
    }  # fmt: skip
    found: list[Record] = []
    for place, (name, fact) in enumerate(facts.items()):
        number = f"秀综执罚决字〔2026〕第{place}号"
        own = with_body(case, facts=fact, decision_no=number)
        found.append(with_columns(own, id=RecordId(f"{str(name)[:-3]}8{str(name)[-2:]}")))
    return found


class Office(FakeEngine):
    """A clerk's engine, with figures counted over what it holds."""

    def __init__(self) -> None:
        cases = records()
        super().__init__(*cases, roles=(Role.SUPERVISOR,))
        self.actor = CLERK
        self.portals = Figures(at=self.now, figures=())
        self.signed = msgspec.structs.replace(
            self.signed, account=msgspec.structs.replace(self.signed.account, roles=(Role.CLERK,))
        )
        for district in (self.district, self.truth):
            district.now += NINE_DAYS  # the decisions are of the eighth
            for name, case in zip((PLAIN, LEAKING, SIGNED, OUT), cases, strict=True):
                district.do(SYSTEM, (Kind.PUBLICATION, name, "owe"), case=case.id)
            for name in (SIGNED, OUT):
                source = source_of(district.records[own(district.records[name]).case])
                first = REVIEWER if name is OUT else CLERK
                district.records[name] = with_body(
                    with_columns(district.records[name], state=S.MASKED.value),
                    masked_by=first.user, masked_by_name=first.name, source=source,
                )  # fmt: skip
            district.do(
                SYSTEM, (Kind.PUBLICATION, OUT, "list"), at=district.now.isoformat(),
                receipt="ZW-1",
            )  # fmt: skip

    async def figures(self, names: tuple[str, ...], **about: str) -> Figures:
        if names == ("portals",):
            return self.portals
        kept = [one for one in self.district.records.values() if one.kind is Kind.PUBLICATION]
        states = Counter(one.state for one in kept)
        named = [Figure(name=f"publication_{s.lower()}", counted=states[s.value]) for s in S]
        owed = sum(states[s.value] for s in OWED)
        ratio = Figure(name="publication_ratio", counted=states[S.PUBLISHED.value], of=owed)
        late = Figure(name="publication_overdue", counted=0)
        return Figures(at=self.now, figures=(*named, ratio, late))


def own(record: Record) -> PublicationBody:
    return body_of(record, PublicationBody)


def source_of(case: Record) -> str:
    return source_digest(body_of(case, CaseBody))


class Shelf:
    """A panel's store."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def read(self, name: str) -> Json:
        kept = self._kept.get(name)
        return msgspec.json.decode(kept) if kept else None

    def write(self, name: str, value: Json) -> None:
        self._kept[name] = msgspec.json.encode(value)


@pytest.fixture(autouse=True)
def _loop(qapp: QApplication) -> Iterator[None]:
    with running_loop(qapp):
        yield


class Clerk:
    """One person before the panel."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.engine = qtbot, Office()
        self.window = a_window(self.engine, folder, panels=PLUGINS, workspace="publication")
        in_front(qtbot, self.window)
        self.window.docks.show("publication")
        qtbot.waitUntil(lambda: self.window.findChild(PublicationPanel) is not None)
        found = self.window.findChild(PublicationPanel)
        assert found is not None
        self.panel = found
        self.until_says("公示率")

    def go_to(self, record: RecordId) -> None:
        """By the keys of the list."""
        number = own(self.engine.district.records[record]).decision_no
        self.part(RecordListView).setFocus()
        self.qtbot.waitUntil(lambda: number in self.original.toPlainText() or self._next())

    def _next(self) -> bool:
        press("J")
        return False

    def part(self, kind: type[W]) -> W:
        """The one widget of that kind."""
        found = self.panel.findChild(kind)
        assert found is not None
        return found

    @property
    def original(self) -> Sheet:
        return self.part(Preview).original

    @property
    def public(self) -> Sheet:
        return self.part(Preview).public

    @property
    def rows(self) -> int:
        return self.part(RecordListView).model().rowCount()

    def state(self, record: RecordId) -> str:
        return self.engine.district.records[record].state

    def until(self, record: RecordId, state: PublicationState) -> None:
        self.qtbot.waitUntil(lambda: self.state(record) == state)

    def until_says(self, sentence: str) -> None:
        self.qtbot.waitUntil(lambda: sentence in words(self.panel))


@pytest.fixture
def clerk(qtbot: QtBot, tmp_path: Path) -> Iterator[Clerk]:
    one = Clerk(qtbot, tmp_path)
    yield one
    one.window.close()


def test_one_key_masks_what_the_screen_showed(clerk: Clerk) -> None:
    clerk.go_to(PLAIN)
    assert "286号" in clerk.original.toPlainText()
    assert "286号" not in clerk.public.toPlainText()
    press("Ctrl+Return")
    clerk.until(PLAIN, S.MASKED)
    clerk.until_says("5 秒内可撤销")
    press("U")
    clerk.until(PLAIN, S.DUE)


def test_the_last_reconciliation_is_said_with_its_time_and_result(clerk: Clerk) -> None:
    at = clerk.engine.now

    desk = clerk.panel.findChild(FiguresDesk)

    def told(missing: int, silent: int) -> None:
        listing = Figure(name="portal_local", counted=634, period_to=at)
        lost = Figure(name="portals_missing", counted=missing)
        quiet = Figure(name="portals_silent", counted=silent)
        clerk.engine.portals = Figures(at=at, figures=(listing, quiet, lost))
        desk.ask()

    clerk.until_says("门户尚未答复,未能核对")
    told(missing=0, silent=0)
    clerk.until_says(f"门户 {at.astimezone(LOCAL):%H:%M:%S} 核对:在列 634 条,无缺失")
    told(missing=2, silent=0)
    clerk.until_says("缺失 2 条")
    told(missing=2, silent=1)
    clerk.until_says(f"门户自 {at.astimezone(LOCAL):%H:%M:%S} 起未答复,此前在列 634 条")


def test_what_the_second_scan_finds_holds_the_signature_until_hidden_by_hand(clerk: Clerk) -> None:
    clerk.go_to(LEAKING)
    clerk.until_says("手机号码 1 处")
    press("Ctrl+Return")
    clerk.until_says("公示件中仍有不得公开的内容")
    assert clerk.state(LEAKING) == S.DUE
    original = clerk.original
    found = original.document().find(ODD_NUMBER, 0, QTextDocument.FindFlag.FindCaseSensitively)
    assert not found.isNull()
    original.setTextCursor(found)
    press("M")
    clerk.qtbot.waitUntil(lambda: clerk.part(MaskTable).rowCount() == 1)
    clerk.until_says("公示件中未发现不得公开的内容")
    press("Ctrl+Return")
    clerk.until(LEAKING, S.MASKED)
    assert own(clerk.engine.district.records[LEAKING]).by_hand == (ODD_NUMBER,)


def test_words_that_are_no_field_cannot_be_hidden(clerk: Clerk) -> None:
    clerk.go_to(PLAIN)
    original = clerk.original
    cursor = original.document().find("行政处罚决定书")
    original.setTextCursor(QTextCursor(cursor))
    press("M")
    clerk.until_says("先在原文中选中公示字段内的文字")
    assert "行政处罚决定书" in clerk.public.toPlainText()


def test_passages_hidden_by_hand_outlive_the_panel() -> None:
    store = Shelf()
    HiddenByHand(store).add(LEAKING, ODD_NUMBER)
    again = HiddenByHand(store)
    assert again.of(LEAKING) == (ODD_NUMBER,)
    again.remove(LEAKING, ODD_NUMBER)
    assert HiddenByHand(store).of(LEAKING) == ()


def test_nobody_confirms_his_own_and_the_button_says_so(clerk: Clerk) -> None:
    clerk.go_to(SIGNED)
    clerk.qtbot.waitUntil(lambda: clerk.part(Item).primary.reason is not None)
    assert "不能确认自己的公示件" in str(clerk.part(Item).primary.reason)
    press("Ctrl+Return")
    clerk.until_says("不能确认自己的公示件")
    assert clerk.state(SIGNED) == S.MASKED


def test_taking_down_asks_for_the_public_reason(clerk: Clerk) -> None:
    clerk.go_to(OUT)
    clerk.qtbot.waitUntil(lambda: clerk.part(Item).secondary.reason is None)
    press("Ctrl+Backspace")
    clerk.until_says("公开说明的理由")
    type_text("复议撤销")
    press("Ctrl+Return")
    clerk.until(OUT, S.RETRACTING)


def test_a_form_that_was_overtaken_says_so_and_may_be_sent_again(clerk: Clerk) -> None:
    clerk.go_to(OUT)
    clerk.qtbot.waitUntil(lambda: clerk.part(Item).secondary.reason is None)
    press("Ctrl+Backspace")
    clerk.until_says("公开说明的理由")
    type_text("复议撤销")
    clerk.engine.district.do(SYSTEM, (Kind.PUBLICATION, OUT, "miss"))
    press("Ctrl+Return")
    clerk.until_says("你决定时看到的画面已过时")
    assert clerk.state(OUT) == S.MISSING
    press("Ctrl+Return")
    clerk.until(OUT, S.RETRACTING)


def test_a_tile_opens_into_its_rows(clerk: Clerk) -> None:
    clerk.until_says("1/4 = 25.0 %")
    tile = next(
        one for one in clerk.panel.findChildren(CountTile) if one.accessibleName() == "已公示"
    )
    assert tile.accessibleDescription() == "1"
    click(tile)
    clerk.qtbot.waitUntil(lambda: clerk.rows == 2)
    click(tile)
    clerk.qtbot.waitUntil(lambda: clerk.rows > 2)


@pytest.mark.parametrize(
    ("ratio", "said"),
    [
        ((634, 642), "634/642 = 98.7 %"),
        ((0, 0), "—"),
        (None, "—"),
        ((9999, 10000), "9999/10000 = 99.9 %"),
    ],
)
def test_a_share_is_never_rounded_up(ratio: tuple[int, int] | None, said: str) -> None:
    assert ratio_words(Catalogue("zh_CN", (PLUGINS / "publication",)), ratio) == said


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("year", "2026-01-01", "2027-01-01"),
        ("quarter", "2026-10-01", "2027-01-01"),
        ("month", "2026-12-01", "2027-01-01"),
    ],
)
def test_periods_end_where_the_next_begins(name: str, start: str, end: str) -> None:
    period = period_of(name, date(2026, 12, 31))
    assert (period.start.date().isoformat(), period.end.date().isoformat()) == (start, end)


@pytest.mark.parametrize(("count", "rows"), [(1, 1), (3, 3), (9, 5)])
def test_the_masks_are_shown_in_whole_rows(qtbot: QtBot, count: int, rows: int) -> None:
    desk = MaskDesk(Catalogue("zh_CN", (PLUGINS / "publication",)))
    qtbot.addWidget(desk)
    mask = Mask(start=0, end=1, rule=MaskRule.BY_HAND, shown="")
    numbered = (
        NumberedMask(number=n, field="facts", passage="x", mask=mask) for n in range(1, count + 1)
    )
    desk.table.show_masks(tuple(numbered))
    desk.resize(600, 400)
    desk.show()
    desk.layout().activate()
    room = desk.table.viewport().height()
    assert room == rows * desk.table.rowHeight(0)
