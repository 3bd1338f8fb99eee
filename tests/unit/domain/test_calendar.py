"""Working days of 2026 as announced, of later years as a stated estimate; duty hours."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiuzhou_desktop.domain.categories import Limit, LimitUnit
from xiuzhou_desktop.domain.workcalendar import LOCAL, WorkCalendar, next_minute_of_day

PLAIN = WorkCalendar()


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LOCAL)  # type: ignore[arg-type]  # year to minute


@pytest.mark.parametrize(
    ("day", "is_workday"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 22), False),
        (date(2026, 10, 1), False),  # 国庆
        (date(2026, 10, 10), True),  # a Saturday made up for it
        (date(2026, 2, 17), False),  # 春节
    ],
)
def test_announced_days_of_2026(day: date, is_workday: object) -> None:
    assert PLAIN.is_workday(day) is is_workday
    assert not PLAIN.is_estimated(day)


def test_a_year_that_is_not_announced_is_estimated_by_its_weekdays() -> None:
    monday, sunday = date(2029, 10, 1), date(2029, 9, 30)
    assert PLAIN.is_workday(monday)
    assert not PLAIN.is_workday(sunday)
    assert PLAIN.is_estimated(monday)
    deadline = PLAIN.due_at(local(2029, 9, 28, 9), Limit(amount=1, unit=LimitUnit.WORK_DAY))
    assert deadline.is_estimated
    assert deadline.at == local(2029, 10, 1, 17, 30)


def test_a_limit_that_reaches_into_an_estimated_year_says_so() -> None:
    last = PLAIN.due_at(local(2026, 12, 31, 9), Limit(amount=1, unit=LimitUnit.WORK_DAY))
    assert last.is_estimated
    assert not PLAIN.due_at(
        local(2026, 12, 30, 9), Limit(amount=1, unit=LimitUnit.WORK_DAY)
    ).is_estimated


def test_settings_override_the_calendar() -> None:
    own = WorkCalendar(
        holidays=frozenset({date(2029, 10, 1)}), workdays=frozenset({date(2029, 9, 30)})
    )
    assert not own.is_workday(date(2029, 10, 1))
    assert own.is_workday(date(2029, 9, 30))
    assert not own.is_estimated(date(2029, 10, 1))


def test_working_days_do_not_count_the_first() -> None:
    friday = date(2026, 11, 27)
    assert PLAIN.add_workdays(friday, 3) == date(2026, 12, 2)
    assert PLAIN.add_workdays(date(2026, 9, 30), 1) == date(2026, 10, 8)  # over the holiday


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (local(2026, 11, 23, 9, 0), 2, local(2026, 11, 23, 11, 0)),
        (local(2026, 11, 23, 11, 0), 2, local(2026, 11, 23, 14, 30)),  # over noon
        (local(2026, 11, 23, 17, 0), 2, local(2026, 11, 24, 10, 0)),  # over night
        (local(2026, 11, 27, 17, 0), 2, local(2026, 11, 30, 10, 0)),  # over the week-end
        (local(2026, 11, 22, 9, 0), 4, local(2026, 11, 23, 14, 0)),  # a Sunday
    ],
)
def test_work_hours_pause_outside_duty(start: datetime, hours: int, end: datetime) -> None:
    assert PLAIN.due_at(start, Limit(amount=hours, unit=LimitUnit.WORK_HOUR)).at == end


def test_urgent_hours_run_round_the_clock() -> None:
    limit = Limit(amount=1, unit=LimitUnit.URGENT_HOUR)
    assert PLAIN.due_at(local(2026, 11, 22, 23, 30), limit).at == local(2026, 11, 23, 0, 30)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 1)),
    st.sampled_from(LimitUnit),
    st.integers(1, 40),
)
def test_a_longer_limit_ends_no_earlier(start: datetime, unit: LimitUnit, amount: int) -> None:
    begin = start.replace(tzinfo=UTC)
    shorter = PLAIN.due_at(begin, Limit(amount=amount, unit=unit)).at
    longer = PLAIN.due_at(begin, Limit(amount=amount + 1, unit=unit)).at
    assert begin < shorter < longer
    assert shorter.tzinfo is UTC or unit is LimitUnit.URGENT_HOUR


@given(st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 1)), st.integers(0, 1439))
def test_the_next_minute_of_day_is_within_a_day(at: datetime, minute: int) -> None:
    begin = at.replace(tzinfo=UTC)
    found = next_minute_of_day(begin, minute)
    assert begin <= found < begin + timedelta(days=1)


@pytest.mark.parametrize("hours", [(), ((600, 600),), ((600, 500),), ((0, 1441),)])
def test_duty_hours_that_would_never_end_a_limit_are_refused(
    hours: tuple[tuple[int, int], ...],
) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"duty_hours": hours}, WorkCalendar)
