"""Working days and duty hours: "二/三/五/七日" are working days (行政处罚法 art. 85), 工作时
counts duty hours only.

    is_workday(day) ── overrides (settings) > announced 调休 > Monday–Friday (estimated)
    due_at(start, limit) ── 紧急工作时 round the clock · 工作时 in duty hours · 工作日 to their end

All sums are made in the district's local time (UTC+8, no summer time) and given back in UTC.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache

import chinese_calendar
import msgspec

from .categories import Limit, LimitUnit
from .envelope import Record, Struct
from .fields import DayEnd
from .policy import read_settings

LOCAL = timezone(timedelta(hours=8), "CST")
ANNOUNCED_FROM = 2004
ANNOUNCED_TO: int = max(day.year for day in chinese_calendar.constants.workdays)
DUTY_HOURS = ((8 * 60 + 30, 12 * 60), (13 * 60 + 30, 17 * 60 + 30))  # minutes of the day


class Deadline(Struct, frozen=True, kw_only=True):
    """An instant, and whether it rests on working days that the State Council has not announced
    yet.
    """

    at: datetime
    is_estimated: bool = False


class WorkCalendar(Struct, frozen=True, kw_only=True):
    """The district's calendar. `holidays` and `workdays` override the announced one; duty hours
    are minutes of a working day.
    """

    version: int = 0
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    duty_hours: tuple[tuple[DayEnd, DayEnd], ...] = DUTY_HOURS

    def __post_init__(self) -> None:
        """Refuse duty hours that are not in order within one day: a limit would never end."""
        bounds = [0, *(minute for hours in self.duty_hours for minute in hours), 24 * 60]
        if not self.duty_hours or bounds != sorted(bounds):
            raise ValueError("duty hours must be one or more spans in order within a day")
        if all(start == end for start, end in self.duty_hours):
            raise ValueError("duty hours must not be empty")

    def is_workday(self, day: date) -> bool:
        """Whether people work on that day of the local calendar."""
        if day in self.workdays:
            return True
        if day in self.holidays:
            return False
        if is_announced(day.year):
            return _is_announced_workday(day)
        return day.weekday() < 5

    def is_estimated(self, day: date) -> bool:
        """Whether that day's kind is a guess: its year's 调休 is not announced and no setting
        names the day.
        """
        return not is_announced(day.year) and day not in self.workdays | self.holidays

    def exceptions(self, year: int) -> tuple[date, ...]:
        """The days of a year that are not as their day of the week: holidays and make-up days."""
        first = date(year, 1, 1)
        days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
        return tuple(day for day in days if self.is_workday(day) != (day.weekday() < 5))

    def add_workdays(self, start: date, count: int) -> date:
        """The count-th working day after `start`, which itself does not count."""
        day = start
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_workday(day)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`."""
        days = (end - start).days
        return sum(self.is_workday(start + timedelta(days=n)) for n in range(1, days + 1))

    def due_at(self, start: datetime, limit: Limit) -> Deadline:
        """When the limit, running from `start`, is used up."""
        local = start.astimezone(LOCAL)
        match limit.unit:
            case LimitUnit.URGENT_HOUR:
                return Deadline(at=start + timedelta(hours=limit.amount))
            case LimitUnit.WORK_HOUR:
                end = self._after_duty_minutes(local, limit.amount * 60)
            case LimitUnit.WORK_DAY:
                day = self.add_workdays(local.date(), limit.amount)
                end = _at(day, self.duty_hours[-1][1])
        return self._deadline(local.date(), end)

    def _after_duty_minutes(self, local: datetime, minutes: int) -> datetime:
        left = timedelta(minutes=minutes)
        day = local.date()
        while True:
            for start, end in self.duty_hours if self.is_workday(day) else ():
                begin = max(local, _at(day, start))
                room = _at(day, end) - begin
                if room >= left:
                    return begin + left
                left -= max(room, timedelta())
            day += timedelta(days=1)

    def _deadline(self, first: date, end: datetime) -> Deadline:
        days = (end.date() - first).days + 1
        estimated = any(self.is_estimated(first + timedelta(days=n)) for n in range(days))
        return Deadline(at=end.astimezone(UTC), is_estimated=estimated)


def is_announced(year: int) -> bool:
    """Whether that year's holidays and make-up workdays are in the calendar we ship."""
    return ANNOUNCED_FROM <= year <= ANNOUNCED_TO


def calendar_from(settings: Iterable[Record]) -> WorkCalendar:
    """The calendar that these settings amount to. Raises msgspec.ValidationError as `policy_from`
    does.
    """
    values, version = read_settings(settings)
    known = {name: values[name] for name in WorkCalendar.__struct_fields__ if name in values}
    return msgspec.convert(known | {"version": version}, WorkCalendar, strict=True)


@lru_cache(maxsize=4096)
def _is_announced_workday(day: date) -> bool:
    announced: bool = chinese_calendar.is_workday(day)
    return announced


def minute_of_day(at: datetime) -> int:
    """Minutes since local midnight."""
    local = at.astimezone(LOCAL)
    return local.hour * 60 + local.minute


def next_minute_of_day(at: datetime, minute: int) -> datetime:
    """The next instant, not before `at`, at that minute of a local day."""
    today = _at(at.astimezone(LOCAL).date(), minute)
    later = today if today >= at else today + timedelta(days=1)
    return later.astimezone(UTC)


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(), LOCAL) + timedelta(minutes=minute)
