"""What the window itself gives: keys of the panel, the guided walk, others' panels, error cards."""

import re
import shutil
from pathlib import Path

from PySide6.QtWidgets import QWidget

from tests.e2e.hands import bring_to_front, click, press, type_text
from tests.e2e.sight import stands, words
from tests.e2e.waits import until
from tests.e2e.walk.conflict_steps import overtaken, settle
from tests.e2e.walk.expect import expect
from tests.e2e.walk.hand_steps import Typist, fill_report
from tests.e2e.walk.item_steps import a_plain_flag
from tests.e2e.walker import Walker
from ui.shell.error_card import ErrorCard
from xiuzhou_desktop.client.views import Link
from xiuzhou_desktop.contract.demo import DemoAccount
from xiuzhou_desktop.domain.flag_body import FlagState

PROJECT = Path(__file__).resolve().parents[3]
GUIDE = PROJECT / "docs" / "writing-a-panel.md"
MOST_LINES = 60
RAISING = '''
"""A panel with a defect."""


def create_panel(context):
    """Raise."""
    raise RuntimeError("the dropped panel has a defect")
'''
WALK_STEPS = 7


async def tells_its_keys(walker: Walker) -> None:
    """F1: the keys of this panel."""
    window = walker.window

    async def show() -> None:
        press("F1")
        await until(window.sheet.isVisible, "the sheet of keys")

    async def hide() -> None:
        press("F1")
        await until(lambda: not window.sheet.isVisible(), "the sheet is left")

    await walker.pictures.take("shortcuts", window, show, hide)


async def guides(walker: Walker) -> None:
    """The guided walk: seven steps, each over when what it asks for has happened."""
    click(walker.bar.guide)
    guide = walker.bar.walk
    await until(lambda: guide.is_on and guide.isVisible(), "the guided walk stands")
    await walker.pictures.take("guided-walk", walker.window)
    acts = (_look, _judge, _report, _unplug, _judge_offline, _plug, _be_overtaken)
    for number, act in enumerate(acts, start=1):
        await until(lambda at=number: guide.step >= at - 1, f"step {number} is asked")
        await walker.ready()
        await act(walker)
        await until(lambda at=number: guide.step >= at, f"step {number} is over")
    expect(guide.step >= WALK_STEPS, "the walk is not at its end")
    click(walker.bar.guide)


async def _look(walker: Walker) -> None:
    press("Home", "J", "J")


async def _judge(walker: Walker) -> None:
    record = (await a_plain_flag(walker)).record.id
    await walker.judge(record, "1")
    await until(lambda: walker.entries_of(record), "the verdict is saved")


async def _report(walker: Walker) -> None:
    await fill_report(walker, Typist(), "暴露垃圾", "王江泾镇")


async def _unplug(walker: Walker) -> None:
    click(walker.bar.plug)
    await walker.until_link(Link.OFFLINE)


async def _judge_offline(walker: Walker) -> None:
    for _ in range(2):
        await _judge(walker)
        await walker.ready()


async def _plug(walker: Walker) -> None:
    backend = walker.product.application.backend
    assert backend is not None
    await until(walker.bar.plug.isEnabled, "the server has ended")
    click(walker.bar.plug)
    await until(lambda: backend.is_running, "the server is back")
    await walker.until_link(Link.ONLINE)


async def _be_overtaken(walker: Walker) -> None:
    entry = await overtaken(walker)
    await settle(walker, entry.command.id, "1")


async def takes_in_a_panel(walker: Walker) -> None:
    """The panel of docs/writing-a-panel.md, dropped into plugins, is there at the next start."""
    folder = walker.product.root / "plugins" / "from_the_guide"
    _drop(folder, *_guide())
    raising = walker.product.root / "plugins" / "with_a_defect"
    manifest = re.sub(r'(?m)^id = ".*"', 'id = "with_a_defect"', _guide()[0])
    named = re.sub(r"(?m)^title = .*", 'title = {zh_CN = "外来面板", en_US = "Guest"}', manifest)
    _drop(raising, named, RAISING)
    await walker.close()
    await walker.open("--demo")
    await bring_to_front(walker.window)
    name = re.search(r'(?m)^id = "(.*)"', _guide()[0])
    assert name is not None
    frame = walker.window.docks.frame(name[1])
    assert frame is not None, f"no panel {name[1]}"
    number = [one.found.id for one in walker.window.panels()].index(name[1]) + 1
    press(f"Ctrl+{number}")
    await until(lambda: frame.isVisible() and frame.panel is not None, "the panel stands")
    await until(lambda: fills(frame, walker), "it has the panel's place")
    expect(frame.findChild(ErrorCard) is None, f"it is an error card: {words(frame)}")


def fills(frame: QWidget, walker: Walker) -> bool:
    """Whether a panel's frame is what the person sees in the middle of the window."""
    window = walker.window
    seen = window.childAt(window.rect().center())
    return seen is not None and (frame is seen or frame.isAncestorOf(seen))


async def survives_a_defect(walker: Walker) -> None:
    """A panel that raises becomes a card; the others live on."""
    window = walker.window
    frame = window.docks.frame("with_a_defect")
    assert frame is not None, "the panel with the defect is not listed"
    number = [one.found.id for one in window.panels()].index("with_a_defect") + 1
    press(f"Ctrl+{number}")
    await until(lambda: frame.findChild(ErrorCard) is not None, "its card")
    await until(lambda: "出错" in words(frame), "what happened is said")
    await until(lambda: fills(frame, walker), "the card has the panel's place")
    await walker.pictures.take("error-card", window)
    await bring_to_front(window)
    press("Ctrl+1")
    await until(lambda: walker.sight.queue.isVisible(), "the triage panel lives")
    await until(lambda: walker.sight.queue.hasFocus(), "its queue has the keyboard")
    before = walker.sight.current_id()
    press("J")
    await until(lambda: walker.sight.current_id() != before, "its keys work")
    shutil.rmtree(walker.product.root / "plugins")  # the next window has the product's own alone


async def reopened_by_the_supervisor(walker: Walker) -> None:
    """F10: the supervisor signs in at this workstation and reopens the false alarm."""
    await changes_person(walker, "supervisor", take_picture=True)
    record = walker.kept["false"]
    walker.window.show_panel("triage")
    await until(lambda: stands(walker.window), "the queue stands")
    await walker.ready()
    await walker.select(record)
    press("Ctrl+R")
    await walker.form()
    type_text("复核后认定属实")
    press("Ctrl+Return")
    await walker.until_state(record, FlagState.DETECTED)


async def changes_person(walker: Walker, user: str, *, take_picture: bool = False) -> None:
    """F10: somebody else signs in at this workstation."""
    application = walker.product.application
    server, account = server_and(walker, user)
    walker.measured(False)
    before = walker.window
    press("F10")
    asked = application.sign_in
    await until(asked.isVisible, "the sign-in window stands")
    await bring_to_front(asked)
    if take_picture:
        await walker.pictures.take_small("sign-in", asked)
    asked.server.setText(server)
    asked.user.setText(account.user)
    asked.password.setText(account.password)
    asked.password.setFocus()
    press("Return")
    await until(lambda: application.window not in (None, before), f"{user}'s window")
    await bring_to_front(walker.window)
    await walker.until_link(Link.ONLINE)


def server_and(walker: Walker, user: str) -> tuple[str, DemoAccount]:
    backend = walker.product.application.backend
    assert backend is not None
    assert backend.server is not None
    return backend.server, backend.account(user)


def _guide() -> tuple[str, str]:
    """Manifest and code that the guide gives; the code has at most sixty lines."""
    text = GUIDE.read_text(encoding="utf-8")
    manifest = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    code = next(
        (c for c in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "create_panel" in c),
        None,
    )
    assert manifest is not None and code is not None, "the guide shows no panel"
    expect(code.count("\n") <= MOST_LINES, f"the guide's panel has {code.count(chr(10))} lines")
    return manifest[1], code


def _drop(folder: Path, manifest: str, code: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.toml").write_text(manifest, encoding="utf-8")
    (folder / "panel.py").write_text(code, encoding="utf-8")
