"""Values of settings as people read them: units, times of day, names by code."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from ui.records import Sentences
from ui.records.sentences import HERE, NOTHING
from xiuzhou_desktop.client.views import RecordView
from xiuzhou_desktop.contract.administration import Held
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.fields import FEN_PER_YUAN
from xiuzhou_desktop.domain.setting_parts import Part, Shape, shape_of

OF_DAY = frozenset({"night_from_min", "night_to_min"})
UNITS = (
    "workdays",
    "days",
    "min",
    "fen",
    "ms",
    "mb",
    "m",
)  # the end of a setting's name says its unit
OPTION_OF = {"case_master": "CaseMaster", "case_master_of": "CaseMaster"}
BY_CATEGORY = frozenset(
    {"categories", "correct_by_min", "case_master_of", "jurisdictions", "fast_track_items"}
)
DAYS = frozenset({"holidays", "workdays"})
PARTS_OF_DAY = 60


class Words(Sentences):
    """Ready phrases of this panel."""

    nothing = NOTHING

    def say(self, key: str, **named: object) -> str:
        """A sentence of the panel's own."""
        return self._text(f"admin.{key}", **named)

    def label(self, name: str) -> str:
        """What a particular is called."""
        return self.say(f"label.{name}")

    def setting(self, name: str) -> str:
        """A setting's name."""
        return self._named(f"admin.setting.{name}", name)

    def titled(self, name: str, key: str) -> str:
        """A setting and one of its rows."""
        return self.say("titled", name=name, row=key) if key else name

    def key(self, part: Part) -> str:
        """Which row of the setting it is."""
        if part.setting in DAYS:
            return self.day(date.fromisoformat(part.key))
        if part.setting in BY_CATEGORY:
            return self.say("coded", code=part.key, name=self.category(part.key))
        if part.setting == "judge_within_min":
            return self.say("priority", rank=part.key)
        if part.setting == "sms_templates":
            return self._named(f"admin.template.{part.key}", part.key)
        return "" if shape_of(part.setting) is not Shape.MAP else part.key

    def value(self, part: Part) -> str:
        """What holds there."""
        if isinstance(part.value, Mapping):
            return self._row(part.value)
        if isinstance(part.value, list | tuple):
            return self.hours(int(part.value[0]), int(part.value[1]))
        if part.setting in DAYS:
            return self.say(f"day.{'holiday' if part.setting == 'holidays' else 'made_up'}")
        if part.setting == "fast_track_items":
            return ""
        return self._plain(part.setting, part.value)

    def source(self, view: RecordView | None) -> str:
        """Whose value it is: the product's, or a version of the district's."""
        if view is None:
            return self.say("source.default")
        return self.say("source.version", version=view.record.version)

    def day(self, day: date) -> str:
        """A date with its day of the week."""
        return self.say("day", date=day.isoformat(), weekday=self.say(f"weekday.{day.weekday()}"))

    def clock(self, minute: int) -> str:
        """A minute of the day as 08:30."""
        return f"{minute // PARTS_OF_DAY:02d}:{minute % PARTS_OF_DAY:02d}"

    def hours(self, start: int, end: int) -> str:
        """A span of the day."""
        return self.say("span", start=self.clock(start), end=self.clock(end))

    def stamp(self, at: datetime) -> str:
        """A day and a time of it."""
        return f"{at.astimezone(HERE):%Y-%m-%d %H:%M}"

    def roles(self, held: Iterable[Held]) -> str:
        """Roles with the scopes in which they are held."""
        said = [
            self.say("held", role=self.role(one.role.value), scope=self.area(one.scope))
            for one in held
        ]
        return self.listed(said) if said else self.nothing

    def categories(self, codes: Iterable[str]) -> str:
        """Categories by name; none named is every one."""
        return self.listed([self.category(one) for one in codes]) or self.say("every_category")

    def listed(self, parts: list[str]) -> str:
        """Several short values in one line."""
        return self.say("and").join(parts)

    def standing(self, record: Record) -> str:
        """The state of a record."""
        return self.state(record.kind, record.state)

    def _row(self, row: Mapping[str, Json]) -> str:
        """A category or an area."""
        limit = row.get("limit")
        if not isinstance(limit, Mapping):
            managed = row.get("managed_by")
            name = str(row.get("name", ""))
            return self.say("managed", name=name, by=managed) if managed else name
        unit = self.option("LimitUnit", str(limit["unit"]))
        said = [self.say("limit", amount=limit["amount"], unit=unit)]
        said += [self.say(f"row.{flag}") for flag in ("violation", "order_first") if row.get(flag)]
        return self.listed(said)

    def _plain(self, name: str, value: Json) -> str:
        if name in OF_DAY and isinstance(value, int):
            return self.clock(value)
        if isinstance(value, bool):
            return self.option("Bool", str(value).lower())
        if name in OPTION_OF:
            return self.option(OPTION_OF[name], str(value))
        unit = unit_of(name)
        if unit == "fen" and isinstance(value, int):
            return self.say("unit.fen", value=f"{value // FEN_PER_YUAN:,}")
        return self.say(f"unit.{unit}", value=value) if unit else str(value)


def unit_of(name: str) -> str | None:
    """The unit of a setting, which its name ends with."""
    return next((one for one in UNITS if name.endswith(f"_{one}")), None)
