"""A window with the administration panel over the fake engine, for an administrator or a reader."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

from pytestqt.qtbot import QtBot

from plugins.admin.entry_list import AdminRow
from plugins.admin.panel import AdminPanel
from tests.e2e.hands import press
from tests.e2e.sight import words
from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import a_window, in_front
from tests.unit.domain.builders import FIRST, HERE, MORNING, a_flag, an_actor, an_officer, rid
from ui.records import ROW_ROLE
from ui.widgets import KeyButton
from xiuzhou_desktop.client.views import Page, RecordQuery, RecordView
from xiuzhou_desktop.contract.administration import AccountLine, Held
from xiuzhou_desktop.contract.sessions import SessionLine
from xiuzhou_desktop.domain.areas import SHARED
from xiuzhou_desktop.domain.camera_body import CameraBody, CameraState
from xiuzhou_desktop.domain.envelope import Kind, LogEntry, Record
from xiuzhou_desktop.domain.exemption import ExemptionBody, ExemptionState, ExemptionType
from xiuzhou_desktop.domain.flag_body import FlagState
from xiuzhou_desktop.domain.ids import DISTRICT, AreaCode, CommandId
from xiuzhou_desktop.domain.policy import Policy, policy_from
from xiuzhou_desktop.domain.setting_body import SettingBody
from xiuzhou_desktop.domain.workcalendar import WorkCalendar, calendar_from
from xiuzhou_desktop.domain.workflow import Role

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
MARKET, CAMERA, LIMIT = rid(60), rid(61), rid(62)
ACCOUNTS = (
    AccountLine(user="admin", name="陆海",
                held=(Held(role=Role.ADMINISTRATOR, scope=DISTRICT),)),
    AccountLine(user="duty", name="张敏", held=(Held(role=Role.DUTY_OFFICER, scope=DISTRICT),)),
)  # fmt: skip
RING = (
    (HERE.lon_e7 - 900, HERE.lat_e7 - 900), (HERE.lon_e7 + 900, HERE.lat_e7 - 900),
    (HERE.lon_e7, HERE.lat_e7 + 900),
)  # fmt: skip


def a_market() -> Record:
    """An exempted zone around the flags."""
    body = ExemptionBody(
        type=ExemptionType.MARKET, permit_no="秀许 2026-014", holder="市场中心", zone=RING,
        valid_from=date(2026, 11, 1), valid_to=date(2026, 12, 31),
    )  # fmt: skip
    return Record(
        kind=Kind.EXEMPTION, id=MARKET, state=ExemptionState.GRANTED.value, opened_at=MORNING,
        title="周末市集", area=AreaCode("330411002"), place=HERE, external_id="秀许 2026-014",
        body=body,
    )  # fmt: skip


def a_camera() -> Record:
    """A camera whose calibration has ended."""
    body = CameraBody(short_no="C-0137", name="中山西路", calibration_until=date(2026, 11, 11))
    return Record(
        kind=Kind.CAMERA, id=CAMERA, state=CameraState.ACCEPTED.value, opened_at=MORNING,
        title="C-0137 中山西路", area=AreaCode("330411002"), place=HERE, body=body,
    )  # fmt: skip


def a_setting(value: int) -> Record:
    """A limit that was 12, and is now another."""
    done = (("define", MORNING - timedelta(days=9)), ("set", MORNING - timedelta(days=2)))
    log = tuple(
        LogEntry(
            at=at, actor="admin", actor_name="陆海", name=name, to_state="ACTIVE",
            command=CommandId(rid(900)), reason="办公会",
        )
        for name, at in done
    )  # fmt: skip
    body = SettingBody(name="accept_within_min", value=value)
    return Record(
        kind=Kind.SETTING, id=LIMIT, state="ACTIVE", scope=SHARED, version=2, opened_at=MORNING,
        title="accept_within_min", body=body, log=log,
    )  # fmt: skip


class Office(FakeEngine):
    """An administrator's engine; its policy is what its settings amount to."""

    def __init__(self, *roles: Role) -> None:
        waiting = a_flag(FlagState.L1_NOTIFIED, look_from=MORNING + timedelta(minutes=30))
        expiring = an_officer(FIRST, date(2026, 12, 5))
        records = (waiting, expiring, a_market(), a_camera(), a_setting(20))
        super().__init__(*records, roles=roles)
        self.actor = an_actor(*roles)
        self.account_lines = ACCOUNTS
        self.session_lines = (
            SessionLine(id="s1", user="duty", workstation="ZB-07", opened_at=MORNING,
                        renewed_at=MORNING, ends_at=MORNING + timedelta(days=14)),
        )  # fmt: skip

    @property
    def policy(self) -> Policy:
        return policy_from(self._settings())

    @property
    def calendar(self) -> WorkCalendar:
        return calendar_from(self._settings())

    async def query(self, query: RecordQuery) -> Page:
        """In the past the limit was 12."""
        if query.at is None:
            return await super().query(query)
        view = RecordView(record=a_setting(12))
        return Page(views=(view,), total=1, offset=0)

    def _settings(self) -> Iterable[Record]:
        return [one for one in self.district.records.values() if one.kind is Kind.SETTING]


class Desk:
    """One administrator before the panel."""

    def __init__(
        self,
        qtbot: QtBot,
        folder: Path,
        *roles: Role,
        language: str = "zh_CN",
        engine: Office | None = None,
    ) -> None:
        self.qtbot, self.engine = qtbot, engine or Office(*(roles or (Role.ADMINISTRATOR,)))
        self.window = a_window(self.engine, folder, panels=PLUGINS, language=language)
        in_front(qtbot, self.window)
        qtbot.waitUntil(lambda: self.window.docks.frame("admin") is not None)
        self.window.show_panel("admin")
        qtbot.waitUntil(lambda: bool(self.window.findChildren(AdminPanel)))
        self.panel = self.window.findChildren(AdminPanel)[0]
        self.panel.setFocus()

    def section(self, digit: str, name: str) -> None:
        """Press its digit; its lines are there."""
        press(digit)
        self.until(lambda: self.panel.section.name == name and self.panel.current is not None)

    def until(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds)

    def until_says(self, sentence: str) -> None:
        self.until(lambda: sentence in words(self.panel))

    def rows(self) -> list[AdminRow]:
        """The lines in sight, as they are painted."""
        model = self.panel.lines.view.model()
        found = [model.index(row, 0).data(ROW_ROLE) for row in range(model.rowCount())]
        return [row for row in found if isinstance(row, AdminRow)]

    def to(self, cell: str) -> None:
        """J until the line with that cell is selected."""
        for _ in self.rows():
            if self.panel.current is not None and cell in self.panel.current.cells:
                return
            press("J")
        raise AssertionError(f"no line says {cell}")

    def choose(self, answer: str) -> None:
        """Enter, then the digit of the answer that says so."""
        press("Return")
        question = self.panel.question
        self.until(question.isVisible)
        buttons = [one for one in question.findChildren(KeyButton) if answer in one.text()]
        press(str(int(buttons[0].property("answer")) + 1))
        self.until(self.panel.acting.form.isVisible)

    def submit(self, says: str) -> None:
        """Ctrl+Enter: what it will do is said. Again: it is saved."""
        press("Ctrl+Return")
        self.until_says(says)
        press("Ctrl+Return")
        self.until(lambda: not self.panel.acting.form.isVisible())

    def value(self, name: str) -> object:
        """What holds now on this workstation."""
        return getattr(self.engine.policy, name)
