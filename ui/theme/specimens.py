"""Each widget alone, in every state it has; a page of the gallery."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QRadioButton,
    QSpinBox,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.theme.chips import Chip, ChipState
from ui.theme.glyphs import icon_names
from ui.theme.icons import IconSize, icon
from ui.theme.textrun import Ink
from ui.theme.type import Face, Family, Weight
from ui.widgets import (
    Answer,
    Banner,
    BannerTone,
    Button,
    ButtonKind,
    ChipLabel,
    IconLabel,
    KeyCap,
    MarkLabel,
    PlateLabel,
    QuestionSheet,
    Text,
)

ANSWERS = (
    Answer(title="上下客", note="司机在车内"),
    Answer(title="识别错误", note="不是机动车"),
    Answer(title="许可内", reason="没有此处的许可"),
    Answer(title="画面不清"),
)


def parts_page() -> QWidget:
    """Each part alone, in every state."""
    page = surface_frame("panel")
    page.resize(1280, 1000)
    box = QVBoxLayout()
    box.setContentsMargins(16, 16, 16, 16)
    box.setSpacing(12)
    marks = [MarkLabel(p, size) for size in (16, 20, 24, 32) for p in (1, 2, 3, 4)]
    chips = [ChipLabel(Chip(state, text)) for state, text in zip(ChipState, (
        "待同步", "暂领", "被拒", "过期未执行", "画面冻结", "数据陈旧", "离线", "李强", "已暂停",
        "我", "线索"
    ), strict=True)]  # fmt: skip
    faces = [Text(f"{face.name} 秀洲 0123456789", Ink("text1", face, Weight.BOLD)) for face in Face]
    faces.append(Text("a7f2…91c4", Ink("text2", Face.LABEL, family=Family.MONO)))
    buttons = [
        Button("审核通过并签名", key="Ctrl+Enter", kind=ButtonKind.PRIMARY, height=40),
        Button("退回并说明理由", key="Ctrl+Backspace", icon_name="arrow-back-up"),
        Button("立即重试", height=24),
        Button("安静", kind=ButtonKind.QUIET),
        Button("不能执行", key="F5"),
    ]
    buttons[-1].set_reason("你的角色不能执行此操作;可由 督导 执行")
    for parts in (marks, chips, faces, buttons, _inputs(), _plates()):
        box.addWidget(row_of(*parts, stretch=True))
    for banner in _banners():
        box.addWidget(banner)
    box.addWidget(_icon_grid())
    box.addStretch(1)
    page.layout().addLayout(box)
    sheet = QuestionSheet(page)
    page.setProperty("sheet", sheet)
    QTimer.singleShot(0, sheet, lambda: sheet.ask("为什么是误报?", ANSWERS))
    return page


def _banners() -> list[Banner]:
    return [
        Banner("plug-connected-x", "离线 · 自 14:32(8 分钟)", "可继续工作,恢复后按顺序各送一次。",
               BannerTone.OFFLINE, Button("立即重连", key="F5", height=24)),
        Banner("circle-x", "被拒:李强已于 14:35 判为误报。你的判定未生效",
               "", BannerTone.REFUSED, Button("处理", key="1", height=24)),
        Banner("snowflake", "画面冻结 · 自 14:36:12(4 分钟)", "", BannerTone.FROZEN),
        Banner("cloud-up", "已保存 · 由服务器判定", "本机缺少 1 项事实", BannerTone.PENDING),
        Banner("history", "回看 09:20:00", "回看中不能处置 · Ctrl+Home 回到实时", BannerTone.PAST),
    ]  # fmt: skip


def _plates() -> list[QWidget]:
    plates = (("浙F·D8K31", "蓝"), ("浙F·A3712", "黄"), ("浙F·D00127", "绿"))
    return [PlateLabel(*plate) for plate in plates] + [KeyCap("F8"), KeyCap("Ctrl+Home")]


def _inputs() -> list[QWidget]:
    field = QLineEdit()
    field.setPlaceholderText("搜索或执行:相机、号牌、案号、动作")
    field.setMinimumWidth(280)
    combo = QComboBox()
    combo.addItems(["今日 · 全区", "本周"])
    note = QPlainTextEdit("现场勘验")
    note.setFixedSize(160, 56)
    tabs = QTabBar()
    for name in ("待处理 9", "待同步 6", "被拒 2"):
        tabs.addTab(name)
    tool = QToolButton()
    tool.setIcon(icon("bell"))
    bar = QProgressBar()
    bar.setValue(42)
    bar.setFixedWidth(160)
    check = QCheckBox("勾选")
    check.setChecked(True)
    radio = QRadioButton("单选")
    radio.setChecked(True)
    return [field, combo, QSpinBox(), note, tabs, tool, bar, check, QCheckBox("未选"), radio]


def _icon_grid() -> QWidget:
    grid = QWidget()
    layout = QGridLayout(grid)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for number, name in enumerate(icon_names()):
        size = (IconSize.ROW, IconSize.BAR, IconSize.RAIL)[number % 3]
        layout.addWidget(IconLabel(name, "text2", size), number // 40, number % 40)
    return grid


def surface_frame(surface: str, width: int = 0) -> QFrame:
    frame = QFrame()
    frame.setProperty("surface", surface)
    if width:
        frame.setFixedWidth(width)
    column = QVBoxLayout(frame)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return frame


def row_of(*parts: QWidget, stretch: object = None) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for part in parts:
        layout.addWidget(part)
    if stretch:
        layout.addStretch(1)
    return row
