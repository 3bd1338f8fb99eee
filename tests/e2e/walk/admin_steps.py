"""The administration panel: what ends soon is in sight, a limit says what it will affect before it
is saved, and its earlier version is put back.
"""

from plugins.admin.panel import AdminPanel
from plugins.admin.putting_back import versions
from tests.e2e.hands import press, type_text
from tests.e2e.sight import words
from tests.e2e.waits import until
from tests.e2e.walk.expect import expect
from tests.e2e.walk.shell_steps import changes_person
from tests.e2e.walker import Walker

LIMIT = "再次研判超时报警"


async def stands(walker: Walker) -> None:
    """The administrator's window opens on it; each section shows something that matters."""
    await changes_person(walker, "admin")
    panel = await _shown(walker)
    await _section(panel, "1", "accounts")
    await until(lambda: "王江泾镇" in str(panel.lines.entries), "the accounts")
    await _section(panel, "2", "officers")
    await _to(panel, "朱丽")
    await until(lambda: "执法证 18 天后到期" in words(panel), "a certificate's end is said")
    await walker.pictures.take("administration", walker.window)
    await _section(panel, "8", "exemptions")
    await until(lambda: bool(panel.detail.map.layer.zones), "the zones are on the map")
    await _to(panel, "装卸货时段")
    await walker.pictures.take("administration-zones", walker.window)
    await _section(panel, "6", "templates")
    await _to(panel, "告知")
    await until(lambda: "咨询 12345" in panel.detail.preview.message, "the message as it goes out")
    await walker.pictures.take("administration-template", walker.window)
    await _section(panel, "9", "cameras")
    press("Space")
    await until(lambda: panel.detail.tile.frame is not None, "the camera plays")
    await walker.pictures.take("administration-camera", walker.window)
    press("Space")


async def changes_and_puts_back(walker: Walker) -> None:
    """Limits: said, saved, delivered; then the version before it, from the server's past."""
    panel = await _shown(walker)
    await _section(panel, "5", "limits")
    await _to(panel, LIMIT)
    first = walker.engine.policy.look_alarm_min + 5
    await _foreseen(walker, panel, first)
    await walker.pictures.take("administration-foreseen", walker.window)
    await _kept(walker, panel, first)
    await _to(panel, LIMIT)
    await _foreseen(walker, panel, first + 5)
    await _kept(walker, panel, first + 5)
    await _to(panel, LIMIT)
    await until(lambda: _has_versions(panel), "the list has the version before")
    press("Ctrl+Backspace")
    await until(panel.question.isVisible, "the versions")
    press("1")
    await until(panel.acting.form.isVisible, "what it puts back")
    press("Ctrl+Return")
    await until(lambda: "再按 Ctrl+Enter" in words(panel), "what it will affect")
    await _kept(walker, panel, first)


def _has_versions(panel: AdminPanel) -> bool:
    view = panel.current.view if panel.current is not None else None
    return view is not None and bool(versions(view))


async def _foreseen(walker: Walker, panel: AdminPanel, minutes: int) -> None:
    """Enter, the new value, Ctrl+Enter: what it will affect is said, and nothing is saved."""
    before = walker.engine.policy.look_alarm_min
    press("Return")
    await until(lambda: panel.question.isVisible() or panel.acting.form.isVisible(), "the form")
    if panel.question.isVisible():
        press("1")
        await until(panel.acting.form.isVisible, "the form")
    press("Ctrl+A")
    type_text(str(minutes))
    press("Ctrl+Return")
    await until(lambda: "再按 Ctrl+Enter" in words(panel), "what it will affect")
    expect(walker.engine.policy.look_alarm_min == before, "it was saved unasked")


async def _kept(walker: Walker, panel: AdminPanel, minutes: int) -> None:
    """Ctrl+Enter again: it holds here, and reaches the server."""
    press("Ctrl+Return")
    await until(lambda: walker.engine.policy.look_alarm_min == minutes, "it holds here")
    await until(lambda: not panel.acting.form.isVisible(), "the form is put away")
    await walker.until_delivered()


async def _shown(walker: Walker) -> AdminPanel:
    walker.window.show_panel("admin")
    await until(lambda: _panel(walker) is not None, "the administration panel")
    panel = _panel(walker)
    assert panel is not None
    panel.setFocus()
    return panel


def _panel(walker: Walker) -> AdminPanel | None:
    frame = walker.window.docks.frame("admin")
    panel = frame.panel if frame is not None else None
    return panel if isinstance(panel, AdminPanel) else None


async def _section(panel: AdminPanel, digit: str, name: str) -> None:
    press(digit)
    await until(lambda: panel.section.name == name and panel.current is not None, name)


async def _to(panel: AdminPanel, words_of_it: str) -> None:
    """J until the line with that title is selected, at the pace at which lines are there."""

    def is_reached() -> bool:
        entry = panel.current
        if entry is not None and words_of_it in entry.title:
            return True
        press("J")
        return False

    await until(is_reached, f"a line says {words_of_it}")
