"""Values as people read them: times of day in Xiuzhou, ages, time left, names by code, and a
refusal as a sentence.

Everything is looked up by key; nothing here joins pieces of a sentence.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from ui.records.rows import TimeTone
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.domain.canonical import parse_instant
from xiuzhou_desktop.domain.command import Refusal
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.plugin_api.context import Text

HERE = ZoneInfo("Asia/Shanghai")
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
ARTICLE_MARK = " art. "
NOTHING = "—"

URGENT_PRIORITY = 1
FAMILIES = {  # names of facts whose values are codes → the texts that name them
    "kind": "kind", "role": "role", "category": "category", "area": "area", "reason": "reason",
    "scope": "area", "cause": "option.LookCause", "field": "field.any", "rule": "option.MaskRule",
}  # fmt: skip


class Spoken(Struct, frozen=True, kw_only=True):
    """A refusal for people: what happened, what to do, and the article where it is law."""

    text: str
    remedy: str | None = None
    article: str | None = None


class Sentences:  # noqa: PLR0904 - one look-up each; a panel needs one door
    """Ready phrases in the window's language."""

    def __init__(self, text: Text) -> None:
        self._text = text

    # times

    def hms(self, at: datetime) -> str:
        return f"{at.astimezone(HERE):%H:%M:%S}"

    def hm(self, at: datetime) -> str:
        return f"{at.astimezone(HERE):%H:%M}"

    def day_hm(self, at: datetime) -> str:
        return f"{at.astimezone(HERE):%m-%d %H:%M}"

    def since(self, at: datetime, now: datetime) -> str:
        """The time of day, with the date once it is another day."""
        same_day = at.astimezone(HERE).date() == now.astimezone(HERE).date()
        return self.hm(at) if same_day else self.day_hm(at)

    def instant(self, at: datetime, now: datetime) -> str:
        """To the second, with the date once it is another day."""
        same_day = at.astimezone(HERE).date() == now.astimezone(HERE).date()
        return self.hms(at) if same_day else f"{at.astimezone(HERE):%m-%d %H:%M:%S}"

    def span(self, seconds: float) -> str:
        """A length of time in its largest unit: 8 分钟."""
        whole = max(0, int(seconds))
        if whole < MINUTE_S:
            return self._text("time.seconds", count=whole)
        if whole < HOUR_S:
            return self._text("time.minutes", count=whole // MINUTE_S)
        if whole < DAY_S:
            return self._text("time.hours", count=whole // HOUR_S)
        return self._text("time.days", count=whole // DAY_S)

    def age(self, then: datetime, now: datetime) -> str:
        """How long ago: 8 分钟前."""
        return self._text("time.ago", span=self.span((now - then).total_seconds()))

    def time_left(
        self, due: datetime | None, now: datetime, priority: int = 4
    ) -> tuple[str, TimeTone]:
        """Time left as shown in a row, and how: filled for the most urgent, boxed once it has
        passed."""
        if due is None:
            return NOTHING, TimeTone.NONE
        left = due - now
        if left < timedelta(0):
            tone = TimeTone.FILLED if priority == URGENT_PRIORITY else TimeTone.OVERDUE
            return self._text("time.over", left=self._clock(-left)), tone
        return self._clock(left), TimeTone.FILLED if priority == URGENT_PRIORITY else TimeTone.PLAIN

    def _clock(self, left: timedelta) -> str:
        total = int(left.total_seconds())
        if total >= DAY_S:
            return self._text("time.days", count=total // DAY_S)
        hours, minutes, seconds = total // HOUR_S, total // MINUTE_S % MINUTE_S, total % MINUTE_S
        return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"

    # names by code

    def kind(self, kind: Kind) -> str:
        return self._named(f"kind.{kind.value}", kind.value)

    def state(self, kind: Kind, state: str) -> str:
        return self._named(f"state.{kind.value}.{state}", state)

    def transition(self, kind: Kind, name: str) -> str:
        return self._named(f"transition.{kind.value}.{name}", name)

    def category(self, code: str | None) -> str:
        return self._named(f"category.{code}", code or NOTHING)

    def area(self, code: str | None) -> str:
        return self._named(f"area.{code}", code or NOTHING)

    def role(self, role: str) -> str:
        return self._named(f"role.{role}", role)

    def reason(self, reason: str) -> str:
        """Why something was done: a code's name, or the words that a person gave."""
        return self._named(f"reason.{reason}", reason)

    def field(self, kind: Kind, name: str) -> str:
        return self._named(f"field.{kind.value}.{name}", self._named(f"field.any.{name}", name))

    def option(self, enum: str, value: str) -> str:
        return self._named(f"option.{enum}.{value}", value)

    def _named(self, key: str, code: str) -> str:
        try:
            return self._text(key)
        except KeyError:
            return code  # a code of a newer server, which this workstation has no word for

    # refusals

    def refusal(self, refusal: Refusal | Problem) -> Spoken:
        """The sentence of a refusal or problem, chosen by its slug."""
        facts = self._facts(refusal.facts)
        article = self.article(refusal.article) if refusal.article else None
        for family in ("refusal", "problem"):
            said = self._said(f"{family}.{refusal.slug}", facts)
            if said is not None:
                remedy = self._said(f"remedy.{refusal.slug}", facts)
                return Spoken(text=said, remedy=remedy, article=article)
        detail = refusal.detail if isinstance(refusal, Problem) else None
        text = self._text("outbox.reason.other", slug=refusal.slug, detail=detail or NOTHING)
        return Spoken(text=text, article=article)

    def article(self, source: str) -> str:
        """The rule's source as people cite it: 行政处罚法第 42、55 条."""
        law, mark, numbers = source.partition(ARTICLE_MARK)
        law = self._said(f"refusal.law.{law}", {}) or law
        if not mark:
            return law
        listed = numbers.replace(", ", self._text("refusal.article.and"))
        return self._text("refusal.article", law=law, numbers=listed)

    def _said(self, key: str, facts: Mapping[str, str]) -> str | None:
        try:
            return self._text(key, **facts)
        except KeyError:
            return None  # a server may send a slug, or leave out a fact, that we have no words for

    def _facts(self, facts: Mapping[str, object]) -> dict[str, str]:
        return {name: self._fact(name, value, facts) for name, value in facts.items()}

    def _fact(self, name: str, value: object, facts: Mapping[str, object]) -> str:
        if isinstance(value, list | tuple):
            return "、".join(self._fact(name.removesuffix("s"), one, facts) for one in value)
        if not isinstance(value, str):
            return NOTHING if value is None else str(value)
        if name in ("state", "to", "from"):
            return self._named(f"state.{facts.get('kind', 'flag')}.{value}", value)
        family = FAMILIES.get(name)
        return self._named(f"{family}.{value}", value) if family else self._instant(value)

    def _instant(self, value: str) -> str:
        """With its date: a refusal may be of tomorrow, and is read again on another day."""
        if len(value) < len("2026-01-01T00:00:00Z") or value[4:5] != "-":
            return value
        try:
            return self.day_hm(parse_instant(value))
        except ValueError:
            return value


def utc(at: datetime) -> datetime:
    """An instant that a form gave in Xiuzhou's time."""
    return at.replace(tzinfo=HERE).astimezone(UTC) if at.tzinfo is None else at.astimezone(UTC)
