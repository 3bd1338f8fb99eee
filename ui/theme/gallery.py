"""Shows every widget and a made-up queue, for looking at beside the pictures of the design.

    python -m ui.theme.gallery --out DIR [--theme dark|light]     without a theme: both

Writes `<theme>-triage.png` (1920×1080), `<theme>-narrow.png` (1366×768) and `<theme>-parts.png`.
"""

import argparse
import sys
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from ui.records.header import queue_header
from ui.records.rows import ROW_ROLE, Row
from ui.records.view import RecordListView
from ui.theme.samples import sample_picture, sample_queue
from ui.theme.specimens import parts_page, row_of, surface_frame
from ui.theme.textrun import Ink
from ui.theme.theme import theme
from ui.theme.tokens import ThemeName
from ui.theme.type import Face, Weight
from ui.widgets import (
    Button,
    ButtonKind,
    Card,
    CropView,
    ElidedText,
    EmptyState,
    Frame,
    FrameStrip,
    KeyBar,
    KeyButton,
    KeyCap,
    KeyItem,
    MarkLabel,
    PlateLabel,
    RatioBar,
    Rule,
    SectionTitle,
    Share,
    StatusField,
    StatusText,
    StatusTone,
    Step,
    Stepper,
    StepState,
    Text,
    ThreadEntry,
    ThreadList,
    UndoBar,
    wrapped,
)

SETTLE_MS = 300
TITLES = {
    "mark": "级", "time": "剩余", "type": "类型", "subject": "号牌 / 对象", "place": "地点",
    "confidence": "置信", "state": "状态",
}  # fmt: skip
VERDICTS = (
    ("1", "属实", "→ 短信通知车主", None),
    ("2", "误报", "再选原因", None),
    ("3", "重复", "并入 1 条相似", None),
    ("4", "稍后", "5 / 10 / 15 分钟", None),
    ("5", "直接现场", "", "30 天内属实不足 3 次"),
)
STEPS = (
    Step("发现", "14:36:41 智能识别", StepState.DONE),
    Step("人工研判", "14:51 前完成", StepState.CURRENT),
    Step("短信通知", "送达后 15 分钟内驶离", StepState.AHEAD),
    Step("再次研判", "限时后同机画面", StepState.AHEAD),
    Step("现场执法", "两人以上到场", StepState.AHEAD),
)
KEYS = (
    KeyItem(("1–5",), "判定"),
    KeyItem(("J", "K"), "下一条 / 上一条"),
    KeyItem(("Space",), "播放"),
    KeyItem((",", "."), "逐帧"),
    KeyItem(("S",), "快照取证"),
    KeyItem(("U",), "撤销"),
    KeyItem(("M",), "地图"),
    KeyItem(("B",), "领取"),
)
STATUS = (
    StatusText(strong="离线", text="自 14:32(8 分钟)", icon="plug-connected-x",
               tone=StatusTone.OFFLINE),
    StatusText(text="数据为 14:32 的(8 分钟前)", icon="clock-exclamation"),
    StatusText(strong="待同步 6", text="最早 7 分钟", trouble="被拒 2", icon="cloud-up", key="F8",
               tone=StatusTone.PENDING),
    StatusText(text="回看 09:20:00", icon="history", tone=StatusTone.PAST),
)  # fmt: skip
THREAD = (
    ThreadEntry(time="14:36:41", text="相机 C-0137 识别 违停 0.91"),
    ThreadEntry(time="14:38:10", text="李强 查看,未领取"),
    ThreadEntry(
        time="14:39:58", text="张敏 判定属实,短信将在恢复后送出,时限 15:00", pending="待同步"
    ),
)


SMS = (
    "【秀洲综合执法】浙F·D8K31 于 11-23 14:36 停放在中山西路吉水路口东侧人行道。"
    "请在收到后 15 分钟内驶离。查询或陈述请拨 12345"
)


class _Rows(QAbstractListModel):
    def __init__(self, rows: list[Row], parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = rows

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        return self._rows[index.row()] if role == ROW_ROLE else None


def queue_column(width: int) -> QWidget:
    """The head and the list, as the triage panel has them."""
    column = surface_frame("panel", width)
    view = RecordListView()
    view.setModel(_Rows(sample_queue(), view))
    view.setCurrentIndex(view.model().index(3, 0))
    head = queue_header(TITLES)
    head.set_right_margin(view.scroll_bar_width())
    column.layout().addWidget(head)
    column.layout().addWidget(view)
    return column


def stage_column() -> QWidget:
    """Title, picture, strip, crops, undo, stepper and verdicts."""
    column = surface_frame("canvas")
    title = row_of(MarkLabel(2, 24), Text("违停", Ink("text1", Face.TITLE, Weight.BOLD)),
                 PlateLabel("浙F·D8K31", "蓝"), ElidedText("中山西路 吉水路口东侧人行道"),
                 Text("C-0137 · 14:36:41 抓拍", Ink("text2")))  # fmt: skip
    title.layout().setContentsMargins(12, 6, 12, 6)
    still = CropView()
    still.set_picture(sample_picture(1280, 720, "C-0137"), "", "")
    strip = FrameStrip()
    times = [f"14:3{n // 2}:{n % 2 * 3}1" for n in range(10)]
    frames = [Frame(sample_picture(160, 90, t) if n != 4 else None, t) for n, t in enumerate(times)]
    strip.set_frames(frames)
    strip.set_current(6)
    crops = row_of(*(_crop(name) for name in ("首帧 · 无车", "近景", "号牌 浙F·D8K31 · 识别 0.97")))
    crops.layout().setContentsMargins(12, 8, 12, 8)
    crops.setFixedHeight(180)
    undo = UndoBar("撤销", "U")
    undo.show_undo("已判 属实 · 5 秒内可撤销")
    stepper = Stepper()
    stepper.set_steps(STEPS)
    for part in (title, still, strip, crops, undo, stepper, verdict_bar()):
        column.layout().addWidget(part, 1 if part is still else 0)
    return column


def verdict_bar() -> QWidget:
    buttons = []
    for number, (key, title, note, reason) in enumerate(VERDICTS):
        kind = ButtonKind.PRIMARY if number == 0 else ButtonKind.NORMAL
        button = KeyButton(key, title, note, kind)
        button.set_reason(reason)
        buttons.append(button)
    bar = row_of(*buttons)
    bar.layout().setContentsMargins(12, 8, 12, 8)
    return bar


def context_column() -> QWidget:
    column = surface_frame("panel", 404)
    box = QVBoxLayout()
    box.setContentsMargins(12, 12, 12, 12)
    box.setSpacing(8)
    thread = ThreadList()
    thread.set_entries(THREAD)
    card = Card("采用 1 后将发出的短信(预览)")
    card.body.addWidget(wrapped(SMS))
    parts = (
        SectionTitle("车主近 90 天"),
        wrapped("30 天内属实 1 次;满 3 次可直接派现场。"),
        Rule(),
        SectionTitle("本相机此类识别的准确率", "人工判定"),
        RatioBar(Share(value=0.86, low=0.79, high=0.91), "122/142 · 95% 区间 79–91%"),
        RatioBar(Share(value=None), "0/0"),
        Rule(),
        SectionTitle("经过"),
        thread,
        card,
        EmptyState("没有待研判的线索。最近一条 14:12 已处理", "Esc", "清除筛选"),
    )
    for part in parts:
        box.addWidget(part)
    box.addStretch(1)
    column.layout().addLayout(box)
    return column


def triage_page(width: int, height: int) -> QWidget:
    """The working screen as the design draws it."""
    page = surface_frame("canvas")
    page.resize(width, height)
    is_wide = width > 1400
    middle = row_of(queue_column(592 if is_wide else 400), stage_column())
    middle.layout().setSpacing(1)
    if is_wide:
        middle.layout().addWidget(context_column())
    keys = KeyBar()
    keys.set_items(KEYS, KeyItem(("F1",), "本面板全部按键"))
    status = row_of(*(StatusField(each) for each in STATUS))
    status.layout().setSpacing(0)
    status.layout().addStretch(1)
    line = QFrame()
    line.setProperty("bar", "status")
    box = QVBoxLayout(line)
    box.setContentsMargins(0, 0, 0, 0)
    box.addWidget(status)
    for part in (header_bar(), middle, keys, line):
        page.layout().addWidget(part, 1 if part is middle else 0)
    return page


def header_bar() -> QWidget:
    bar = QFrame()
    bar.setProperty("bar", "panel")
    bar.setFixedHeight(36)
    row = QHBoxLayout(bar)
    row.setContentsMargins(12, 0, 12, 0)
    row.setSpacing(8)
    row.addWidget(Text("违法研判", Ink("text1", Face.BODY, Weight.BOLD)))
    for text, name in (("今日 · 全区", "chevron-down"), ("类型 全部", "filter")):
        row.addWidget(Button(text, icon_name=name, height=24))
    row.addWidget(Text("待研判 14 · 到期 5 · 今日已判 87", Ink("text2")))
    row.addStretch(1)
    row.addWidget(Text("新到 3 条", Ink("text2", Face.LABEL)))
    row.addWidget(KeyCap("Home"))
    row.addWidget(Button("", icon_name="external-link", kind=ButtonKind.QUIET, height=24))
    return bar


def _crop(caption: str) -> CropView:
    crop = CropView()
    crop.set_picture(sample_picture(320, 180, caption), caption, "14:36:41")
    return crop


def _pages() -> list[tuple[str, QWidget]]:
    return [
        ("triage", triage_page(1920, 1080)),
        ("narrow", triage_page(1366, 768)),
        ("parts", parts_page()),
    ]


class _Camera:
    """Shows page after page and saves each once it has settled."""

    def __init__(self, folder: Path, names: list[ThemeName]) -> None:
        self._folder = folder
        self._names = names
        self._shots: list[tuple[str, QWidget]] = []

    def next_shot(self) -> None:
        if not self._shots:
            if not self._names:
                QApplication.quit()
                return
            self._name = self._names.pop(0)
            theme().apply(QApplication.instance(), self._name)  # type: ignore[arg-type]
            self._shots = _pages()
        _, page = self._shots[0]
        page.show()
        page.activateWindow()
        for view in page.findChildren(RecordListView):
            view.setFocus()
        QTimer.singleShot(SETTLE_MS, self._take)

    def _take(self) -> None:
        title, page = self._shots.pop(0)
        page.grab().save(str(self._folder / f"{self._name}-{title}.png"))
        page.close()
        self.next_shot()


def main() -> int:
    parser = argparse.ArgumentParser(description="Pictures of every widget in a theme.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--theme", type=ThemeName, choices=list(ThemeName))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    camera = _Camera(options.out, [options.theme] if options.theme else list(ThemeName))
    QTimer.singleShot(0, camera.next_shot)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
