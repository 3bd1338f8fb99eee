"""A stored profile that holds 200,000 open flags, filled by the client's own bulk path.

It is signed in to a server that does not answer, so that a window opens on it offline. Filling
takes about a minute; it is kept in `build/bench` until the code that writes it changes.
"""

import hashlib
import random
import shutil
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import msgspec
import numpy
from PIL import Image, ImageDraw

from tests.bench.figure import note
from xiuzhou_desktop.client.blob_files import BlobFiles, Part
from xiuzhou_desktop.client.cache import SqlCache
from xiuzhou_desktop.client.clock import Anchor
from xiuzhou_desktop.client.profile import Profile
from xiuzhou_desktop.client.session import SavedSession, SessionFile
from xiuzhou_desktop.client.sync.pull import Feed, Source
from xiuzhou_desktop.client.sync.store import CacheBatch, CacheMeta, GrantPart, GrantState
from xiuzhou_desktop.client.sync.stored import read_envelope
from xiuzhou_desktop.contract.session import Tokens
from xiuzhou_desktop.contract.sync import Account
from xiuzhou_desktop.domain.camera_body import CameraBody, CameraState
from xiuzhou_desktop.domain.canonical import canonical
from xiuzhou_desktop.domain.envelope import Kind, Place, Record
from xiuzhou_desktop.domain.flag_body import FlagBody, FlagState
from xiuzhou_desktop.domain.grants import grants_for
from xiuzhou_desktop.domain.ids import DISTRICT, AreaCode, CategoryCode, RecordId, SubjectKey
from xiuzhou_desktop.domain.workflow import Role

PROJECT = Path(__file__).resolve().parents[2]
FLAGS, CAMERAS, STILLS = 200_000, 152, 24
A_LOAD = 20_000
SERVER = "http://127.0.0.1:9"  # nobody listens there
USER = "duty"
OPENING = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)  # 08:30 of a working day
WRITERS = (  # whose change makes the profile anew
    "client/cache/*.py", "client/sync/stored.py", "client/sync/words.py", "client/sync/lists.py",
    "client/sync/pull.py", "domain/envelope.py", "domain/flag_body.py", "domain/canonical.py",
)  # fmt: skip
STREETS = (
    "中山西路", "洪兴西路", "东升西路", "秀洲大道", "新塍大道", "王店镇梅里路", "油车港镇澄溪路",
    "洪合镇国贸路", "王江泾镇运河路", "高照街道八字路", "桃园路", "木桥港路", "康和路", "昌盛路",
)  # fmt: skip
AREAS = ("330411002", "330411005", "330411101", "330411103", "330411104", "330411105")
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def profile_root(build: Path) -> Path:
    """The root of the profile, filled if it is not there or not as the code would fill it now."""
    root, stamp = build / "many-flags", _stamp()
    seal = root / "made-of"
    if not seal.exists() or seal.read_text("ascii") != stamp:
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        _fill(root)
        seal.write_text(stamp, "ascii")
    return root


def flag(number: int) -> Record:
    """The flag of a number: always the same one."""
    draw = random.Random(number)
    street, house = draw.choice(STREETS), draw.randrange(1, 900)
    plate = f"浙F{draw.choice(LETTERS)}{draw.randrange(10_000):04d}"
    is_car = draw.random() < 0.8
    captured = OPENING - timedelta(seconds=draw.randrange(60, 40 * 86_400))
    address = f"{street} {house} 号"
    what = "机动车违停" if is_car else "跨门经营"
    body = FlagBody(
        camera=_id(number % CAMERAS, "c"), captured_at=captured, confidence_e4=9_000 - number % 999,
        box_e4=(3_000, 4_000, 4_500, 6_000), plate=plate if is_car else None,
        plate_colour="blue" if is_car else None, plate_ocr_e4=9_500, address=address,
        dwell_s=draw.randrange(60, 900), still=f"sha256:{still_name(number)}",
    )  # fmt: skip
    return Record(
        kind=Kind.FLAG, id=_id(number, "f"), number=f"秀违 {number:06d}", state=FlagState.DETECTED,
        version=1, state_version=1, category=CategoryCode("05-05" if is_car else "05-04"),
        area=AreaCode(draw.choice(AREAS)), priority=draw.choice((1, 2, 2, 3, 3, 3, 4)),
        subject_key=SubjectKey(f"plate:{plate}/blue" if is_car else f"shop:{number}"),
        place=Place(lon_e7=1_207_000_000 + draw.randrange(500_000), lat_e7=307_600_000),
        opened_at=captured + timedelta(seconds=20),
        due_at=OPENING + timedelta(minutes=draw.randrange(20, 60 * 24 * 30)),
        title=f"{what} {plate if is_car else address}", source="智能识别", seq=number + 1_000,
        body=body,
    )  # fmt: skip


def settled(number: int) -> Record:
    """The flag of a number as it lies in the archive."""
    closed_at = OPENING - timedelta(minutes=number % 50_000)
    return msgspec.structs.replace(flag(number), state=FlagState.CLOSED, closed_at=closed_at)


def still_name(number: int) -> str:
    """The name of one of the pictures that flags share."""
    return _digest(number % STILLS)


@cache
def _digest(number: int) -> str:
    return hashlib.sha256(_still(number)).hexdigest()


def _still(number: int) -> bytes:
    """A picture as large as a camera's, with as much in it."""
    draw = random.Random(number)
    image = Image.fromarray(
        numpy.random.default_rng(number).integers(0, 255, (135, 240, 3), "uint8")
    )
    image = image.resize((1920, 1080))
    pen = ImageDraw.Draw(image)
    for _ in range(60):
        x, y = draw.randrange(1920), draw.randrange(1080)
        ink = (draw.randrange(256), draw.randrange(256), draw.randrange(256))
        pen.rectangle((x, y, x + 160, y + 90), fill=ink)
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def _fill(root: Path) -> None:
    note(f"filling a profile with {FLAGS:,} flags (once)")
    profile = filled(root, Role.DUTY_OFFICER, _loads(), FLAGS + 1_000)
    _fill_pictures(profile)
    profile.close()


def filled(root: Path, role: Role, loads: Iterable[list[Record]], top_seq: int) -> Profile:
    """A stored profile of somebody with that role, with these records up to that seq."""
    now = datetime.now(UTC)
    profile = Profile(root, SERVER, USER, now)
    grants = grants_for(((role, DISTRICT),))
    SessionFile(profile).write(
        SavedSession(
            tokens=Tokens(access="a", refresh="b", expires_at=now),
            account=Account(user=USER, name="值班员", officer=None, roles=(role,)),
            grants=tuple(sorted(grants)), workstation="bench",
            anchor=Anchor(server_time=OPENING, wall=now),
        )
    )  # fmt: skip
    profile.remember()
    cache = SqlCache(profile.folder, profile.key)
    cache.reset(CacheMeta(epoch="bench"))
    feed = Feed(cache)
    for rows in loads:
        feed.take([read_envelope(canonical(row)) for row in rows], Source.SNAPSHOT, gen=1)
    known = cache.parts()
    empty = GrantPart(state=GrantState.READY)
    parts = {
        one: GrantPart(state=GrantState.READY, n=known.get(one, empty).n, x=known.get(one, empty).x)
        for one in grants
    }
    meta = CacheMeta(
        epoch="bench", cursor="bench", cursor_seq=top_seq, cursor_grants=grants,
        top_seq=top_seq, gen=1, synced_at=OPENING,
    )  # fmt: skip
    cache.write(CacheBatch(parts=parts, meta=meta))
    cache.close()
    return profile


def _fill_pictures(profile: Profile) -> None:
    files = BlobFiles(profile.folder / "files", profile.key)
    for number in range(STILLS):
        content, digest = _still(number), still_name(number)
        files.append(digest, Part(offset=0, content=content, total=len(content)), files.generation)
        files.finish(digest, files.generation)


def _loads() -> Iterator[list[Record]]:
    yield [_camera(number) for number in range(CAMERAS)]
    for first in range(0, FLAGS, A_LOAD):
        yield [flag(number) for number in range(first, first + A_LOAD)]


def _camera(number: int) -> Record:
    body = CameraBody(short_no=f"C-{number + 1:04d}", address=STREETS[number % len(STREETS)])
    return Record(
        kind=Kind.CAMERA, id=_id(number, "c"), state=CameraState.ACCEPTED, version=1,
        state_version=1, area=AreaCode(AREAS[number % len(AREAS)]), opened_at=OPENING,
        title=body.short_no, seq=number + 1, body=body,
    )  # fmt: skip


def _id(number: int, kind: str) -> RecordId:
    return RecordId(f"00000000-0000-7000-8{kind}00-{number:012d}")


def _stamp() -> str:
    whole = hashlib.sha256(Path(__file__).read_bytes())
    for pattern in WRITERS:
        for path in sorted((PROJECT / "xiuzhou_desktop").glob(pattern)):
            whole.update(path.read_bytes())
    return whole.hexdigest()
