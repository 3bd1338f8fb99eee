"""What the district looks for: 大类-小类 codes (domain.md §2.2) with their law and default
limits.

The numbers follow the CJ/T 214 order as seen in field clients and wait for a check against GB/T
30428.2, hence a setting. Names in both languages are in the text catalogue (`category.<code>`);
`aliases` are the words other systems send.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from .envelope import Priority, Struct
from .ids import CategoryCode

ILLEGAL_PARKING = CategoryCode("05-05")


class LimitUnit(StrEnum):
    """How a limit is counted: 紧急工作时 runs round the clock, 工作时 in duty hours only, 工作日
    in working days.
    """

    URGENT_HOUR = "urgent_hour"
    WORK_HOUR = "work_hour"
    WORK_DAY = "work_day"


class Limit(Struct, frozen=True, kw_only=True):
    """A time within which something must be dealt with."""

    amount: Annotated[int, Meta(ge=1, le=1000)]
    unit: LimitUnit


class Category(Struct, frozen=True, kw_only=True):
    """One 小类. `violation`: a flag may be made of it; `order_first`: a fine only after
    责令限期改正 has expired.
    """

    name: str
    limit: Limit
    priority: int = Priority.MEDIUM
    violation: bool = False
    order_first: bool = False
    base: str | None = None  # penalty base, as cited in a refusal or a case
    aliases: tuple[str, ...] = ()


def _hours(amount: int) -> Limit:
    return Limit(amount=amount, unit=LimitUnit.WORK_HOUR)


def _urgent(amount: int) -> Limit:
    return Limit(amount=amount, unit=LimitUnit.URGENT_HOUR)


def _days(amount: int) -> Limit:
    return Limit(amount=amount, unit=LimitUnit.WORK_DAY)


RTSL = "道路交通安全法 56, 93"
ZJ_SR = "浙江省城市市容和环境卫生管理条例"

CATEGORIES: dict[str, Category] = {
    "05-05": Category(
        name="机动车乱停放", limit=_hours(2), violation=True, base=RTSL,
        aliases=("违停", "违章停车"),
    ),
    "05-06": Category(name="非机动车乱停放", limit=_hours(4), violation=True),
    "05-04": Category(
        name="店外经营", limit=_hours(2), violation=True, order_first=True, base=f"{ZJ_SR} 17",
        aliases=("越门经营", "出店经营"),
    ),
    "05-01": Category(
        name="无照经营游商", limit=_hours(2), violation=True, order_first=True, base=f"{ZJ_SR} 16",
        aliases=("流动摊贩",),
    ),
    "05-07": Category(
        name="乱堆物堆料", limit=_hours(4), violation=True, order_first=True,
        base=f"{ZJ_SR} 12",
    ),
    "05-10": Category(name="露天烧烤", limit=_hours(2), violation=True),
    "01-01": Category(name="私搭乱建", limit=_hours(4), violation=True),
    "01-02": Category(
        name="暴露垃圾", limit=_hours(4), violation=True, base=f"{ZJ_SR} 32", aliases=("乱倒垃圾",)
    ),
    "01-03": Category(name="积存垃圾渣土", limit=_days(2), base=f"{ZJ_SR} 28"),
    "01-04": Category(name="道路不洁", limit=_hours(4), aliases=("保洁",)),
    "01-06": Category(name="绿地脏乱", limit=_hours(4)),
    "02-01": Category(name="小广告", limit=_days(1), order_first=True, base=f"{ZJ_SR} 20"),
    "02-02": Category(name="违规牌匾", limit=_days(1), order_first=True, base=f"{ZJ_SR} 18"),
    "02-03": Category(name="占道广告牌", limit=_days(1), order_first=True, base=f"{ZJ_SR} 18"),
    "03-02": Category(name="工地扬尘", limit=_hours(4), violation=True, base=f"{ZJ_SR} 29"),
    "03-04": Category(name="道路遗撒", limit=_hours(4), violation=True, base=f"{ZJ_SR} 22"),
    "04-01": Category(name="路面塌陷", limit=_urgent(1), priority=Priority.URGENT),
    "04-02": Category(name="自来水管破裂", limit=_urgent(1), priority=Priority.URGENT),
    "04-03": Category(name="燃气管破裂", limit=_urgent(1), priority=Priority.URGENT),
    "04-04": Category(name="下水道堵塞", limit=_urgent(1), priority=Priority.HIGH),
    "90-01": Category(
        name="秸秆焚烧", limit=_urgent(1), priority=Priority.URGENT, violation=True,
        base="嘉兴市秸秆条例 5, 9",
    ),
    "90-02": Category(
        name="渣土车偏离核准路线", limit=_hours(2), priority=Priority.HIGH, violation=True,
        base=f"{ZJ_SR} 28", aliases=("偏离路线",),
    ),
}  # fmt: skip
OTHER = Category(name="其他", limit=_hours(4))
