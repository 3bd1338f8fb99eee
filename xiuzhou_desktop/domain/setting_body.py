"""What a `setting` record holds: one named, typed value of the district's policy."""

from .canonical import Json
from .envelope import Body


class SettingBody(Body, frozen=True, kw_only=True):
    """`name` is a field of `Policy` or `WorkCalendar`; `value` has that field's type. `note`: the
    decision behind it.
    """

    name: str
    value: Json = None
    note: str = ""
