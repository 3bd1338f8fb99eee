"""The door: right passwords, spent tokens, locked doors."""

import pytest
from sqlalchemy import select

from tests.backend.district import PASSWORD, District
from xiuzhou_desktop.backend.accounts import BUCKETS, FAILURES, LOCKED_FOR, SPENT_FOR, bucket_of
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store.schema import sign_in_failure
from xiuzhou_desktop.contract.session import Tokens
from xiuzhou_desktop.domain.workflow import Role


def refused(district: District, password: str, user: str = "duty") -> str:
    with pytest.raises(ProblemError) as error:
        district.accounts.sign_in(user, password, "ws")
    return error.value.slug


def signed_in(district: District) -> Tokens:
    return district.accounts.sign_in("duty", PASSWORD, "ws")


def who(district: District, access: str) -> str:
    with district.store.snapshot() as connection:
        return district.accounts.person_of(connection, access).account.user


def test_tokens_say_who_it_is(district: District) -> None:
    assert who(district, signed_in(district).access) == "duty"


def test_after_five_wrong_passwords_the_right_one_waits(district: District) -> None:
    slugs = [refused(district, "wrong") for _ in range(FAILURES)]
    assert slugs == ["wrong-password"] * FAILURES
    assert refused(district, PASSWORD) == "locked-out"

    district.wall.advance(seconds=LOCKED_FOR.total_seconds() + 1)
    assert signed_in(district).access


def test_an_unknown_user_is_locked_out_like_a_known_one(district: District) -> None:
    slugs = [refused(district, "x", "nobody") for _ in range(FAILURES + 1)]
    assert slugs == ["wrong-password"] * FAILURES + ["locked-out"]


def test_a_right_password_clears_the_count(district: District) -> None:
    for _ in range(FAILURES - 1):
        refused(district, "wrong")
    signed_in(district)
    assert refused(district, "wrong") == "wrong-password"


def test_access_ends_and_refresh_gives_the_next(district: District) -> None:
    tokens = signed_in(district)
    district.wall.advance(hours=1)
    with pytest.raises(ProblemError) as ended:
        who(district, tokens.access)
    assert ended.value.slug == "signed-out"
    assert who(district, district.accounts.refresh(tokens.refresh).access) == "duty"


def test_a_refresh_token_that_comes_again_late_was_stolen_and_ends_its_session(
    district: District,
) -> None:
    tokens = signed_in(district)
    following = district.accounts.refresh(tokens.refresh)
    district.wall.advance(seconds=SPENT_FOR.total_seconds() + 1)
    with pytest.raises(ProblemError) as stolen:
        district.accounts.refresh(tokens.refresh)
    assert stolen.value.slug == "session-ended"
    with pytest.raises(ProblemError):
        who(district, following.access)


def test_a_client_that_died_before_it_kept_the_answer_may_refresh_again(
    district: District,
) -> None:
    tokens = signed_in(district)
    lost = district.accounts.refresh(tokens.refresh)
    again = district.accounts.refresh(tokens.refresh)
    assert who(district, again.access) == "duty"
    with pytest.raises(ProblemError):
        who(district, lost.access)


def test_a_disabled_account_is_out_at_once(district: District) -> None:
    tokens = signed_in(district)
    assert district.accounts.disable("duty")
    with pytest.raises(ProblemError) as shut:
        who(district, tokens.access)
    with pytest.raises(ProblemError) as spent:
        district.accounts.refresh(tokens.refresh)
    # a workstation must know an account that is shut from a session that has only ended
    assert shut.value.slug == spent.value.slug == "account-disabled"
    assert refused(district, PASSWORD) == "account-disabled"


def test_a_name_is_one_persons(district: District) -> None:
    with pytest.raises(ProblemError) as taken:
        district.add_officer("duty", Role.CLERK)
    assert taken.value.slug == "account-exists"
    assert signed_in(district).access


def test_a_new_password_lifts_a_lock_and_ends_sessions(district: District) -> None:
    tokens = signed_in(district)
    for _ in range(FAILURES):
        refused(district, "wrong")
    assert district.accounts.reset_password("duty", "another-horse")
    with pytest.raises(ProblemError):
        who(district, tokens.access)
    assert district.accounts.sign_in("duty", "another-horse", "ws").access


def test_invented_names_fill_no_table(small_district: District) -> None:
    for n in range(20):
        refused(small_district, "guess", user=f"invented-{n}")
    with small_district.store.snapshot() as connection:
        kept = set(connection.execute(select(sign_in_failure.c.user)).scalars())
    assert kept == {bucket_of(f"invented-{n}") for n in range(20)}
    assert len({bucket_of(f"invented-{n}") for n in range(20_000)}) <= BUCKETS
