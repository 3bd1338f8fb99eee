"""A district that lets in enrolled computers alone: an administrator's code, once."""

import asyncio
import json
import subprocess
import sys

from tests.e2e.hands import bring_to_front, press, type_text
from tests.e2e.sight import words
from tests.e2e.waits import until
from tests.e2e.walk.expect import expect
from tests.e2e.walk.shell_steps import server_and
from tests.e2e.walker import Walker
from ui.shell.demo_backend import DATA_FOLDER, MODULE
from xiuzhou_desktop.client.views import Link

USER, DESK = "supervisor", "desk-7"


async def let_in_by_a_code(walker: Walker) -> None:
    """F10: the code is asked for only once the server asks; with it the window opens."""
    await _only_enrolled(walker, is_so=True)
    application = walker.product.application
    server, account = server_and(walker, USER)
    walker.measured(False)
    before = walker.window
    press("F10")
    asked = application.sign_in
    await until(asked.isVisible, "the sign-in window stands")
    await bring_to_front(asked)
    expect(not asked.code.isVisible(), "a code is asked for before the server asks")
    asked.server.setText(server)
    asked.user.setText(account.user)
    asked.password.setText(account.password)
    asked.password.setFocus()
    press("Return")
    await until(asked.code.hasFocus, "the code is asked for")
    expect(asked.user.text() == account.user, f"now {asked.user.text()} is to sign in")
    expect("登记码" in words(asked), f"no field has that name: {words(asked)}")
    await walker.pictures.take_small("sign-in-code", asked)
    await bring_to_front(asked)
    code = (await _console(walker, "workstation", "invite", DESK)).split()[1]
    type_text(code)
    press("Return")
    await until(lambda: application.window not in (None, before), "the window opens")
    await bring_to_front(walker.window)
    await walker.until_link(Link.ONLINE)
    await _only_enrolled(walker, is_so=False)


async def _only_enrolled(walker: Walker, *, is_so: bool) -> None:
    rules = walker.product.root / "rules.json"
    rules.write_text(json.dumps({"enrolled_only": is_so}), encoding="utf-8")
    await _console(walker, "config", "import", str(rules))


async def _console(walker: Walker, *arguments: str) -> str:
    """What the administrator's command line says, beside the running server."""
    folder = walker.product.root / DATA_FOLDER
    command = [sys.executable, "-m", MODULE, *arguments, "--data", str(folder)]
    done = await asyncio.to_thread(
        subprocess.run, command, capture_output=True, text=True, check=False
    )
    expect(done.returncode == 0, f"{arguments[0]}: {done.stderr[-400:]}")
    return done.stdout
