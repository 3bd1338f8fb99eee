"""Flags from AI detectors: checked, their picture kept, judged as a command `detect` of role
DEVICE.

The command's id follows from (source, external id), so a detector that sends twice makes one flag.
"""

import hashlib
import secrets
from datetime import timedelta

import msgspec
from sqlalchemy import Connection, insert, select

from xiuzhou_desktop.backend.blobs import Blobs
from xiuzhou_desktop.backend.cameras import CameraNames
from xiuzhou_desktop.backend.clock import BusinessClock, wall_clock
from xiuzhou_desktop.backend.commands import Desk
from xiuzhou_desktop.backend.images import check_image
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import Store, records
from xiuzhou_desktop.backend.store.schema import device
from xiuzhou_desktop.contract.ingest import IngestAnswer, IngestFlag
from xiuzhou_desktop.contract.sync import Status
from xiuzhou_desktop.domain.camera_body import CameraBody
from xiuzhou_desktop.domain.canonical import Json, format_instant, to_json
from xiuzhou_desktop.domain.command import Command, Expect
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.flag_forms import Detect
from xiuzhou_desktop.domain.grants import grants_for
from xiuzhou_desktop.domain.ids import DISTRICT, CommandId, derived_id
from xiuzhou_desktop.domain.plate import is_plate, normalise_plate
from xiuzhou_desktop.domain.workflow import Actor, Role

FUTURE = timedelta(minutes=5)  # a detector's clock may be a little fast
MAX_TEXT = 200
VALID_FOR = timedelta(days=3650)


class Intake:
    """The door for detectors."""

    def __init__(self, store: Store, clock: BusinessClock, desk: Desk, blobs: Blobs) -> None:
        self._store = store
        self._clock = clock
        self._desk = desk
        self._blobs = blobs
        self._cameras = CameraNames()

    def take(self, sender: str, flag: IngestFlag, image: bytes | None) -> IngestAnswer:
        """A flag from a device. Raises ProblemError. Decodes the picture, so call it on a worker's
        thread.
        """
        source = flag.source or sender
        self._refuse_implausible(source, flag)
        if image is not None:
            check_image(image)
        with self._store.snapshot() as connection:
            known = records.find_external(connection, source, flag.external_id)
        if known:
            return IngestAnswer(record=known.id, created=False)
        still = self._blobs.put(image) if image is not None else None
        with self._store.transaction() as connection:
            return self._detect(connection, source, flag, still)

    def _refuse_implausible(self, source: str, flag: IngestFlag) -> None:
        if not 1 <= len(flag.external_id) <= MAX_TEXT or not 1 <= len(source) <= 80:
            raise ProblemError("bad-flag", "source or external_id is empty or too long")
        if flag.captured_at.tzinfo is None:
            raise ProblemError("bad-time", "captured_at has no time zone")
        if flag.captured_at > self._clock.now() + FUTURE:
            raise ProblemError("bad-time", "captured_at lies in the future")
        if flag.plate is not None and not is_plate(flag.plate):
            raise ProblemError("bad-plate")

    def _detect(
        self, connection: Connection, source: str, flag: IngestFlag, still: str | None
    ) -> IngestAnswer:
        known = records.find_external(connection, source, flag.external_id)
        if known:
            return IngestAnswer(record=known.id, created=False)
        camera = self._camera(connection, flag)
        command = _command(source, flag, _detection(source, flag, camera, still))
        judged = self._desk.execute_as(self._store.tables(connection), _device(source), command)
        problem = judged.result.problem
        if judged.result.status is not Status.APPLIED or problem is not None:
            slug = problem.slug if problem else judged.result.status.value
            detail = str(problem.facts.get("detail", slug)) if problem else slug
            raise ProblemError("bad-flag", detail, refusal=slug)
        return IngestAnswer(record=command.record, created=True)

    def _camera(self, connection: Connection, flag: IngestFlag) -> Record | None:
        if flag.camera is None:
            return None
        camera = self._cameras.find(connection, flag.camera)
        if camera is None:
            raise ProblemError("unknown-camera", flag.camera)
        return camera


def _detection(
    source: str, flag: IngestFlag, camera: Record | None, still: str | None
) -> dict[str, Json]:
    """The arguments of `detect`; place and area are the camera's where the detector gives none."""
    plain = to_json(flag)
    told = dict(plain) if isinstance(plain, dict) else {}
    told |= {"source": source, "still": still, "camera": camera.id if camera else None}
    if flag.plate is not None:
        told["plate"] = normalise_plate(flag.plate)
    if camera is not None and isinstance(camera.body, CameraBody):
        told["area"] = flag.area or camera.area
        told["address"] = flag.address or camera.body.address
        told["scope"] = camera.scope
        if flag.lon_e7 is None and camera.place:
            told |= {"lon_e7": camera.place.lon_e7, "lat_e7": camera.place.lat_e7}
    return {name: value for name, value in told.items() if name in Detect.__struct_fields__}


def _command(source: str, flag: IngestFlag, args: dict[str, Json]) -> Command:
    return Command(
        id=CommandId(derived_id("ingest", source, flag.external_id)), client_seq=0,
        kind=Kind.FLAG, record=derived_id("flag", source, flag.external_id), transition="detect",
        expect=Expect(absent=True), args=args, issued_at=flag.captured_at,
        not_after=flag.captured_at + VALID_FOR,
    )  # fmt: skip


def _device(name: str) -> Actor:
    return Actor(
        user=f"device:{name}"[:64], name=name, roles=frozenset({Role.DEVICE}),
        grants=grants_for([(Role.DEVICE, DISTRICT)]),
    )  # fmt: skip


def add_device(store: Store, name: str) -> str:
    """A new device's token, told once. Raises IntegrityError when the name is taken."""
    token = secrets.token_urlsafe(32)
    with store.transaction() as connection:
        connection.execute(
            insert(device).values(
                name=name, token_hash=_hash(token), made_at=format_instant(wall_clock())
            )
        )
    return token


def device_of(connection: Connection, token: str) -> str:
    """The device that holds this token. Raises ProblemError."""
    found = connection.execute(
        select(device.c.name).where(device.c.token_hash == _hash(token))
    ).scalar_one_or_none()
    if found is None:
        raise ProblemError("signed-out", "device token")
    return str(found)


def _hash(token: str) -> str:
    return hashlib.blake2b(token.encode(), digest_size=32).hexdigest()


def parse_flag(raw: bytes) -> IngestFlag:
    """Part `flag` of the form. Raises ProblemError."""
    if b"\\u0000" in raw:
        raise ProblemError("malformed", "flag")
    try:
        return msgspec.json.decode(raw, type=IngestFlag)
    except (ValueError, RecursionError) as error:
        raise ProblemError("malformed", f"flag: {error}") from error
