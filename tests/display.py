"""A display where there is none: an Xvfb of one's own, for tests, the headless walk and benchmarks.

    with virtual_display() as name:     # ":99", whichever was free
        env["DISPLAY"] = name

The server ends with the block, and with this process should it be killed.
"""

import contextlib
import os
import select
import shutil
import subprocess
from collections.abc import Iterator, Mapping

SCREEN = "1920x1080"
START_TIMEOUT_S = 180


@contextlib.contextmanager
def virtual_display(screen: str = SCREEN) -> Iterator[str]:
    """Start Xvfb on a free display number and yield its name."""
    if shutil.which("Xvfb") is None:
        raise RuntimeError("Xvfb is not installed: run `make setup`")
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{screen}x24"]
    command += ["-dpi", "96", "-nolisten", "tcp", "-noreset"]
    if shutil.which("setpriv"):
        command = ["setpriv", "--pdeathsig", "TERM", *command]
    server = subprocess.Popen(
        command,
        pass_fds=(write_end,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # a Ctrl-C reaches the windows first
    )
    os.close(write_end)
    try:
        yield f":{_number(read_end)}"
    finally:
        os.close(read_end)
        server.terminate()
        server.wait()


def _number(read_end: int) -> str:
    readable, _, _ = select.select([read_end], [], [], START_TIMEOUT_S)
    number = os.read(read_end, 16).decode().strip() if readable else ""
    if not number:
        raise RuntimeError(f"Xvfb did not start within {START_TIMEOUT_S} s")
    return number


def windowed_environment(display: str, base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment of a program whose windows belong on `display` and nowhere else."""
    dropped = {"WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "QT_SCALE_FACTOR", "QT_STYLE_OVERRIDE"}
    kept = {name: value for name, value in base.items() if name not in dropped}
    return kept | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
