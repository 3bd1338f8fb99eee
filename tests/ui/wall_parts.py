"""A window with the video wall over the fake engine, and cameras with real streams."""

from datetime import datetime
from pathlib import Path

import msgspec
from pytestqt.qtbot import QtBot

from plugins.wall.panel import WallPanel
from plugins.wall.tile import WallTile
from tests.e2e.hands import press
from tests.e2e.sight import words
from tests.ui.fake_engine import FakeEngine
from tests.ui.shell_parts import a_window, in_front
from tests.unit.domain.builders import HERE, MORNING, a_flag, rid
from xiuzhou_desktop.client.errors import Unavailable
from xiuzhou_desktop.contract.live import CameraHealth, Health
from xiuzhou_desktop.domain.camera_body import CameraBatch, CameraBody, CameraState
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import AreaCode, RecordId

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
STREETS = ("中山西路", "东升西路", "运河路")
WANGJIANGJING = "330411101"


def camera(number: int, **changes: object) -> Record:
    """C-0001 …, every third in Wangjiangjing; `state` and `area` are columns, the rest body."""
    columns = {name: changes.pop(name) for name in ("state", "area") if name in changes}
    area = AreaCode(WANGJIANGJING if number % 3 == 0 else "330411002")
    body = CameraBody(short_no=f"C-{number:04d}", name=f"{STREETS[number % 3]}-第{number}点")
    record = Record(
        kind=Kind.CAMERA, id=rid(5000 + number), state=CameraState.ACCEPTED.value, area=area,
        place=HERE, opened_at=MORNING, title=f"C-{number:04d}",
        body=msgspec.structs.replace(body, **changes),
    )  # fmt: skip
    return msgspec.structs.replace(record, **columns)


def flag_at(number: int, **columns: object) -> Record:
    """A flag of camera `number`; the lower, the sooner due."""
    record = a_flag(camera=rid(5000 + number), plate=f"浙F{number:05d}")
    title = f"浙F{number:05d} 中山西路"
    return msgspec.structs.replace(record, id=rid(1000 + number), title=title, **columns)


CITY = (
    *(camera(number) for number in range(1, 11)),
    camera(11, state=CameraState.INSTALLED.value, batch=CameraBatch.NEW),
    camera(12, state=CameraState.RETIRED.value),
)


class WallEngine(FakeEngine):
    """With a live lane for cameras."""

    def __init__(self, *records: Record) -> None:
        super().__init__(*records)
        self.told: dict[RecordId, CameraHealth] = {}
        self.recorded: dict[RecordId, str] = {}
        """Where a camera's recorded pieces are found, of those that have any."""

    async def media_url(self, path: str) -> str:
        camera = RecordId(path.split("/")[3])
        if camera not in self.recorded:
            raise Unavailable(path=path)
        return self.recorded[camera]

    def health(self, camera: RecordId) -> CameraHealth | None:  # type: ignore[override]
        return self.told.get(camera)

    def hear(self, camera: RecordId, health: Health, since: datetime = MORNING) -> None:
        self.saw(camera, CameraHealth(camera=camera, health=health, since=since))

    def saw(self, camera: RecordId, seen: CameraHealth | None) -> None:
        if seen is None:
            self.told.pop(camera, None)
        else:
            self.told[camera] = seen
        self.tell(kinds={Kind.CAMERA})


class Operator:
    """One officer before the wall."""

    def __init__(
        self, qtbot: QtBot, engine: WallEngine, folder: Path, language: str = "zh_CN"
    ) -> None:
        self.qtbot, self.engine = qtbot, engine
        self.window = a_window(engine, folder, panels=PLUGINS, language=language)
        in_front(qtbot, self.window)
        self.window.show_panel("wall")
        qtbot.waitUntil(lambda: self.window.findChild(WallPanel) is not None)
        found = self.window.findChild(WallPanel)
        assert found is not None
        self.panel = found
        self.until(lambda: self.panel.is_arranged)

    @property
    def shown(self) -> list[str]:
        """Codes of the cameras in the layout's tiles, "" where there is none."""
        cameras = self.panel.grid.cameras[: self.panel.grid.count]
        return [camera.code if camera else "" for camera in cameras]

    def tile(self, number: int) -> WallTile:
        """By the number on it."""
        return self.panel.grid.tiles[number - 1]

    def find(self, typed: str) -> None:
        """/, the words, Enter: the first camera found is under the hand in the tree."""
        press("/")
        self.until(lambda: self.panel.tree.search_field.hasFocus())
        for letter in typed:
            press(letter)
        press("Return")
        self.until(lambda: self.panel.tree.current is not None)

    def until(self, is_so: object) -> None:
        self.qtbot.waitUntil(is_so)

    def until_says(self, sentence: str) -> None:
        self.until(lambda: sentence in words(self.panel))
