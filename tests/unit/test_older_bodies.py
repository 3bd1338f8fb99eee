"""A body written by a program of another version, read on both sides by the kind's upcasters."""

from collections.abc import Callable, Iterator, Mapping

import msgspec
import pytest

from tests.unit.domain.builders import a_flag
from xiuzhou_desktop.backend.store import codec
from xiuzhou_desktop.client.sync import stored
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.flag_body import FlagBody
from xiuzhou_desktop.domain.kinds import KINDS

Reader = Callable[[str], Record]
Step = Callable[[dict[str, object]], dict[str, object]]
READERS = [
    pytest.param(codec.decode, id="backend"),
    pytest.param(lambda doc: stored.decode_record(doc.encode()), id="workstation"),
]
WRITTEN = codec.encode(a_flag())  # version 1


def split(body: dict[str, object]) -> dict[str, object]:
    """1 → 2: the address was called `street`."""
    return body | {"street": body.pop("address")}


def back(body: dict[str, object]) -> dict[str, object]:
    """2 → 3: and is called `address` again, with the district before it."""
    return body | {"address": f"秀洲区{body.pop('street')}"}


def know(monkeypatch: pytest.MonkeyPatch, steps: Mapping[int, Step]) -> None:
    """Both sides hold version 3 of a flag's body, with these steps to it."""
    spec = msgspec.structs.replace(KINDS[Kind.FLAG], body_v=3, upcasters=steps)
    for side in (codec, stored):
        monkeypatch.setattr(side, "KINDS", {**KINDS, Kind.FLAG: spec})


def forget() -> None:
    """Both readers remember what they read."""
    codec.decode.cache_clear()
    stored.decode_record.cache_clear()


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The flag of a program two versions ahead."""
    forget()
    know(monkeypatch, {1: split, 2: back})
    yield
    forget()


@pytest.mark.usefixtures("newer")
@pytest.mark.parametrize("read", READERS)
def test_an_older_body_is_raised_step_by_step(read: Reader) -> None:
    found = read(WRITTEN)
    was = a_flag().body
    assert isinstance(found.body, FlagBody) and isinstance(was, FlagBody)
    assert found.body == msgspec.structs.replace(was, address=f"秀洲区{was.address}")
    assert found.body_v == 3
    assert read(codec.encode(found)) == found  # written anew it needs no step


@pytest.mark.usefixtures("newer")
@pytest.mark.parametrize("read", READERS)
def test_a_body_between_takes_the_steps_that_are_left(read: Reader) -> None:
    between = WRITTEN.replace('"address":', '"street":').replace('"body_v":1', '"body_v":2')
    assert read(between) == read(WRITTEN)


@pytest.mark.usefixtures("newer")
@pytest.mark.parametrize("read", READERS)
def test_a_version_without_its_step_is_not_read(
    read: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(monkeypatch, {1: split})
    with pytest.raises(msgspec.ValidationError, match="no upcaster"):
        read(WRITTEN)


@pytest.mark.parametrize("read", READERS)
def test_an_older_program_does_not_guess_at_a_newer_body(read: Reader) -> None:
    with pytest.raises(msgspec.ValidationError, match="newer"):
        read(WRITTEN.replace('"body_v":1', '"body_v":2'))
