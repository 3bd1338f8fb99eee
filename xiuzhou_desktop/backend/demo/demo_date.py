"""The day on which the demonstration plays: the one asked for, else the last working day."""

from datetime import date, datetime, timedelta

from xiuzhou_desktop.domain.workcalendar import LOCAL, WorkCalendar

LONGEST_HOLIDAY = 30  # days; no calendar has a longer one


def demo_date(asked: date | None, today: datetime) -> date:
    """The day asked for; without one, the last working day up to the local date of `today`."""
    if asked is not None:
        return asked
    calendar = WorkCalendar()
    local = today.astimezone(LOCAL).date()
    days = (local - timedelta(days=back) for back in range(LONGEST_HOLIDAY))
    return next((day for day in days if calendar.is_workday(day)), local)


def reporting_period(day: date) -> tuple[datetime, datetime]:
    """The closed period before the day: six whole months, up to the first of the day's own."""
    end = day.replace(day=1)
    months = end.year * 12 + end.month - 1 - 6
    start = date(months // 12, months % 12 + 1, 1)
    return _midnight(start), _midnight(end)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL)
