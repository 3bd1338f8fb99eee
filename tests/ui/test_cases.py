"""The case panel under a reviewer's and a handler's keys, over the fake engine, the real judge."""

import asyncio
import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from plugins.cases.panel import CasesPanel
from tests.e2e.hands import press, type_text
from tests.e2e.sight import words
from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import a_window, in_front, running_loop
from tests.ui.triage_parts import PLUGINS
from tests.unit.domain.builders import DUTY, MORNING, District, a_flag, rid
from tests.unit.domain.case_builders import (
    CASE,
    HEAD,
    PROOF,
    REVIEWER,
    TODAY,
    body,
    case,
    established,
    heard,
    investigated,
    notified,
    officers_of,
)
from ui.records import FormSheet
from ui.video import StillView
from ui.widgets import KeyButton, QuestionSheet
from xiuzhou_desktop.client.errors import WrongServer
from xiuzhou_desktop.domain.case_body import CaseBody, CaseState, Procedure
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.evidence import EvidenceBody, disposed
from xiuzhou_desktop.domain.workflow import Actor

CONTENT = b"a photograph"
NAME = "sha256:" + hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def _loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


class Office:
    """One person before the panel."""

    def __init__(
        self, qtbot: QtBot, folder: Path, district: District, actor: Actor, content: bytes = CONTENT
    ) -> None:
        self.qtbot, self.content = qtbot, content
        records = [_with_file(one) for one in district.records.values()]
        roles = tuple(actor.roles)
        self.engine = FakeEngine(*records, roles=roles)
        self.engine.actor = actor
        self.engine.fetch = self._fetch  # type: ignore[method-assign]  # the border
        for side in (self.engine.district, self.engine.truth):
            side.now, side.policy = district.now, district.policy
        self.window = a_window(self.engine, folder, panels=PLUGINS)
        in_front(qtbot, self.window)
        self.window.show_panel("cases")
        qtbot.waitUntil(lambda: isinstance(self.panel, CasesPanel))
        self.window.docks.show_only(("cases",))  # wide: all columns side by side
        qtbot.waitUntil(lambda: self.panel.page.is_complete)
        self.panel.setFocus()

    @property
    def panel(self) -> CasesPanel:
        frame = self.window.docks.frame("cases")
        assert frame is not None
        return frame.panel  # type: ignore[return-value]  # waited for in the constructor

    @property
    def record(self) -> Record:
        return self.engine.district.records[CASE]

    @property
    def body(self) -> CaseBody:
        assert isinstance(self.record.body, CaseBody)
        return self.record.body

    async def _fetch(self, path: str) -> bytes:
        if hashlib.sha256(self.content).hexdigest() not in path:
            raise WrongServer("blob-damaged", path=path)
        return self.content

    def until_says(self, sentence: str) -> None:
        self.qtbot.waitUntil(lambda: sentence in words(self.panel))

    def until_state(self, state: CaseState) -> None:
        self.qtbot.waitUntil(lambda: self.record.state == state)
        self.qtbot.waitUntil(lambda: self.panel.page.is_complete)

    def form(self) -> FormSheet:
        self.qtbot.waitUntil(lambda: self._forms() != [])
        return self._forms()[0]

    def _forms(self) -> list[FormSheet]:
        return [one for one in self.panel.findChildren(FormSheet) if one.isVisible()]

    def until_no_form(self) -> None:
        self.qtbot.waitUntil(lambda: self._forms() == [])

    def choose(self, name: str) -> None:
        """Enter, then the digit of that act."""
        press("Return")
        self.qtbot.waitUntil(lambda: self._asked() is not None)
        asked = self._asked()
        assert asked is not None
        titles = [one.accessibleName() for one in asked.findChildren(KeyButton)]
        press(str(next(n for n, title in enumerate(titles, 1) if name in title)))

    def _asked(self) -> QuestionSheet | None:
        found = self.panel.findChildren(QuestionSheet)
        return next((one for one in found if one.isVisible()), None)


def _with_file(record: Record) -> Record:
    if not isinstance(record.body, EvidenceBody):
        return record
    return msgspec.structs.replace(record, body=msgspec.structs.replace(record.body, blob=NAME))


def in_review() -> District:
    """A notice before the reviewer."""
    district = investigated()
    district.do(DUTY, case("submit_review"))
    return district


def test_the_reviewer_passes_and_signs_by_one_key(qtbot: QtBot, tmp_path: Path) -> None:
    office = Office(qtbot, tmp_path, in_review(), REVIEWER)
    office.until_says("已核验 1")
    press("Ctrl+Return")
    office.form()
    press("Ctrl+Return")
    office.until_state(CaseState.INVESTIGATION_DONE)
    assert [one.by_name for one in office.body.reviews] == ["王敏"]


def test_the_reviewer_returns_with_a_reason(qtbot: QtBot, tmp_path: Path) -> None:
    office = Office(qtbot, tmp_path, in_review(), REVIEWER)
    press("Ctrl+Backspace")
    office.form()
    press("Ctrl+Return")
    office.until_says("请填写")
    type_text("缺运输许可")
    press("Ctrl+Return")
    office.until_state(CaseState.INVESTIGATING)
    office.until_says("缺运输许可")


def test_a_file_that_is_no_picture_is_said_to_be_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    office = Office(qtbot, tmp_path, in_review(), REVIEWER)
    still = office.panel.page.evidence.findChild(StillView)
    assert still is not None
    qtbot.waitUntil(lambda: "这类文件不能在这里显示" in still.accessibleDescription())


def test_a_changed_file_is_said_and_holds_the_signature(qtbot: QtBot, tmp_path: Path) -> None:
    office = Office(qtbot, tmp_path, in_review(), REVIEWER, content=b"another photograph")
    office.until_says("文件与取证时不一致")
    office.until_says("证据文件已被改动:现场勘验笔录")
    qtbot.waitUntil(lambda: not office.panel.page.law.may_act)
    press("Ctrl+Return")
    assert not office.engine.entries


def test_a_file_that_was_destroyed_in_due_time_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    district = in_review()
    piece = district.records[PROOF]
    district.records[PROOF] = disposed(piece, district.now, "system")
    office = Office(qtbot, tmp_path, district, REVIEWER)
    office.until_says("文件已依期销毁")


@pytest.mark.parametrize(
    ("clock", "says"), [(None, "摄像机时钟未知"), (MORNING, "摄像机时钟 08:30:00")]
)
def test_a_cameras_picture_says_what_its_clock_showed(
    qtbot: QtBot, tmp_path: Path, clock: datetime | None, says: str
) -> None:
    district = in_review()
    piece = district.records[PROOF]
    body = msgspec.structs.replace(piece.body, camera=rid(50), camera_clock=clock)
    district.records[PROOF] = msgspec.structs.replace(piece, body=body)
    Office(qtbot, tmp_path, district, REVIEWER).until_says(says)


def test_excluding_the_changed_file_leaves_no_proof(qtbot: QtBot, tmp_path: Path) -> None:
    office = Office(qtbot, tmp_path, in_review(), REVIEWER, content=b"another photograph")
    office.until_says("证据文件已被改动")
    press("Ctrl+D")
    office.form()
    type_text("来源不明")
    press("Ctrl+Return")
    qtbot.waitUntil(lambda: office.engine.district.records[PROOF].state == "EXCLUDED")
    office.engine.tell(kinds={Kind.EVIDENCE})
    office.until_says("没有可以作为证据的材料")


def test_an_act_is_blocked_with_its_article(qtbot: QtBot, tmp_path: Path) -> None:
    district = established()
    officers_of(district, *district.records[CASE].body.officers[:1])  # type: ignore[attr-defined]
    office = Office(qtbot, tmp_path, district, HEAD)
    office.until_says("办案执法人员不足两人(依据 行政处罚法第 42、55 条)")
    assert not office.panel.page.law.may_act


def test_a_decision_is_refused_in_its_form_until_it_is_lawful(qtbot: QtBot, tmp_path: Path) -> None:
    office = Office(qtbot, tmp_path, heard(), HEAD)
    press("Ctrl+Return")
    form = office.form()
    early = (TODAY - timedelta(days=1)).isoformat()
    form.editors["dated"].set_value(early)
    press("Ctrl+Return")
    qtbot.waitUntil(lambda: f"决定日期 {early} 早于告知书日期" in words(form))
    form.editors["dated"].set_value((TODAY + timedelta(days=8)).isoformat())
    press("Ctrl+Return")
    qtbot.waitUntil(lambda: "未加盖印章" in words(form))
    for name in ("is_sealed", "names_remedies"):
        form.editors[name].set_value(True)
    press("Ctrl+Return")
    office.until_state(CaseState.DECIDED)
    office.until_says("行政处罚决定书(已发出)")


def test_half_a_fen_is_refused_where_it_is_typed(qtbot: QtBot, tmp_path: Path) -> None:
    office = Office(qtbot, tmp_path, heard(), HEAD)
    press("Ctrl+Return")
    form = office.form()
    form.editors["fine_fen"].setFocus()
    press("Ctrl+A")
    type_text("0.005")
    press("Ctrl+Return")
    qtbot.waitUntil(lambda: "请填金额" in words(form))
    assert not office.engine.entries


def test_the_limits_stand_with_their_days_and_articles(qtbot: QtBot, tmp_path: Path) -> None:
    office = Office(qtbot, tmp_path, notified(), HEAD)
    office.until_says("至 11-30(5 工作日)")
    office.until_says("至 02-21(90 自然日)")
    office.until_says("行政处罚法第 60 条")
    office.until_says("陈述申辩期未满(至 2026-11-30)")


def test_the_fast_track_is_explained_and_chosen_by_keys(qtbot: QtBot, tmp_path: Path) -> None:
    office = Office(qtbot, tmp_path, established(), HEAD)
    office.until_says("当事人未签署认错认罚")
    office.choose("认错认罚")
    office.form()
    press("Ctrl+Return")
    office.until_no_form()
    qtbot.waitUntil(lambda: office.body.admitted_on == TODAY)
    office.until_says("可以适用")
    office.choose("转简案快办")
    qtbot.waitUntil(lambda: office.body.procedure is Procedure.FAST_TRACK)


def test_a_lead_is_entered_by_hand_and_is_under_the_hand(qtbot: QtBot, tmp_path: Path) -> None:
    office = Office(qtbot, tmp_path, established(), HEAD)
    press("Ctrl+N")
    form = office.form()
    for name, value in (("title", "占道"), ("category", "05-04"), ("facts", "店外摆放货架")):
        form.editors[name].set_value(value)
    press("Ctrl+Return")
    office.until_no_form()
    qtbot.waitUntil(lambda: office.panel.case_id not in (None, CASE))
    office.until_says("占道")


def test_a_file_becomes_evidence_of_the_case(qtbot: QtBot, tmp_path: Path) -> None:
    office = Office(qtbot, tmp_path, established(), HEAD)
    attached: list[str] = []

    async def attach(source: Path, name: str) -> str:
        attached.append(name)
        return "sha256:" + hashlib.sha256(source.read_bytes()).hexdigest()

    office.engine.attach = attach  # type: ignore[method-assign]  # the border
    photograph = tmp_path / "现场照片二.jpg"
    photograph.write_bytes(CONTENT)
    office.panel.attaching.take(CASE, photograph)
    form = office.form()
    form.editors["type"].set_value("photo")
    press("Ctrl+Return")
    office.until_no_form()
    pieces = [one for one in office.engine.district.records.values() if one.parent_id == CASE]
    assert attached == ["现场照片二.jpg"]
    assert {one.title for one in pieces} == {"现场勘验笔录", "现场照片二"}
    photo = next(one for one in pieces if one.title == "现场照片二")
    assert isinstance(photo.body, EvidenceBody)
    assert (photo.state, f"sha256:{photo.body.awaited}") == ("EXPECTED", NAME)
    office.until_says(" · 待传 1")
    assert "已改动" not in words(office.panel)
    assert photo.body.workstation == office.engine.signed.workstation


def test_a_case_shows_what_is_on_its_way_to_its_flag(qtbot: QtBot, tmp_path: Path) -> None:
    district, parking = in_review(), a_flag()
    district.records[parking.id] = parking
    district.do(
        DUTY, (Kind.EVIDENCE, rid(3), "announce"), type="still", title="C-0137 中山西路",
        captured_at=MORNING.isoformat(), flag=parking.id, workstation="ZB-02",
        awaited=NAME.removeprefix("sha256:"),
    )  # fmt: skip
    filed_of = msgspec.structs.replace(body(district), flag=parking.id)
    district.records[CASE] = msgspec.structs.replace(district.records[CASE], body=filed_of)
    office = Office(qtbot, tmp_path, district, REVIEWER)
    office.until_says("待传 1")
    evidence = office.panel.page.evidence
    assert [one.record.id for one in evidence.views] == [PROOF, rid(3)]
    qtbot.waitUntil(lambda: evidence.desk.model.rowCount() == 3)  # the flag's head between them


def test_another_role_is_told_whose_step_it_is(qtbot: QtBot, tmp_path: Path) -> None:
    office = Office(qtbot, tmp_path, in_review(), HEAD)
    office.until_says("这一步由 法制审核 办理")
