"""The tracks panel 车辆轨迹: vehicles | map over transport and chart | events.

    list, map, selection ─► DayKeeper ─► opened days ─► layers, chart, events
    view clock ─► where each opened vehicle was then; live: where all are now

Wires the parts together; what they show stands in their own files.
"""

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from plugins.tracks import keys
from plugins.tracks.day_layer import Shown
from plugins.tracks.evidence import CameraFinder, can_become_flag, draft_flag
from plugins.tracks.exporting import Exporter
from plugins.tracks.fleet import FleetPicture, Presence, VehicleRow, fleet_rows, past_rows
from plugins.tracks.following import ways_of
from plugins.tracks.keeper import DayKeeper
from plugins.tracks.opened import OpenedDay, TrackEvent
from plugins.tracks.replay import Replay
from plugins.tracks.view import TracksView
from plugins.tracks.words import Words
from ui.map import open_base
from ui.records import Following, Sentences
from ui.start import start
from xiuzhou_desktop.client.views import Changed, Forecast
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.workcalendar import LOCAL
from xiuzhou_desktop.geo import Point
from xiuzhou_desktop.plugin_api.context import Action, PanelContext
from xiuzhou_desktop.plugin_api.subjects import selected_record
from xiuzhou_desktop.plugin_api.view_clock import View, ViewMode

TICK_MS, FRAME_MS = 1000, 33
REFRESH_EVERY = 30  # ticks
MOST_AT_ONCE = 200
ONLINE = frozenset({Presence.MOVING, Presence.STANDING, Presence.STALE})
NEAR_M, DAY_M = 1_500, 6_000


def create_panel(context: PanelContext) -> QWidget:
    """The entry point that the manifest names."""
    return TracksPanel(context)


class TracksPanel(QWidget):
    """Live map and replay of the district's vehicles."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context, self._text = context, context.text
        self._words, self._sentences = Words(context.text), Sentences(context.text)
        self._cameras = CameraFinder(context.engine)
        self.view = TracksView(context, self._words, self._cameras)
        self.keeper = DayKeeper(self, context.engine)
        self.replay = Replay(context.clock, self._chosen_day)
        self.exporter = Exporter(self, context.text)
        self._chosen: RecordId | None = None
        self._wish: str | None = None  # a plate that came before the vehicles were read
        self.rows: tuple[VehicleRow, ...] = ()
        self._to_centre: set[RecordId] = set()  # opened by hand, not there yet
        self._follows = self._is_making = False
        self._ticks = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.setFocusProxy(self.view.vehicles)
        self._connect()
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self._frame = QTimer(self, interval=FRAME_MS)
        self._frame.timeout.connect(self._show_instant)
        self._observed = [
            context.actions.register(action, run) for action, run in self._key_table()
        ]
        ways = ways_of(self.keeper)
        self._following = Following(self, context, ways, self._show_followed, self._show_place)
        self._observed += [
            self._following, context.engine.observe(self._news),
            context.clock.observe(self._view_changed),
        ]  # fmt: skip
        start(self._open(), owner=self)
        self._tick.start()

    # wiring

    def _connect(self) -> None:
        self.view.search.textChanged.connect(self._show_rows)
        self.view.search.returnPressed.connect(self.view.vehicles.setFocus)
        self.view.vehicles.chosen.connect(self._choose)
        self.view.vehicles.toggled.connect(self._toggle)
        self.view.map.found.connect(self._found)
        self.view.transport.pressed.connect(self._press)
        self.view.chart.went.connect(self.replay.go_to)
        self.keeper.changed.connect(self._days_changed)
        self.keeper.failed.connect(self._failed)
        self.view.side.events.chosen.connect(lambda _: self._show_instant())
        self.view.side.events.went.connect(self._go_to_event)
        self.view.side.wanted.connect(self._make_flag)
        self.exporter.done.connect(self.view.transport.say)

    def _key_table(self) -> tuple[tuple[Action, object], ...]:
        replay = self.replay
        choose = tuple((one, partial(self.choose_number, n)) for n, one in enumerate(keys.CHOOSE))
        return (
            (keys.OPEN, self._toggle_current), (keys.PLAY, replay.toggle),
            (keys.MAKE_FLAG, self._make_flag), (keys.EVENT_BEFORE, lambda: self._step_event(-1)),
            (keys.EVENT_AFTER, lambda: self._step_event(1)), (keys.SLOWER, replay.slower),
            (keys.FASTER, replay.faster), *choose, (keys.FOLLOW, self._turn_follow),
            (keys.EXPORT, self._export), (keys.SEARCH, self.view.search.setFocus),
            (keys.FIT, self.view.map.fit), (keys.OPEN_ALL, self._open_listed),
            (keys.CLOSE, self._close_current), (keys.DETAILS, self.view.turn_tab),
            (keys.NEXT, lambda: self.view.vehicles.step(1)),
            (keys.PREVIOUS, lambda: self.view.vehicles.step(-1)),
            (keys.BACK, lambda: replay.step(-1)), (keys.ON, lambda: replay.step(1)),
            (keys.CLEAR, self._clear),
        )  # fmt: skip

    def _press(self, name: str) -> None:
        {
            "play": self.replay.toggle, "slower": self.replay.slower,
            "faster": self.replay.faster, "export": self._export,
            "previous": lambda: self._step_event(-1), "next": lambda: self._step_event(1),
        }[name]()  # fmt: skip

    # reading

    async def _open(self) -> None:
        """The ground, the vehicles, the cameras."""
        await self.keeper.load_records()
        await self._cameras.load()
        self._show_rows()
        await open_base(self.view.map, self._context.engine)
        self._following.again()

    def _news(self, changed: Changed) -> None:
        if changed.is_wholesale or {Kind.VEHICLE, Kind.PERMIT} & changed.kinds:
            start(self._reload(), owner=self)

    async def _reload(self) -> None:
        await self.keeper.load_records()
        self._show_rows()

    def _on_tick(self) -> None:
        self._ticks += 1
        self._show_rows()
        self._show_instant()
        if self._ticks % REFRESH_EVERY == 0 and self._context.clock.view_at is None:
            self.keeper.refresh()

    # showing

    def _show_rows(self) -> None:
        """The newest fixes of all, in the list and on the map."""
        vehicles, at = tuple(self.keeper.vehicles.values()), self._context.clock.view_at
        if at is None:
            fixes, now = self._context.engine.positions(), self._context.clock.now()
            self.rows = fleet_rows(vehicles, fixes, now)
        else:
            self.rows = past_rows(vehicles, {one.vehicle: one for one in self.keeper.days}, at)
        wanted = self.view.search.text().strip().upper().replace("·", "")
        shown = tuple(row for row in self.rows if _matches(row, wanted))
        self.view.vehicles.show_rows(shown, tuple(one for one in self.keeper.order))
        opened = set(self.keeper.order)
        free = tuple(row for row in self.rows if row.vehicle not in opened)
        self.view.fleet.show(FleetPicture(free) if at is None else None)
        online = sum(row.presence in ONLINE for row in self.rows)
        key = "tracks.summary" if at is None else "tracks.summary.past"
        counts = {"count": len(self.rows), "online": online, "opened": len(opened)}
        self.view.header.set_summary(self._text(key, **counts))
        self.view.map.update()

    def _show_instant(self) -> None:
        """Where each opened vehicle was at the shown instant."""
        view = self._context.clock.view
        at_ms = round(view.at.timestamp() * 1000)
        shown = tuple(
            Shown(number, day, day.track.seen(at_ms), self._label(day, at_ms))
            for number, vehicle in enumerate(self.keeper.order, start=1)
            if (day := self.keeper.day_of(vehicle)) is not None
        )
        chosen = next((n for n, one in enumerate(shown) if one.day.vehicle == self._chosen), None)
        self.view.crowd.show([one.day.track for n, one in enumerate(shown) if n != chosen])
        self.view.days.show(shown, chosen, self.view.side.events.current)
        self.view.now.show(shown, chosen)
        self.view.chart.show_instant(at_ms)
        self.view.transport.show_view(view, self._sentences.hms(view.at), self._period())
        place = shown[chosen].seen.place if chosen is not None else None
        if self._follows and place is not None:
            self.view.map.centre_on(place, NEAR_M)
        self.view.map.update()

    def _label(self, day: OpenedDay, at_ms: int) -> str:
        seen = day.track.seen(at_ms)
        if seen.speed_kmh < 0:
            key = "tracks.label.held"
            return self._text(key, plate=self._words.plate(day.body),
                              at=self._words.clock(seen.since_ms))  # fmt: skip
        return self._text("tracks.label", plate=self._words.plate(day.body),
                          kmh=round(seen.speed_kmh))  # fmt: skip

    def _period(self) -> str:
        day = self._chosen_day()
        if day is None or not len(day.track.honest):
            return self._text("tracks.period.none")
        km, drift = f"{day.track.metres / 1000:.1f}", int(day.track.drift.sum())
        return self._text("tracks.period", km=km, trips=len(day.track.trips), drift=drift)

    def _days_changed(self) -> None:
        day = self._chosen_day()
        if day is not None and day.vehicle in self._to_centre:
            self._to_centre.discard(day.vehicle)
            self._centre()
        self.view.chart.show_day(day)
        self.view.side.show_day(day)
        doubt = self._words.doubt(day) if day else None
        self.view.doubt.setVisible(doubt is not None)
        self.view.doubt.set_texts(self._text("tracks.doubt.title"), doubt or "")
        self._show_rows()
        self._show_instant()

    def _failed(self, vehicle: str, slug: str) -> None:
        del slug
        record = self.keeper.vehicles.get(RecordId(vehicle))
        plate = record.title if record else ""
        self.view.transport.say(self._text("tracks.not_kept", plate=plate))
        self._show_rows()

    def _view_changed(self, view: View) -> None:
        if view.mode is ViewMode.PLAYING:
            self._frame.start()
        else:
            self._frame.stop()
        self.view.side.refresh_reason()
        self._show_rows()
        self._show_instant()

    def _step_event(self, by: int) -> None:
        """[ ]: the event before or after, with what the nearest camera saw."""
        self.view.show_events()
        self.view.side.events.step(by)

    def _go_to_event(self, event: TrackEvent | None) -> None:
        if event is not None:
            self.view.map.centre_on(event.place, NEAR_M)

    # choosing

    def _chosen_day(self) -> OpenedDay | None:
        return self.keeper.day_of(self._chosen)

    def _choose(self, vehicle: str) -> None:
        self._chosen = RecordId(vehicle)
        self._days_changed()

    def choose_number(self, number: int) -> None:
        """The opened vehicle of that place."""
        if number < len(self.keeper.order):
            vehicle = self.keeper.order[number]
            self.view.vehicles.select(vehicle)
            self._centre()
            self._tell_others(vehicle)

    def _toggle_current(self) -> None:
        if self.view.vehicles.current is not None:
            self._toggle(self.view.vehicles.current)

    def _toggle(self, vehicle: str) -> None:
        record = self.keeper.vehicles.get(RecordId(vehicle))
        if record is None:
            return
        if record.id in self.keeper.order:
            self.keeper.close(record.id)
            return
        self.open_vehicle(record.id)
        self._tell_others(record.id)

    def _tell_others(self, vehicle: RecordId) -> None:
        """A hand has chosen it."""
        self._following.choose(selected_record(self.keeper.vehicles[vehicle]))

    def _open_listed(self) -> None:
        """All that the search leaves, up to a number that a day's replay can be told apart by."""
        day = self._context.clock.view.at.astimezone(LOCAL).date()
        for vehicle in self.view.vehicles.rows.ids()[:MOST_AT_ONCE]:
            self.keeper.open(vehicle, day)
        self._show_rows()

    def open_vehicle(self, vehicle: RecordId) -> None:
        """Its day of the shown instant."""
        self.keeper.open(vehicle, self._context.clock.view.at.astimezone(LOCAL).date())
        if self.keeper.day_of(vehicle) is None:
            self._to_centre.add(vehicle)
        self._show_rows()
        self.view.vehicles.select(vehicle)
        self._choose(vehicle)
        self._centre()

    def _close_current(self) -> None:
        if self.view.vehicles.current in self.keeper.order:
            self.keeper.close(self.view.vehicles.current)

    def _found(self, thing: object) -> None:
        """A vehicle, or an instant of the chosen path, was clicked on the map."""
        if isinstance(thing, str):
            self.open_vehicle(RecordId(thing))
            self._tell_others(RecordId(thing))
        else:
            self.replay.go_to(thing)

    def _show_followed(self, record: Record) -> None:
        self.open_vehicle(record.id)

    def _show_place(self, place: Point) -> None:
        self._to_centre.clear()  # a day that comes later does not take the map away
        self.view.map.centre_on(place, NEAR_M)

    def _centre(self) -> None:
        day = self._chosen_day()
        if day is not None and len(day.track.honest):
            fixes = day.track.honest
            self.view.map.fit_to(
                Point(float(fixes.lon.min()), float(fixes.lat.min())),
                Point(float(fixes.lon.max()), float(fixes.lat.max())),
            )
            return
        row = next((one for one in self.rows if one.vehicle == self._chosen), None)
        if row is not None and row.place is not None:
            self.view.map.centre_on(row.place, DAY_M)

    # acting

    def _turn_follow(self) -> None:
        self._follows = not self._follows
        self.view.transport.say(
            self._text("tracks.follow.on" if self._follows else "tracks.follow.off")
        )
        self._show_instant()

    def _clear(self) -> None:
        self.view.search.clear()
        self.view.vehicles.setFocus()

    def _make_flag(self) -> None:
        day, event = self._chosen_day(), self.view.side.events.current
        if self._is_making or day is None or event is None or not can_become_flag(event):
            return  # a key that is held makes no second one
        self._is_making = True
        start(self._submit(day, event), owner=self)

    async def _submit(self, day: OpenedDay, event: TrackEvent) -> None:
        engine, camera = self._context.engine, self.view.side.camera
        try:
            done = await draft_flag(engine, day, event, camera, self._words)
        finally:
            self._is_making = False
        if done.forecast is Forecast.REFUSED and done.refusal is not None:
            self.view.transport.say(self._sentences.refusal(done.refusal).text)
            return
        self.view.transport.say(self._text("tracks.made_flag", plate=self._words.plate(day.body)))

    def _export(self) -> None:
        day = self._chosen_day()
        if day is None:
            self.view.transport.say(self._text("tracks.export.none"))
            return
        self.exporter.ask(day)

    def shut_down(self) -> None:
        """End what was started."""
        self._tick.stop()
        self._frame.stop()
        self.view.side.shut_down()
        for one in self._observed:
            one.close()


def _matches(row: VehicleRow, wanted: str) -> bool:
    return wanted in f"{row.body.plate} {row.body.company} {row.body.terminal or ''}".upper()
