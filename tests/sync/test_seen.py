"""A command is judged on what its officer saw: what moved between paint and key is said, and
nothing is saved (sync.md R12).
"""

import msgspec
import pytest

from tests.sync.district_server import DistrictServer
from tests.sync.workstation import Workstation
from tests.unit.domain.builders import DUTY, MORNING, a_flag
from xiuzhou_desktop.client.views import Draft, Forecast, RecordView, Seen, Submitted
from xiuzhou_desktop.domain.envelope import Kind

FLAG = a_flag()


@pytest.fixture
def server() -> DistrictServer:
    server = DistrictServer(MORNING, DUTY.grants, DUTY)
    server.put(FLAG)
    return server


@pytest.fixture
def desk(server: DistrictServer) -> Workstation:
    desk = Workstation("duty", server)
    desk.sync()
    return desk


def painted(desk: Workstation) -> Seen:
    """What the screen shows now."""
    found = desk.view.find(FLAG.id)
    assert found is not None
    pending = bool(found.commands)
    seen = RecordView(record=found.record, is_undecided=found.is_undecided).seen
    return Seen(
        record=seen.record, state=seen.state, state_version=seen.state_version,
        is_confirmed=not pending,
    )  # fmt: skip


def press(desk: Workstation, transition: str, seen: Seen) -> Submitted:
    draft = Draft(kind=Kind.FLAG, record=FLAG.id, transition=transition, seen=seen)
    return desk.saver.save(draft, desk.moment())


def test_a_pull_between_paint_and_key_is_said_and_nothing_is_saved(
    server: DistrictServer, desk: Workstation
) -> None:
    seen = painted(desk)
    server.colleague(Kind.FLAG, FLAG.id, "confirm")
    desk.pull_all()
    told = press(desk, "send_onsite", seen)  # allowed in both states, but decided upon the other
    assert told.command is None and told.forecast is Forecast.REFUSED
    assert told.refusal is not None and told.refusal.slug == "moved-on"
    assert told.refusal.facts == {"kind": "flag", "state": "CONFIRMED"}
    assert not list(desk.outbox)


def test_a_way_there_and_back_is_not_the_state_that_was_seen(
    server: DistrictServer, desk: Workstation
) -> None:
    seen = painted(desk)
    server.put(msgspec.structs.replace(server.records[FLAG.id], state_version=9))
    desk.pull_all()
    assert desk.state(FLAG.id) == seen.state
    told = press(desk, "confirm", seen)
    assert told.refusal is not None and told.refusal.slug == "moved-on"


def test_a_note_of_a_colleague_moves_no_decision(server: DistrictServer, desk: Workstation) -> None:
    seen = painted(desk)
    server.colleague(Kind.FLAG, FLAG.id, "annotate")
    desk.pull_all()
    assert press(desk, "confirm", seen).command is not None


def test_the_answer_to_our_own_command_does_not_make_the_next_one_stale(
    desk: Workstation,
) -> None:
    press(desk, "confirm", painted(desk))
    seen = painted(desk)
    desk.sync()  # the version moved, the state is the one that was shown
    assert press(desk, "send_onsite", seen).command is not None


def test_two_verdicts_upon_one_picture_are_one_verdict(desk: Workstation) -> None:
    seen = painted(desk)
    assert press(desk, "confirm", seen).command is not None
    again = press(desk, "send_onsite", seen)
    assert again.refusal is not None and again.refusal.slug == "moved-on"
    assert len(list(desk.outbox)) == 1
