"""`GET /v1/history?at=&kinds=&open=&after_id=&limit=`: records as they stood at an instant, by id.

Online only: a workstation keeps no past of its own, and says so.
"""

import msgspec

from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.ids import RecordId


class HistoryPage(Struct, frozen=True, kw_only=True):
    """A page. Records come as in the feed, without their thread; `after_id` begins the next one."""

    has_more: bool
    after_id: RecordId | None
    records: tuple[msgspec.Raw, ...]
