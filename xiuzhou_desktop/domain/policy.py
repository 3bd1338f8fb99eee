"""Limits and rules that the district sets for itself: versioned `setting` records, read into one
typed value.

Every number marked [D] in domain.md is here with its default, so that it can be changed without a
release. A setting's name is the name of a field here (or of `WorkCalendar`); its value has that
field's type.
"""

from collections.abc import Iterable, Mapping

import msgspec

from .areas import AREAS, Area
from .case_master import CaseMaster
from .categories import CATEGORIES, OTHER, Category
from .envelope import Record, Struct
from .fields import DayMinute, Days, Fen, Kept, Minutes, Notes, Positive
from .setting_body import SettingBody


class Policy(Struct, frozen=True, kw_only=True):
    """What the judge may be told. Durations are in the unit of their name."""

    version: int = 0  # highest version of the settings it was read from
    areas: dict[str, Area] = msgspec.field(default_factory=lambda: AREAS)
    categories: dict[str, Category] = msgspec.field(default_factory=lambda: CATEGORIES)
    judge_within_min: dict[str, Minutes] = msgspec.field(  # by priority
        default_factory=lambda: {"1": 5, "2": 10, "3": 30, "4": 60}
    )
    correct_by_min: dict[str, Minutes] = msgspec.field(  # domain.md §2.3, from delivery
        default_factory=lambda: {"05-05": 15, "05-04": 30}
    )
    correct_by_default_min: Minutes = 30
    receipt_within_min: Minutes = 10  # no receipt of the notice: level 3
    capture_within_min: Minutes = 5  # no frame for the second look: undetermined
    retry_look_min: Minutes = 5
    looks_before_onsite: Positive = 3  # the first look and two retries
    look_alarm_min: Minutes = 10  # second look overdue
    clock_skew_ms: Positive = 5000  # of the camera's own clock, where it can be asked
    accept_within_min: Minutes = 10
    arrive_within_min: Minutes = 30
    onsite_radius_m: Positive = 100
    duplicate_radius_m: Positive = 50
    duplicate_within_min: Minutes = 30
    repeat_threshold: Positive = 3
    repeat_days: Days = 30
    night_from_min: DayMinute = 22 * 60  # minutes of the local day
    night_to_min: DayMinute = 7 * 60
    snooze_min: tuple[Minutes, ...] = (5, 10, 15)
    close_after_min: Minutes = 10  # a corrected flag is closed by itself
    due_soon_min: Minutes = 5
    future_tolerance_min: Minutes = 5  # a report from later than this is refused
    case_master: CaseMaster = CaseMaster.PROVINCIAL  # domain.md §3
    case_master_of: dict[str, CaseMaster] = {}  # by category, where it is another
    case_days: Days = 90  # calendar days, 行政处罚法 60
    case_filing_days: Days = 15  # calendar days from the lead
    case_due_soon_days: Days = 3  # what counts as near in a list of cases
    statement_workdays: Days = 5  # the law names none
    hearing_request_workdays: Days = 5  # 64
    hearing_notice_workdays: Days = 7  # 64
    service_workdays: Days = 7  # 61
    payment_days: Days = 15  # calendar days, 67
    urge_workdays: Days = 10  # 行政强制法 54
    fast_track_workdays: Days = 7
    fast_track_items: tuple[str, ...] = ("05-05", "05-04", "05-01", "05-07", "01-02")
    hearing_citizen_fen: Fen = 5_000_00  # 63: Zhejiang's amount was not found; low, hence safe
    hearing_organisation_fen: Fen = 50_000_00
    review_notice: bool = True  # a reviewer passes the notice of an ordinary case
    publish_workdays: Days = 7  # the stricter of 7 and 20 working days, domain.md §3.4
    retract_workdays: Days = 3  # 48
    publish_receipt_min: Minutes = 4 * 60  # a portal that shows nothing after that has failed
    upload_keep_days: Days = 7  # a file that no command has named by then is thrown away
    upload_quota_mb: Positive = 1024  # of such files, of one user
    case_files_days: Kept = 3650  # of an ended case, [D]; the table of all is in keeping.py
    flag_files_days: Kept = 1825  # of an ended flag without a case: five years, 行政处罚法 36, [D]
    order_files_days: Kept = 1825  # of an ended order, [D]
    camera_files_days: Kept = 365  # of a picture that belongs to no flag and no case, [D]
    file_cache_mb: Positive = 1024  # of evidence and stills on one workstation
    custody_most_min: Minutes = 24 * 60  # how long the hub may keep a town at a time
    enrolled_only: bool = False  # sign-in from workstations alone that an administrator let in
    jurisdictions: dict[str, str] = {}  # category → body that holds the fine, shown at `transfer`
    sms_templates: dict[str, Notes] = {}  # name → text; the backend's own where none is set

    def category(self, code: str | None) -> Category:
        """The category's row; 其他 for a code that is not in the table."""
        return self.categories.get(code or "", OTHER)

    def master_of(self, code: str | None) -> CaseMaster:
        """Whose decision counts in a case of that category."""
        return self.case_master_of.get(code or "", self.case_master)

    def minutes_to_correct(self, code: str | None) -> int:
        """How long the person named in a notice has, from its delivery."""
        return self.correct_by_min.get(code or "", self.correct_by_default_min)


def read_settings(settings: Iterable[Record]) -> tuple[Mapping[str, object], int]:
    """Name → value of all settings, and the highest version among them."""
    values: dict[str, object] = {}
    version = 0
    for record in settings:
        if isinstance(record.body, SettingBody) and record.is_open:
            values[record.body.name] = record.body.value
            version = max(version, record.version)
    return values, version


def policy_from(settings: Iterable[Record]) -> Policy:
    """The policy that these settings amount to; names that it does not know are another reader's.

    Raises msgspec.ValidationError for a value of the wrong type (`setting.set` lets none in).
    """
    values, version = read_settings(settings)
    known = {name: values[name] for name in Policy.__struct_fields__ if name in values}
    return msgspec.convert(known | {"version": version}, Policy, strict=True)
