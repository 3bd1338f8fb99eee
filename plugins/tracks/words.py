"""What the panel says of vehicles, events and times."""

from datetime import UTC, datetime

from plugins.tracks.fleet import Presence, VehicleRow
from plugins.tracks.opened import EventKind, OpenedDay, TrackEvent
from ui.records import Sentences
from xiuzhou_desktop.domain.plate import pretty_plate
from xiuzhou_desktop.domain.vehicle import VehicleBody
from xiuzhou_desktop.plugin_api.context import Text

MINUTE_S, HOUR_S = 60, 3600
NOTHING = "—"


class Words:
    """Sentences by key."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self._sentences = Sentences(text)

    def plate(self, body: VehicleBody) -> str:
        """As it stands on the vehicle: 浙F·A3712."""
        return pretty_plate(body.plate)

    def colour(self, body: VehicleBody) -> str:
        """The plate's colour in one character."""
        return self.text(f"tracks.plate.{body.plate_colour.value}")

    def type(self, body: VehicleBody) -> str:
        """渣土, 洒水 …"""
        return self.text(f"option.VehicleType.{body.type.value}")

    def presence(self, presence: Presence) -> str:
        """行驶, 离线 …"""
        return self.text(f"tracks.presence.{presence.value}")

    def age(self, row: VehicleRow) -> str:
        """Of its newest fix."""
        return self._sentences.span(row.age_s) if row.fix is not None else NOTHING

    def sentence(self, row: VehicleRow) -> str:
        """The whole row, for who hears it."""
        parts = (self.plate(row.body), self.type(row.body), self.presence(row.presence))
        return self.text("tracks.row", plate=parts[0], type=parts[1], state=parts[2],
                         age=self.age(row))  # fmt: skip

    def span(self, seconds: int) -> str:
        """3 分 36 秒, 1 分钟; hours and minutes from an hour on."""
        if seconds < MINUTE_S:
            return self.text("time.seconds", count=seconds)
        if seconds < HOUR_S and seconds % MINUTE_S == 0:
            return self.text("time.minutes", count=seconds // MINUTE_S)
        if seconds < HOUR_S:
            return self.text("tracks.span.minutes", minutes=seconds // MINUTE_S,
                             seconds=seconds % MINUTE_S)  # fmt: skip
        return self.text("tracks.span.hours", hours=seconds // HOUR_S,
                         minutes=seconds % HOUR_S // MINUTE_S)  # fmt: skip

    def gap(self, seconds: int) -> str:
        """无定位 3 分 36 秒."""
        return self.text("tracks.gap", span=self.span(seconds))

    def stop(self, seconds: int) -> str:
        """停 1 分 10 秒."""
        return self.text("tracks.stop", span=self.span(seconds))

    def clock(self, at_ms: int) -> str:
        """Local hours, minutes, seconds."""
        return self._sentences.hms(datetime.fromtimestamp(at_ms / 1000, UTC))

    def event(self, event: TrackEvent) -> str:
        """What happened, in a word or two."""
        if event.kind is EventKind.ALARM:
            return self.text(f"tracks.alarm.{event.facts['alarm']}")
        return self.text(f"tracks.event.{event.kind.value}")

    def event_note(self, event: TrackEvent) -> str:
        """When, how long, by which rule, what was measured."""
        span = self.span(int(event.facts.get("seconds", 0)))
        facts = {**event.facts, "span": span, "at": self.clock(event.start_ms)}
        return self.text(f"tracks.event.{event.kind.value}.note", **facts)

    def doubt(self, day: OpenedDay) -> str | None:
        """That the datum is not what was declared."""
        if day.doubt_e4 is None:
            return None
        declared, shifted = (round(share / 100) for share in day.doubt_e4)
        return self.text("tracks.doubt", declared=declared, shifted=shifted)
