"""Keys of time and of the selection (look.md §5), everywhere: the view clock, the time bar, what
was selected before, and the same subject in another panel."""

from collections.abc import Callable
from functools import partial

from ui.shell.window import ShellWindow
from xiuzhou_desktop.plugin_api.context import Action, Scheme
from xiuzhou_desktop.plugin_api.manifest import ClockUse

SHOWN_ELSEWHERE = (
    ("track", "route", "T", (Scheme.PLATE,)),
    ("cameras", "device-cctv", "V", (Scheme.CAMERA, Scheme.PLACE)),
)


class TimeActions:
    """What these keys do in one window."""

    def __init__(self, window: ShellWindow) -> None:
        self._window = window
        self._everywhere = window.place.actions.everywhere()
        bar, clock = window.time_bar, window.place.clock
        self._add("time_bar", "clock", ("Ctrl+T",), window.toggle_time_bar)
        self._add("live", "player-skip-forward", ("Ctrl+Home",), clock.go_live, self._is_past)
        self._add("play", "player-play", ("Space",), bar.toggle_play, self._is_past)
        self._add("slower", "minus", ("-",), partial(bar.step_speed, -1), self._is_past)
        self._add("faster", "plus", ("=",), partial(bar.step_speed, 1), self._is_past)
        self._add("move", "link", ("Q",), self._move, self._may_move)
        selection = window.place.selection
        self._add("before", "chevron-left", ("Alt+Left",), self._before, selection.has_before)
        self._add("after", "chevron-right", ("Alt+Right",), self._after, selection.has_after)
        for name, icon, key, schemes in SHOWN_ELSEWHERE:
            show, may = partial(self._show, schemes), partial(self._may_show, schemes)
            self._add(name, icon, (key,), show, may)

    def _add(
        self,
        name: str,
        icon: str,
        keys: tuple[str, ...],
        run: Callable[[], None],
        when: Callable[[], bool] | None = None,
    ) -> None:
        action = Action(
            id=f"shell.{name}", text=f"action.{name}", icon=icon, keys=keys, in_key_bar=False
        )
        self._everywhere.register(action, run, when)

    def _is_past(self) -> bool:
        return self._window.place.clock.view_at is not None

    # a panel that is moved on purpose

    def _may_move(self) -> bool:
        frame = self._window.frame_in_front()
        return frame is not None and frame.time.use is ClockUse.ASKED and self._is_past()

    def _move(self) -> None:
        self._window.frame_in_front().time.toggle_moved()

    # the selection

    def _before(self) -> None:
        self._window.open_record(self._window.place.selection.before())

    def _after(self) -> None:
        self._window.open_record(self._window.place.selection.after())

    def _may_show(self, schemes: tuple[Scheme, ...]) -> bool:
        return self._scheme_of(schemes) is not None

    def _show(self, schemes: tuple[Scheme, ...]) -> None:
        selection = self._window.place.selection
        selection.open(selection.current, self._scheme_of(schemes))

    def _scheme_of(self, schemes: tuple[Scheme, ...]) -> Scheme | None:
        """The first of them that the selection is about and a panel here finds."""
        current, found = self._window.place.selection.current, self._window.finds
        if current is None:
            return None
        return next((one for one in schemes if current.about(one) and found(one)), None)
