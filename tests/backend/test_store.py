"""The store itself: its schema, its bulk path, its figures."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import QueuePool, create_engine, event, select
from sqlalchemy.exc import IntegrityError

from tests.backend.district import MORNING, TOWN, District
from xiuzhou_desktop.backend.figures import Asked, answer
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import records
from xiuzhou_desktop.backend.store.codec import encode
from xiuzhou_desktop.backend.store.engine import UnavailableError, translated
from xiuzhou_desktop.backend.store.keys import KEY_BYTES, read_key
from xiuzhou_desktop.backend.store.schema import metadata, record
from xiuzhou_desktop.backend.store.sql_tables import SqlTables
from xiuzhou_desktop.domain.canonical import canonical, format_instant
from xiuzhou_desktop.domain.envelope import Kind, LogEntry, Place, Record
from xiuzhou_desktop.domain.flag_body import FlagBody
from xiuzhou_desktop.domain.ids import CategoryCode, CommandId, SubjectKey, derived_id

MANY = 4_000
CAMERA = derived_id("camera", "C-0137")


def flags(count: int, **changes: object) -> Iterator[Record]:
    base = Record(
        kind=Kind.FLAG, id=derived_id("x"), state="DETECTED", opened_at=MORNING,
        title="浙F12345 中山西路", body=FlagBody(captured_at=MORNING, camera=CAMERA),
        subject_key=SubjectKey("plate:浙F12345/blue"),
    )  # fmt: skip
    for n in range(count):
        one = msgspec.structs.replace(base, id=derived_id("bulk", str(n), str(changes)))
        yield msgspec.structs.replace(one, **changes)


def test_a_stored_text_is_the_canonical_form_of_the_whole_record() -> None:
    (bare,) = flags(1)
    entry = LogEntry(
        at=MORNING, actor="duty", actor_name="王敏", name="confirm", to_state="L1_ISSUED",
        command=CommandId("c"),
    )  # fmt: skip
    full = msgspec.structs.replace(
        bare, log=(entry, entry), place=Place(lon_e7=1, lat_e7=-2), due_at=MORNING, seq=7,
        closed_at=MORNING, parent_id=CAMERA, category=CategoryCode("05-05"), number="XZ-F-1",
    )  # fmt: skip
    for one in (bare, full):
        assert encode(one).encode() == canonical(one)


def test_the_schema_steps_make_what_the_tables_say(district: District) -> None:
    with district.store.database.writing.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    assert differences == []


def test_a_store_opens_again_with_all_that_was_in_it(district: District) -> None:
    flag = district.reported()
    with district.store.snapshot() as connection:
        assert records.find(connection, flag.id) == flag


def test_a_write_that_fails_late_leaves_nothing_of_its_transaction(district: District) -> None:
    """PostgreSQL tells of it with a later statement, or with the end."""
    judged = district.send(district.report()).result
    for wait in (SqlTables.meta, lambda _: None):
        with pytest.raises(IntegrityError), district.store.writing() as tables:
            seq = tables.take_seq()
            tables.save_result(judged)  # known already
            wait(tables)
        with district.store.reading() as tables:
            assert tables.meta().horizon == seq - 1


def test_a_statement_of_sqlalchemy_sees_what_was_written_before_it(district: District) -> None:
    flag = district.reported()
    with district.store.transaction() as connection:
        records.set_timer(connection, flag.id, MORNING)
        looked = connection.execute(select(record.c.timer_at).where(record.c.id == flag.id))
        assert looked.scalar_one() == format_instant(MORNING)
        records.set_timer(connection, flag.id, None)
    with district.store.snapshot() as connection:
        assert records.next_timer(connection, MORNING - timedelta(days=1)) is None


def test_a_pool_without_a_free_connection_is_weather() -> None:
    pool = {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0, "pool_timeout": 0}
    engine = create_engine("sqlite://", **pool)
    with engine.connect(), pytest.raises(UnavailableError), translated():
        engine.connect()


def test_a_key_that_several_want_first_is_one_and_whole(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as several:
        for n in range(20):
            file = tmp_path / "keys" / f"{n}.key"
            found = set(several.map(read_key, [file] * 8))
            assert [len(one) for one in found] == [KEY_BYTES]
            assert file.stat().st_mode & 0o777 == 0o600
    assert len(list((tmp_path / "keys").iterdir())) == 20


def test_a_bulk_load_is_in_the_feed_with_numbers_and_digest(district: District) -> None:
    with district.store.reading() as tables:
        assert tables.meta().horizon == 0
    assert district.store.bulk_load(flags(50)) == 50
    district.store.bulk_load(flags(50, scope=TOWN))

    page = district.pull(district.cursor())

    assert len(page.changes) == 100
    assert [change.seq for change in page.changes] == list(range(1, 101))
    assert page.digest is not None
    assert page.digest[f"{TOWN}:dispatch"].n == 50  # type: ignore[index]
    with district.store.snapshot() as connection:
        numbers = set(connection.execute(select(record.c.number)).scalars())
    assert len(numbers) == 100
    assert district.reported().number not in numbers


def test_a_bulk_load_is_no_statement_a_record(small_district: District) -> None:
    statements: list[str] = []

    def count(*told: object) -> None:
        statements.append(str(told[2]))

    database = small_district.store.database.writing
    event.listen(database, "before_cursor_execute", count)
    small_district.store.bulk_load(flags(MANY))
    event.remove(database, "before_cursor_execute", count)
    assert len(statements) < MANY / 40


def test_a_cameras_precision_counts_what_people_judged(district: District) -> None:
    district.store.bulk_load(flags(3, state="CLOSED", closed_at=MORNING))
    district.store.bulk_load(flags(1, state="FALSE_ALARM", closed_at=MORNING))
    district.store.bulk_load(flags(5))
    told = figures(district, Asked(name="camera_precision", camera=CAMERA, **common(district)))
    assert told == [("camera_precision", 3, 4)]


def test_a_period_counts_what_came_in_it(district: District) -> None:
    district.store.bulk_load(flags(4, opened_at=MORNING - timedelta(days=40)))
    district.store.bulk_load(flags(2, opened_at=MORNING, state="CLOSED", closed_at=MORNING))
    period = (MORNING - timedelta(days=1), MORNING + timedelta(days=1))
    told = figures(district, Asked(name="period_flags", period=period, **common(district)))
    assert told == [("flags_settled", 2, 2)]


def test_a_ratio_over_nothing_has_no_denominator_but_zero(district: District) -> None:
    told = figures(district, Asked(name="camera_precision", camera=CAMERA, **common(district)))
    assert told == [("camera_precision", 0, 0)]


def test_figures_stay_within_the_readers_grants(district: District) -> None:
    district.store.bulk_load(flags(4, scope=TOWN, state="CLOSED"))
    told = figures(
        district,
        Asked(name="camera_precision", camera=CAMERA, grants=("330411:dispatch",), now=MORNING),
    )
    assert told == [("camera_precision", 0, 0)]


@pytest.mark.parametrize("name", ["nothing", "camera_precision", "subject_history"])
def test_a_question_without_its_argument_is_a_problem(small_district: District, name: str) -> None:
    with pytest.raises(ProblemError):
        figures(small_district, Asked(name=name, **common(small_district)))


def common(district: District) -> dict[str, object]:
    return {"grants": tuple(district.person("duty").grants), "now": district.clock.now()}


def figures(district: District, asked: Asked) -> list[tuple[str, int, int | None]]:
    with district.store.snapshot() as connection:
        return [(one.name, one.counted, one.of) for one in answer(connection, asked).figures]
