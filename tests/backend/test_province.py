"""Cases whose master is the province: packages out, answers in, with a stand-in process between."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from tests.backend.district import MORNING, District
from tests.backend.process import ROOT
from tests.backend.test_timers_and_effects import Book, Provider
from tests.unit.domain import case_builders
from tests.unit.domain.case_builders import CASE
from xiuzhou_desktop.backend.case_packages import LARGEST_ANSWER, CasePackages
from xiuzhou_desktop.backend.effects import Outbox, Providers
from xiuzhou_desktop.backend.province import Province
from xiuzhou_desktop.backend.restore import begin_after_restore
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.case_body import CaseBody, CaseState
from xiuzhou_desktop.domain.case_master import CaseMaster
from xiuzhou_desktop.domain.command import Command
from xiuzhou_desktop.domain.workflow import Role

TODAY = "2026-11-23"


class Desk:
    """A provincial case in a real store, reviewed and ready for its notice."""

    def __init__(self, district: District) -> None:
        self.district = district
        self.folder = district.settings.folder / "case-packages"
        packages = CasePackages(self.folder)
        providers = Providers(sms=Provider(deduplicates=True), contacts=Book(), packages=packages)
        self.outbox = Outbox(district.store, district.clock, district.desk, providers)
        self.province = Province(district.store, district.clock, district.desk, packages)
        district.add_officer("head", Role.SUPERVISOR)
        made = case_builders.reviewed(master=CaseMaster.PROVINCIAL)
        numbered = (
            msgspec.structs.replace(one, number="XZ-A-20261123-0608") if one.id == CASE else one
            for one in made.records.values()
        )
        district.store.bulk_load(tuple(numbered))

    @property
    def body(self) -> CaseBody:
        found = self.district.record(CASE)
        assert found is not None
        assert isinstance(found.body, CaseBody)
        return found.body

    @property
    def state(self) -> str:
        found = self.district.record(CASE)
        assert found is not None
        return found.state

    def act(self, transition: str, **args: Json) -> str:
        """As the head of the desk; how it ended."""
        case = self.district.record(CASE)
        command: Command = self.district.command(transition, case, args=args)
        judged = self.district.send(command, "head")
        problem = judged.result.problem
        return problem.slug if problem else judged.result.status.value

    def answer(self, name: str, content: bytes) -> None:
        tray = self.folder / "in"
        tray.mkdir(parents=True, exist_ok=True)
        (tray / name).write_bytes(content)

    def take(self) -> int:
        """One round of the backend; how many answers are out of the tray."""
        judged = self.province.turn(self.province.look())
        self.province.put_away(judged)
        return len(judged)

    def stand_in(self) -> None:
        """The province's system, as a process of its own, once over what lies there."""
        command = [sys.executable, "-m", "xiuzhou_desktop.backend.demo.province", "--once"]
        subprocess.run([*command, "--folder", str(self.folder)], check=True, cwd=ROOT)


@pytest.fixture
def desk(district: District) -> Desk:
    return Desk(district)


def said(**more: object) -> bytes:
    """An answer of the province."""
    answer: Mapping[str, object] = {
        "key": "k", "case": CASE, "state": "NOTICE_SENT", "at": MORNING.isoformat(),
        "provincial_no": "浙嘉秀罚立〔2026〕00608",
    } | more  # fmt: skip
    return json.dumps(answer).encode()


def files(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.glob("*.json"))


def test_the_stand_in_takes_a_step_and_gives_number_and_state_back(desk: Desk) -> None:
    assert desk.act("send_notice", dated=TODAY) == "applied"
    assert desk.state == CaseState.INVESTIGATION_DONE
    desk.outbox.turn()
    (package,) = (desk.folder / "out").glob("*.json")
    assert json.loads(package.read_bytes())["step"] == "send_notice"

    desk.stand_in()
    assert desk.take() == 1

    assert desk.state == CaseState.NOTICE_SENT
    assert str(desk.body.provincial_no).startswith("浙嘉秀罚立〔2026〕")
    assert desk.body.submission is None
    assert files(desk.folder / "in" / "done") == [f"a-{package.name}"]


def test_the_next_step_waits_for_the_answer(desk: Desk) -> None:
    desk.act("send_notice", dated=TODAY)
    assert desk.act("send_notice", dated=TODAY) == "with-the-province"


def test_a_package_is_answered_once_and_an_answer_taken_once(desk: Desk) -> None:
    desk.act("send_notice", dated=TODAY)
    desk.outbox.turn()
    for _ in range(2):
        desk.stand_in()
        desk.take()
    log = desk.district.record(CASE)
    assert log is not None
    assert [one.name for one in log.log].count("mirror") == 1
    answered = next((desk.folder / "in" / "done").glob("*.json")).read_bytes()
    desk.answer("again.json", answered)
    desk.take()
    assert files(desk.folder / "in" / "bad") == []
    assert desk.state == CaseState.NOTICE_SENT


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"{", "truncated"), (b"\xff\xfe", ""), (said(case="nobody"), "no such case"),
        (said(state="MELTED"), "MELTED"), (said(colour="blue"), "colour"),
        (said(at="2026-11-23T08:30:00"), "time zone"), (b" " * (LARGEST_ANSWER + 1), "too large"),
    ],
)  # fmt: skip
def test_what_says_nothing_is_put_aside_with_the_reason(
    desk: Desk, content: bytes, fault: str
) -> None:
    desk.answer("odd.json", content)
    assert desk.take() == 1
    assert files(desk.folder / "in" / "bad") == ["odd.json"]
    assert fault in (desk.folder / "in" / "bad" / "odd.why").read_text("utf-8")
    assert desk.state == CaseState.INVESTIGATION_DONE
    assert desk.take() == 0


def test_a_number_for_the_filing_moves_no_step_back(desk: Desk) -> None:
    desk.act("send_notice", dated=TODAY)
    desk.answer("filed.json", said(state="FILED"))
    desk.take()
    assert desk.state == CaseState.INVESTIGATION_DONE
    assert desk.body.submission is not None
    assert desk.body.provincial_no == "浙嘉秀罚立〔2026〕00608"


def test_its_decision_number_replaces_ours(desk: Desk) -> None:
    answer = said(state="DECIDED", document_no="嘉秀罚〔2026〕1号", dated="2026-12-01")
    desk.answer("decided.json", answer)
    desk.take()
    assert desk.state == CaseState.DECIDED
    assert desk.body.decision_no == "嘉秀罚〔2026〕1号"
    assert [one.number for one in desk.body.documents] == ["嘉秀罚〔2026〕1号"]


def test_after_a_restore_answers_wait_for_what_workstations_bring_back(desk: Desk) -> None:
    begin_after_restore(desk.district.store, desk.district.clock.now())
    desk.answer("early.json", said(case="not here yet"))
    assert desk.take() == 0
    assert files(desk.folder / "in") == ["early.json"]
    desk.district.wall.advance(hours=3)
    assert desk.take() == 1
    assert files(desk.folder / "in") == []


def test_what_another_process_has_put_away_is_not_missed(desk: Desk) -> None:
    desk.answer("filed.json", said(state="FILED"))
    desk.answer("odd.json", b"{")
    seen = desk.province.look()
    desk.take()
    desk.province.put_away(desk.province.turn(seen))
    assert files(desk.folder / "in") == []
    assert files(desk.folder / "in" / "done") == ["filed.json"]


def test_a_package_that_was_found_in_the_tray_is_told(desk: Desk) -> None:
    desk.act("send_notice", dated=TODAY)
    store, clock = desk.district.store, desk.district.clock
    with store.reading() as tables:
        (owed,) = tables.waiting_effects(clock.now(), 10)
    CasePackages(desk.folder).put(owed.key, "send_notice", None, None)
    begin_after_restore(store, clock.now())
    desk.outbox.turn()
    with store.reading() as tables:
        assert tables.waiting_effects(clock.now(), 10) == ()
        assert tables.untold_effects(10, None) == ()
