"""Controls of a demonstration backend (`--demo`, loopback only); absent from every other."""

from datetime import datetime
from enum import StrEnum

from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.ids import RecordId


class DemoAccount(Struct, frozen=True, kw_only=True):
    """Second line that `serve --demo` prints."""

    user: str
    password: str
    role: str
    scope: str


class DemoAct(StrEnum):
    """What the 演示 bar asks for."""

    NEXT_DEADLINE = "next_deadline"  # moves the business clock to the next limit
    BURST = "burst"  # 50 flags at once
    COLLEAGUE = "colleague"  # duty2 judges the named flag first
    SMS_FAILURE = "sms_failure"  # the provider fails from now on
    SMS_WORKS = "sms_works"


class DemoSay(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of `POST /v1/demo`."""

    act: DemoAct
    record: RecordId | None = None


class DemoAnswer(Struct, frozen=True, kw_only=True):
    """What happened: business time now, and records made or changed."""

    server_time: datetime
    records: tuple[RecordId, ...] = ()
