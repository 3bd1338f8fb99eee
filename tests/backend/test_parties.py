"""What names a party lies sealed, is found again by a blind index, and no look goes unnoted."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from tests.backend.at_console import at_console
from tests.backend.district import MORNING, TOWN, District
from tests.backend.process import PASSWORD, Backend, push, report
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import UnavailableError, open_store, schema
from xiuzhou_desktop.backend.store.vault import OtherKeyError, Vault
from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.errors import Unavailable
from xiuzhou_desktop.client.session import sign_in
from xiuzhou_desktop.contract.parties import PartyFind, PartyLook, PartyNumbers
from xiuzhou_desktop.contract.sync import Status
from xiuzhou_desktop.domain.canonical import digest
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.party import PartyBody
from xiuzhou_desktop.domain.workflow import Role

NUMBER, PHONE = "33041119900307001X", "+86 138-0573-1234"  # the check character is computed below
LATER = "2099-01-01T00:00:00Z"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def resident_id() -> str:
    """NUMBER with the check character that GB 11643 gives it."""
    total = sum(int(one) * by for one, by in zip(NUMBER[:17], WEIGHTS, strict=True))
    return NUMBER[:17] + "10X98765432"[total % 11]


def registering(**changes: object) -> dict[str, object]:
    args = {
        "type": "citizen", "name": "张三", "resident_id": resident_id(), "phone": PHONE, **changes,
    }  # fmt: skip
    return report(kind="party", transition="register", args=args)


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    folder = tmp_path_factory.mktemp("parties") / "data"
    for user, role, scope in (
        ("lead", "supervisor", "330411"), ("duty", "duty_officer", "330411"),
        ("town", "clerk", TOWN),
    ):  # fmt: skip
        account = ("user", "add", user, "--role", role, "--scope", scope)
        assert not at_console(folder, *account, stdin=f"{PASSWORD}\n").returncode
    with Backend(folder) as one:
        yield one


def test_numbers_are_looked_at_and_found_with_a_purpose_and_each_is_in_the_audit(
    backend: Backend,
) -> None:
    party = registering()
    with backend.client("lead") as lead, backend.client() as duty, backend.client("town") as town:
        assert push(lead, party).json()["results"][0]["status"] == "applied"
        told = lead.get(f"/v1/records/party/{party['record']}").text
        assert resident_id() not in told
        assert "138****1234" in told
        assert town.get(f"/v1/records/party/{party['record']}").status_code == httpx.codes.NOT_FOUND
        look = {"record": party["record"], "purpose": "处罚决定书送达"}
        seen = lead.post("/v1/parties/look", json=look).json()
        assert seen == {"resident_id": resident_id(), "phone": "13805731234"}
        find = {"phone": "13805731234", "purpose": "是否同一当事人"}
        assert lead.post("/v1/parties/find", json=find).json()["records"] == [party["record"]]
        assert town.post("/v1/parties/find", json=find).json()["records"] == []
        assert town.post("/v1/parties/look", json=look).status_code == httpx.codes.NOT_FOUND
        assert duty.post("/v1/parties/find", json=find).json()["slug"] == "forbidden"
        nameless = lead.post("/v1/parties/look", json=look | {"purpose": " "})
        assert nameless.json()["slug"] == "malformed"
    rows = [json.loads(one) for one in audited(backend.folder)]
    noted = [(row["act"], row["who"], row["detail"]) for row in rows if "party-" in row["act"]]
    sent = ("party-sent", "lead", f"case-work: {party['record']}")
    assert noted == [
        sent, ("party-look", "lead", "处罚决定书送达"), ("party-find", "lead", "是否同一当事人"),
        ("party-find", "town", "是否同一当事人"),
    ]  # fmt: skip


def audited(folder: Path) -> list[str]:
    return at_console(folder, "audit", "export").stdout.splitlines()


def test_nothing_at_rest_shows_who_it_is(backend: Backend) -> None:
    party = registering(name="欧阳不见", address="王江泾镇秘密路1号", phone="13900001111")
    with backend.client("lead") as lead:
        assert push(lead, party).json()["results"][0]["status"] == "applied"
        assert push(lead, party).json()["results"][0]["replayed"]
        for sought in ({"name": "欧阳 不见"}, {"address": "王江泾镇秘密路１号"}):
            found = lead.post("/v1/parties/find", json={"purpose": "是否同一当事人"} | sought)
            assert found.json()["records"] == [party["record"]]
        near = lead.post("/v1/parties/find", json={"purpose": "试一试", "name": "欧阳"})
        assert near.json()["records"] == []
        then = lead.get("/v1/history", params={"at": LATER, "kinds": "party", "open": "false"})
        assert "欧阳不见" in then.text
    at_rest = b"".join(file.read_bytes() for file in backend.folder.glob("district.db*"))
    for secret in (resident_id(), "13805731234", "13900001111", "欧阳不见", "秘密路"):
        assert secret.encode() not in at_rest


def test_every_way_to_a_workstation_is_noted(backend: Backend) -> None:
    party = registering(name="欧阳可见")
    grant = {"grant": "330411:party", "open": "true"}
    with backend.client("lead") as lead:
        push(lead, party)
        before = len(sent_to("lead", backend))
        assert "欧阳可见" in lead.get("/v1/sync/snapshot", params=grant).text
        cursor = lead.get("/v1/sync/snapshot", params=grant | {"limit": "1"}).json()["cursor"]
        push(lead, again := registering(name="欧阳再见"))
        told = lead.post("/v1/sync/pull", json={"cursor": cursor, "limit": 50}).text
        assert "欧阳再见" in told
        lead.get("/v1/history", params={"at": LATER, "kinds": "party", "open": "false"})
    rows = sent_to("lead", backend)[before:]
    assert [again["record"] in row for row in rows] == [False, False, True, True]
    assert [party["record"] in row for row in rows][::3] == [True, True]


def sent_to(user: str, backend: Backend) -> list[str]:
    rows = [json.loads(one) for one in audited(backend.folder)]
    return [one["detail"] for one in rows if (one["act"], one["who"]) == ("party-sent", user)]


def test_a_later_number_takes_the_place_of_the_first_one(district: District) -> None:
    district.add_officer("lead", Role.SUPERVISOR)
    args = {"type": "citizen", "name": "张三", "phone": "13805731234"}
    made = district.command("register", kind=Kind.PARTY, args=args)
    district.send(made, "lead")
    known = district.record(made.record)
    assert known is not None
    change = district.command("update", known, args={"name": "张三", "phone": "13900001111"})
    assert district.send(change, "lead").result.status is Status.APPLIED
    after = district.record(made.record)
    assert after is not None
    assert isinstance(after.body, PartyBody)
    assert after.body.masked_phone == "139****1111"
    with district.store.snapshot() as connection:
        vault = district.store.vault
        assert vault.find(connection, "phone", "13805731234") == ()
        assert vault.find(connection, "phone", "13900001111") == (made.record,)
        with pytest.raises(OtherKeyError):
            Vault(bytes(32)).open(connection, made.record)
        kept = connection.execute(select(schema.party_index.c.blind)).scalars().all()
    assert Vault(bytes(32)).blind("phone", "13900001111") not in kept


def test_no_number_can_be_tried_out_against_a_receipt(small_district: District) -> None:
    small_district.add_officer("lead", Role.SUPERVISOR)
    args = {"type": "citizen", "name": "张三", "phone": "13805731234"}
    made = small_district.command("register", kind=Kind.PARTY, args=args)
    first = small_district.send(made, "lead")
    assert first.result.fingerprint != digest(made)
    again = small_district.send(made, "lead")
    assert (again.is_new, again.result) == (False, first.result)


@pytest.mark.parametrize("key", ["", "ab" * 31, "xy" * 32])
def test_half_a_key_seals_nothing(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIUZHOU_PARTY_KEY", key)
    with pytest.raises(UnavailableError, match="64 hex digits"):
        open_store(Settings(folder=tmp_path), MORNING)


def test_a_number_that_is_none_is_refused(small_district: District) -> None:
    small_district.add_officer("lead", Role.SUPERVISOR)
    args = {"type": "citizen", "name": "张三", "phone": "12345"}
    judged = small_district.send(
        small_district.command("register", kind=Kind.PARTY, args=args), "lead"
    )
    assert judged.result.problem is not None
    assert judged.result.problem.slug == "bad-phone"


def test_a_workstation_looks_and_finds_while_the_server_answers(
    backend: Backend, tmp_path: Path
) -> None:
    party = registering(name="李四", phone="13905730001")

    async def at_the_desk() -> None:
        profile = await sign_in(backend.url, "lead", PASSWORD, "desk-1", tmp_path)
        core = EngineCore(profile)
        look = PartyLook(record=RecordId(str(party["record"])), purpose="送达法律文书")
        find = PartyFind(phone="139 0573 0001", purpose="是否同一当事人")
        for asked in (core.office.party_look(look), core.office.party_find(find)):
            with pytest.raises(Unavailable):
                await asked
        await core.sync_once()
        seen = await core.office.party_look(look)
        assert seen == PartyNumbers(resident_id=resident_id(), phone="13905730001")
        assert (await core.office.party_find(find)).records == (party["record"],)
        await core.close()

    with backend.client("lead") as lead:
        assert push(lead, party).json()["results"][0]["status"] == "applied"
    asyncio.run(at_the_desk())
