"""Who works in the demonstration district: accounts, officers and their certificates.

The pass words are the demonstration's own and are printed when it starts; it serves this computer
only.
"""

from datetime import date, datetime, timedelta

from xiuzhou_desktop.backend.accounts import NewAccount
from xiuzhou_desktop.backend.demo.ledger import Deed
from xiuzhou_desktop.contract.demo import DemoAccount
from xiuzhou_desktop.domain.canonical import to_json
from xiuzhou_desktop.domain.envelope import Args, Kind, Struct
from xiuzhou_desktop.domain.grants import grants_for
from xiuzhou_desktop.domain.ids import DISTRICT, RecordId, Scope, derived_id
from xiuzhou_desktop.domain.officer import Certify, Enrol
from xiuzhou_desktop.domain.workflow import Actor, Role

SOURCE = "智能识别"  # name of the detector whose reports come in
HUB = "区综合指挥中心"
SERVING_DAYS = 700  # all of them have been here about two years


class Person(Struct, frozen=True, kw_only=True):
    """Somebody of the district. `role` None: an officer without an account. `certificate`: its
    number; `valid_days`: how long after the demo day it holds, negative for one that has lapsed.
    """

    user: str
    name: str
    role: Role | None = None
    scope: Scope = DISTRICT
    unit: str = HUB
    certificate: str | None = None
    valid_days: int = 540

    @property
    def officer(self) -> RecordId:
        """Its officer record."""
        return derived_id("officer", self.user)

    @property
    def password(self) -> str:
        """Printed at the start; nothing depends on its being secret."""
        return f"xiuzhou-{self.user}"

    def actor(self) -> Actor:
        """Who acts in the log."""
        roles = frozenset({self.role} if self.role else ())
        held = [(role, self.scope) for role in roles]
        return Actor(
            user=self.user, name=self.name, officer=self.officer, roles=roles,
            grants=grants_for(held),
        )  # fmt: skip


DUTY = Person(user="duty", name="张敏", role=Role.DUTY_OFFICER, certificate="33041100117")
DUTY2 = Person(user="duty2", name="李强", role=Role.DUTY_OFFICER, certificate="33041100124")
SUPERVISOR = Person(
    user="supervisor", name="沈建平", role=Role.SUPERVISOR, certificate="33041100008"
)
REVIEWER = Person(
    user="reviewer", name="顾文婷", role=Role.REVIEWER, unit="法制科", certificate="33041100046"
)
CLERK = Person(user="clerk", name="周晓燕", role=Role.CLERK, unit="法制科")
ADMIN = Person(user="admin", name="陆海", role=Role.ADMINISTRATOR)
TOWNS = (
    Person(
        user="wangjiangjing", name="钱国良", role=Role.DUTY_OFFICER, scope=Scope("330411101"),
        unit="王江泾镇综合行政执法队", certificate="33041100203",
    ),
    Person(
        user="xincheng", name="费丽娟", role=Role.DUTY_OFFICER, scope=Scope("330411104"),
        unit="新塍镇综合行政执法队", certificate="33041100219",
    ),
    Person(
        user="wangdian", name="庄卫东", role=Role.DUTY_OFFICER, scope=Scope("330411105"),
        unit="王店镇综合行政执法队", certificate="33041100232",
    ),
)  # fmt: skip
PATROLS = (
    Person(user="patrol1", name="吴国强", unit="新城中队", certificate="33041100131"),
    Person(
        user="patrol2", name="朱丽", unit="高照中队", certificate="33041100138", valid_days=18
    ),
    Person(
        user="patrol3", name="徐伟", unit="新城中队", certificate="33041100152", valid_days=-96
    ),
)  # fmt: skip
WITH_ACCOUNT = (DUTY, DUTY2, SUPERVISOR, REVIEWER, CLERK, ADMIN, *TOWNS)
EVERYBODY = (*WITH_ACCOUNT, *PATROLS)
BY_SCOPE = {person.scope: person for person in TOWNS}
DETECTOR = Actor(
    user=f"device:{SOURCE}", name=SOURCE, roles=frozenset({Role.DEVICE}),
    grants=grants_for([(Role.DEVICE, DISTRICT)]),
)  # fmt: skip


def new_accounts() -> tuple[NewAccount, ...]:
    """What the door is told at the first start."""
    return tuple(
        NewAccount(
            user=one.user, name=one.name, password=one.password, officer=one.officer,
            assignments=((one.role, one.scope),),
        )
        for one in WITH_ACCOUNT
        if one.role is not None
    )  # fmt: skip


def printed_accounts() -> tuple[DemoAccount, ...]:
    """The second line of stdout."""
    return tuple(
        DemoAccount(user=one.user, password=one.password, role=one.role.value, scope=str(one.scope))
        for one in WITH_ACCOUNT
        if one.role is not None
    )


def enrolments(opening: datetime) -> list[Deed]:
    """Officers and their certificates, by the administrator."""
    deeds = []
    for place, one in enumerate(EVERYBODY):
        at = opening - timedelta(days=SERVING_DAYS, minutes=-10 * place)
        deeds.append(
            _deed(one, at, "enrol", Enrol(user=one.user, name=one.name, unit=one.unit,
                                          scope=one.scope))
        )  # fmt: skip
        if one.certificate:
            certificate = _certificate(one, one.certificate, opening.date())
            deeds.append(_deed(one, at + timedelta(minutes=4), "certify", certificate))
    return deeds


def _certificate(one: Person, number: str, today: date) -> Certify:
    valid_to = today + timedelta(days=one.valid_days)
    return Certify(number=number, valid_from=valid_to - timedelta(days=5 * 365), valid_to=valid_to)


def _deed(one: Person, at: datetime, name: str, args: Args) -> Deed:
    plain = to_json(args)
    named = plain if isinstance(plain, dict) else {}
    return Deed(
        at=at, actor=ADMIN.actor(), kind=Kind.OFFICER, record=one.officer, transition=name,
        args=named,
    )  # fmt: skip
