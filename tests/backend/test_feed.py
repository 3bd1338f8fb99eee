"""The feed: nothing lost, nothing shown that is not granted, the digest always right (sync.md §4.1,
§4.5).
"""

import msgspec
import pytest

from tests.backend.district import OTHER_TOWN, TOWN, District
from xiuzhou_desktop.backend.feed import SnapshotAsked, snapshot
from xiuzhou_desktop.backend.housekeeping import KEEP_TOMBSTONES, keep_house
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.restore import begin_after_restore
from xiuzhou_desktop.backend.store import meta, records
from xiuzhou_desktop.backend.store.persons import grant_role
from xiuzhou_desktop.contract.digest import grant_digest, line_digest
from xiuzhou_desktop.contract.sync import Op, PullPage
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.ids import DISTRICT, Grant
from xiuzhou_desktop.domain.workflow import Role

HERE = Grant(f"{DISTRICT}:dispatch")


def move(district: District, record: Record, scope: str) -> Record:
    """An administrator's hand: the record lies in another scope now."""
    with district.store.transaction() as connection:
        seq = meta.take_seq(connection)
        moved = msgspec.structs.replace(record, scope=scope, seq=seq, version=record.version + 1)
        records.write(connection, record, moved, None)
        records.count_changes(connection, [(record, moved)])
    return moved


def erase(district: District, record: Record) -> None:
    with district.store.transaction() as connection:
        records.erase(connection, record, meta.take_seq(connection), district.clock.now())


def lines(page: PullPage) -> list[tuple[str, Op, str | None]]:
    return [(change.id, change.op, change.grant) for change in page.changes]


def test_a_record_appears_once_at_its_last_seq(district: District) -> None:
    flag = district.reported()
    district.send(district.command("dismiss", flag))

    page = district.pull(district.cursor())

    assert lines(page) == [(flag.id, Op.PUT, None)]
    assert page.changes[0].seq == page.horizon


def test_a_page_ends_only_where_a_seq_ends(district: District) -> None:
    flag = district.reported(plate="浙F12345", plate_colour="blue")
    cursor = district.pull(district.cursor()).cursor
    district.send(district.command("confirm", flag))
    district.reported()

    page = district.pull(cursor, limit=1)

    assert (len(page.changes), page.has_more) == (3, True)
    assert len({change.seq for change in page.changes}) == 1
    rest = district.pull(page.cursor, limit=1)
    assert (len(rest.changes), rest.has_more) == (1, False)


def test_what_moves_out_of_a_grant_is_told_to_it_before_it_comes_into_the_other(
    district: District,
) -> None:
    flag = district.reported(area=TOWN)
    district.add_officer("town", Role.DUTY_OFFICER, TOWN)
    both, town = district.cursor(), district.cursor("town")

    move(district, flag, OTHER_TOWN)

    old = Grant(f"{TOWN}:dispatch")
    assert lines(district.pull(both)) == [(flag.id, Op.GONE, old), (flag.id, Op.PUT, None)]
    assert lines(district.pull(town, "town")) == [(flag.id, Op.GONE, old)]


def test_what_is_deleted_is_told_and_known_to_be_gone(district: District) -> None:
    flag = district.reported()
    cursor = district.pull(district.cursor()).cursor

    erase(district, flag)

    page = district.pull(cursor)
    assert [(c.id, c.op, c.why) for c in page.changes] == [(flag.id, Op.GONE, "deleted")]
    assert district.send(district.command("confirm", flag)).result.status.value == "gone"


def test_the_digest_is_that_of_the_records_whatever_happened_to_them(district: District) -> None:
    flags = [district.reported() for _ in range(5)]
    district.send(district.command("dismiss", flags[0]))
    move(district, flags[1], TOWN)
    erase(district, flags[2])

    page = district.pull(district.cursor())

    held = [c for c in page.changes if c.op is Op.PUT and c.id != flags[1].id]
    x = 0
    for change in held:
        x ^= line_digest(change.id, change.seq)
    assert page.digest is not None
    assert page.digest[HERE] == grant_digest(3, x)


def test_only_the_last_page_has_a_digest(district: District) -> None:
    for _ in range(3):
        district.reported()
    first = district.pull(district.cursor(), limit=2)
    assert first.digest is None
    assert district.pull(first.cursor).digest is not None


def test_changed_grants_are_told_before_any_record(district: District) -> None:
    district.add_officer("town", Role.DUTY_OFFICER, TOWN)
    cursor = district.cursor("town")
    district.reported(area=OTHER_TOWN)
    with district.store.transaction() as connection:
        grant_role(connection, "town", Role.DUTY_OFFICER, OTHER_TOWN)

    page = district.pull(cursor, "town")

    assert page.changes == () and page.digest is None and page.has_more
    assert Grant(f"{OTHER_TOWN}:dispatch") in page.grants
    assert len(district.pull(page.cursor, "town").changes) == 1


def test_a_cursor_from_before_a_restore_or_below_the_floor_needs_a_resync(
    district: District,
) -> None:
    old = district.cursor()
    flag = district.reported()
    erase(district, flag)
    district.wall.advance(days=KEEP_TOMBSTONES.days + 1)
    keep_house(district.store, district.clock.now(), district.wall())
    with pytest.raises(ProblemError) as expired:
        district.pull(old)
    begin_after_restore(district.store, district.clock.now())
    with pytest.raises(ProblemError) as changed:
        district.pull(old)
    assert (expired.value.slug, changed.value.slug) == ("cursor-expired", "epoch-changed")


@pytest.mark.parametrize("cursor", ["", "c2.", "c2.!!", "c1.e30", "c2.e30", "c2." + "a" * 999])
def test_a_cursor_that_is_none_of_ours_is_a_problem(small_district: District, cursor: str) -> None:
    with pytest.raises(ProblemError) as refused:
        small_district.pull(cursor)
    assert refused.value.slug == "bad-cursor"


def test_a_snapshot_gives_every_record_once_open_ones_apart(district: District) -> None:
    flags = [district.reported() for _ in range(5)]
    district.send(district.command("dismiss", flags[0]))
    open_ids, after = [], ""
    with district.store.reading() as tables:
        person = district.person("duty")
        while True:
            asked = SnapshotAsked(grant=HERE, part=1, after_id=after, limit=2)
            page = snapshot(tables, person, asked)
            open_ids += [msgspec.json.decode(one)["id"] for one in page.records]
            if not page.has_more:
                break
            after = page.after_id or ""
        closed = snapshot(tables, person, SnapshotAsked(
            grant=HERE, part=0, after_id="", limit=9,
        ))  # fmt: skip
    assert sorted(open_ids) == sorted(flag.id for flag in flags[1:])
    assert (page.total, closed.total, len(closed.records)) == (4, 1, 1)
    assert district.pull(page.cursor).changes == ()


def test_a_snapshot_of_a_foreign_grant_is_forbidden(district: District) -> None:
    district.add_officer("town", Role.DUTY_OFFICER, TOWN)
    asked = SnapshotAsked(grant=HERE, part=1, after_id="", limit=9)
    with district.store.reading() as tables, pytest.raises(ProblemError) as refused:
        snapshot(tables, district.person("town"), asked)
    assert refused.value.slug == "grant-revoked"
