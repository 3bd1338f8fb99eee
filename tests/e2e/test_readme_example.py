"""The README's example: cameras from a CSV and a flag posted with `curl`, its picture from outside
the demonstration, arrive in the open window and are judged there by keys."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.e2e.conftest import RunInWindow
from tests.e2e.hands import bring_to_front, press
from tests.e2e.product import Product
from tests.e2e.real_backend import RealBackend, ran, serving
from tests.e2e.server_eye import ServerEye
from tests.e2e.sight import Sight, words
from tests.e2e.waits import until
from xiuzhou_desktop.contract.demo import DemoAccount

CAMERAS = (
    "gb_id,short_no,name,area,address,lon,lat,heading_deg,state\n"
    "33041100081326000152,C-0152,中山西路-吉水路口 东,330411002,中山西路吉水路口,"
    "120.7291,30.7632,90,ACCEPTED\n"
)
PASSWORD = "correct horse battery"
PLATE = "浙FD8K31"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A district with two officers and one camera, made by the command line."""
    folder = tmp_path / "district"
    (tmp_path / "cameras.csv").write_text(CAMERAS, encoding="utf-8")
    ran(folder, "init")
    for user in ("zhangmin", "liqiang"):
        ran(folder, "user", "add", user, "--role", "duty_officer", said=f"{PASSWORD}\n")
    said = ran(folder, "import", "cameras", str(tmp_path / "cameras.csv"))
    assert "1" in said
    return folder


def picture(path: Path) -> Path:
    """A photograph that no renderer of ours has made."""
    image = Image.new("RGB", (1280, 720), "#777777")
    ImageDraw.Draw(image).rectangle((520, 340, 760, 560), fill="#224488")
    image.save(path, "JPEG")
    return path


def post_flag(server: RealBackend, token: str, folder: Path) -> dict[str, object]:
    """Post the flag with curl; returns the answer."""
    flag = {
        "external_id": "box1-000001",
        "category": "05-05",
        "camera": "C-0152",
        "captured_at": f"{datetime.now(UTC) - timedelta(minutes=1):%Y-%m-%dT%H:%M:%S.000Z}",
        "plate": PLATE,
        "plate_colour": "green",
        "confidence_e4": 9100,
        "box_e4": [4100, 4800, 5900, 7800],
    }
    (folder / "flag.json").write_text(json.dumps(flag), encoding="utf-8")
    picture(folder / "picture.jpg")
    command = ["curl", "--silent", "--show-error", "-F", "flag=@flag.json"]
    command += ["-F", "image=@picture.jpg", "-H", f"Authorization: Bearer {token}"]
    answer = subprocess.run(
        [*command, f"{server.address}/v1/ingest/flags"],
        capture_output=True, cwd=folder, timeout=300, check=True,
    )  # fmt: skip
    return json.loads(answer.stdout)


def test_a_posted_flag_is_judged_in_the_open_window(
    data: Path, tmp_path: Path, run_in_window: RunInWindow
) -> None:
    token = ran(data, "device", "add", "ai-box-1").strip().splitlines()[-1].split()[-1]
    product = Product(tmp_path / "profile")

    async def play(server: RealBackend) -> None:
        application = product.begin("--server", server.address)
        asked = application.sign_in
        await until(asked.isVisible, "the sign-in window stands")
        asked.user.setText("zhangmin")
        asked.password.setFocus()
        await bring_to_front(asked)
        asked.password.setText(PASSWORD)
        press("Return")
        await until(lambda: application.window is not None, "the window opens", 60)
        await bring_to_front(product.window)
        sight = Sight(product.window)

        answer = post_flag(server, token, tmp_path)
        again = post_flag(server, token, tmp_path)
        assert answer["created"] is True
        assert again["created"] is False
        assert again["record"] == answer["record"]
        record = str(answer["record"])
        await until(lambda: sight.shows(record), "the flag arrives")
        await until(lambda: sight.still.image is not None, "its picture is shown")
        assert "D8K31" in words(sight.stage)

        sight.queue.setFocus()
        press("1")
        reader = DemoAccount(user="liqiang", password=PASSWORD, role="duty_officer", scope="")
        eye = ServerEye(server.address, reader)

        async def is_confirmed() -> bool:
            return "confirm" in await eye.acts("flag", record)

        await until(is_confirmed, "the verdict is on the server")
        assert (await eye.acts("flag", record))[:2] == ["detect", "confirm"]
        await product.close()

    with serving(data) as server:
        run_in_window(lambda: play(server))
