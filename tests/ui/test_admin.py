"""The administration panel by keys: what a change will affect is said before it is saved, and an
earlier version is put back.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.e2e.hands import press, type_text
from tests.e2e.sight import words
from tests.ui.admin_parts import MARKET, Desk, Office, a_camera
from tests.ui.shell_parts import running_loop
from tests.unit.domain.builders import rid
from xiuzhou_desktop.domain.exemption import ExemptionBody
from xiuzhou_desktop.domain.workflow import Role
from xiuzhou_desktop.domain.writing import body_of


@pytest.fixture(autouse=True)
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    with running_loop(qapp) as running:
        yield running


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Desk:
    return Desk(qtbot, tmp_path)


def test_a_limit_says_what_it_will_affect_then_holds_and_is_taken_back(desk: Desk) -> None:
    desk.section("5", "limits")
    desk.to("再次研判取图时限")
    press("Return")
    desk.until(desk.panel.acting.form.isVisible)
    press("Ctrl+A")
    type_text("2")
    press("Ctrl+Return")
    desk.until_says("1 条线索的自动处理提前")
    assert desk.value("capture_within_min") == 5
    press("Ctrl+Return")
    desk.until(lambda: desk.value("capture_within_min") == 2)
    desk.until_says("待同步")
    press("U")
    desk.until(lambda: desk.value("capture_within_min") == 5)


def test_an_earlier_version_is_put_back(desk: Desk) -> None:
    desk.section("5", "limits")
    desk.to("接单时限")
    desk.until_says("办公会")
    press("Ctrl+Backspace")
    desk.until(desk.panel.question.isVisible)
    press("1")
    desk.until(desk.panel.acting.form.isVisible)
    desk.submit("再按 Ctrl+Enter")
    desk.until(lambda: desk.value("accept_within_min") == 12)


def test_what_contradicts_is_refused_with_its_reason_and_nothing_is_saved(desk: Desk) -> None:
    desk.section("7", "law")
    desk.to("处罚权归属")
    press("Ctrl+N")
    desk.until(desk.panel.acting.form.isVisible)
    type_text("05-05")
    press("Tab")
    type_text("市公安局交警支队")
    desk.submit("1 条未结线索属于所改的项")
    desk.until(lambda: desk.value("jurisdictions") == {"05-05": "市公安局交警支队"})
    desk.section("6", "templates")
    desk.choose("修改")
    type_text("请 {party_name} 改正")
    desk.until_says("{party_name} 无法填写")
    press("Ctrl+Return")
    desk.until_says("短信模板 correction 里的")
    assert desk.value("sms_templates") == {}


def test_a_template_is_seen_as_it_will_go_out_while_it_is_written(desk: Desk) -> None:
    desk.section("6", "templates")
    desk.choose("修改")
    press("Ctrl+A")
    type_text("{place} {minutes}")
    desk.until(lambda: desk.panel.detail.preview.message.endswith("交叉口 15"))


def test_a_certificate_that_ends_soon_is_said_and_renewed(desk: Desk) -> None:
    desk.section("2", "officers")
    desk.until_says("执法证 12 天后到期")
    desk.choose("登记执法证")
    type_text("33-9")
    for day in ("2026-12-01", "2031-12-01"):
        press("Tab")
        type_text(day)
    desk.submit("再按 Ctrl+Enter")
    desk.until(lambda: desk.panel.current is not None and desk.panel.current.warning is None)


def test_a_zone_is_drawn_by_keys_and_says_which_flags_lie_inside(desk: Desk) -> None:
    desk.section("8", "exemptions")
    press("Return")
    desk.until(desk.panel.question.isVisible)
    press("2")
    zone = desk.panel.detail.map
    desk.until(lambda: zone.is_drawing)
    for arrow in ("Right", "Up", "Left"):
        press("Insert")
        press(arrow)
    press("Ctrl+Return")
    desk.until(desk.panel.acting.form.isVisible)
    desk.submit("未结线索在范围与时段之内外改变")
    body = body_of(desk.engine.district.records[MARKET], ExemptionBody)
    assert len(body.zone) == 3
    assert body.zone != body_of(desk.engine.truth.records[MARKET], ExemptionBody).zone


def test_the_first_zone_is_drawn_where_none_is_listed(qtbot: QtBot, tmp_path: Path) -> None:
    engine = Office(Role.ADMINISTRATOR)
    del engine.district.records[MARKET]
    desk = Desk(qtbot, tmp_path, engine=engine)
    press("8")
    desk.until(lambda: desk.panel.section.name == "exemptions")
    desk.until_says("没有选中的条目")
    press("Ctrl+N")
    zone = desk.panel.detail.map
    desk.until(lambda: zone.is_drawing)
    assert zone.canvas.isVisible()
    press("Esc")
    desk.until(lambda: not zone.canvas.isVisible())


def test_the_key_bar_names_a_test_of_the_picture_only_where_there_is_one(desk: Desk) -> None:
    desk.section("9", "cameras")
    desk.until(lambda: "试看" in desk.window.key_bar.accessibleName())
    desk.section("5", "limits")
    desk.until(lambda: "试看" not in desk.window.key_bar.accessibleName())


def test_what_has_ended_is_counted_whole(desk: Desk) -> None:
    cameras = [msgspec.structs.replace(a_camera(), id=rid(2000 + n)) for n in range(600)]
    desk.engine.district.records |= {one.id: one for one in cameras}
    desk.section("9", "cameras")
    desk.until_says("603 项")


def test_an_account_act_says_what_it_gives_and_a_password_once(desk: Desk) -> None:
    desk.section("1", "accounts")
    desk.to("duty")
    desk.choose("重设密码")
    desk.submit("旧密码失效")
    desk.until_says("told-once")
    assert "reset duty" in desk.engine.said
    press("2")
    desk.until(lambda: "told-once" not in words(desk.panel))


def test_a_session_is_seen_and_ended(desk: Desk) -> None:
    desk.section("1", "accounts")
    desk.to("duty")
    desk.until_says("ZB-07,最近 2026-11-23 08:30")
    desk.choose("结束登录")
    desk.submit("该工作站须重新登录")
    desk.until(lambda: "ZB-07" not in words(desk.panel))


def test_a_workstation_is_let_in_by_a_code_told_once_and_taken_off_the_list(desk: Desk) -> None:
    press("0")
    desk.until_says("还没有登记的工作站")
    press("Ctrl+N")
    desk.until(desk.panel.acting.form.isVisible)
    type_text("ZB-09")
    desk.submit("24 小时内用一次")
    desk.until_says("ZB-09 的登记码:once-told")
    desk.to("ZB-09")
    press("1")
    desk.until(lambda: "once-told" not in words(desk.panel))
    desk.section("0", "workstations")
    desk.choose("移出名单")
    desk.submit("下次登录被拒")
    desk.until_says("还没有登记的工作站")
    assert desk.engine.said == ["invite ZB-09", "remove ZB-09"]


def test_offline_it_says_that_the_effect_is_unknown_and_accounts_stay(desk: Desk) -> None:
    desk.engine.unplug()
    desk.section("5", "limits")
    desk.to("接单时限")
    desk.choose("修改")
    desk.until_says("取值(分钟)")
    desk.submit("影响由服务器计算,现在未知")
    desk.until_says("待同步")


def test_a_supervisor_reads_and_changes_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    desk = Desk(qtbot, tmp_path, Role.SUPERVISOR)
    desk.section("5", "limits")
    assert desk.panel.detail.primary.reason == "你的角色只能查看;可由 管理员 修改"
    press("Return")
    assert not desk.panel.question.isVisible()
