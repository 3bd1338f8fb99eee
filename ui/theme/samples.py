"""Made-up rows and pictures for the gallery; nothing of the product reads them."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from ui.records.rows import GroupRow, QueueRow, Row, TimeTone
from ui.theme.chips import Chip, ChipState
from ui.theme.theme import colour, font
from ui.theme.type import Face

FILLED, OVERDUE, PLAIN, NONE = TimeTone.FILLED, TimeTone.OVERDUE, TimeTone.PLAIN, TimeTone.NONE
MINE = Chip(ChipState.MINE, "我")

# priority, time left, tone, type, plate (colour name first) or subject, place, confidence
WAITING = (
    (1, "03:12", FILLED, "渣土", "黄 浙F·A3712", "洪兴西路秀园路口", "0.94"),
    (1, "06:48", FILLED, "燃气", "", "高照 康和路施工点", "0.88"),
    (2, "11:20", PLAIN, "违停", "蓝 浙F·D8K31", "中山西路吉水路口", "0.91"),
    (2, "11:52", PLAIN, "违停", "蓝 浙F·6R902", "中山西路吉水路口", "0.83"),
    (2, "14:05", PLAIN, "越门", "果然鲜水果店", "新塍 虹桥路 42 号", "0.79"),
    (2, "18:30", PLAIN, "遗撒", "黄 浙F·B0956", "王江泾镇 闻川路", "0.72"),
    (2, "21:17", PLAIN, "越门", "老陈五金", "油车港镇 正阳东路", "0.76"),
    (3, "32:40", PLAIN, "违停", "绿 浙F·D00127", "新城街道 东升西路", "0.90"),
    (3, "33:02", PLAIN, "违停", "未识别", "王店 梅北路菜场", "0.55"),
    (3, "41:09", PLAIN, "暴露垃圾", "", "洪合镇 毛衫城北门", "0.81"),
    (3, "48:55", PLAIN, "越门", "阿春早餐店", "嘉北街道 文昌路", "0.68"),
    (4, "1:34:00", PLAIN, "平台派单", "3304110021", "市平台·道路不洁", "—"),
    (4, "2:10:00", PLAIN, "市民上报", "", "洪兴西路 单车淤积", "—"),
)
SECOND_LOOK = (
    (1, "超 02:06", FILLED, "违停", "蓝 浙F·7H218", "秀洲大道实验小学", "0.93"),
    (2, "超 00:48", OVERDUE, "越门", "鲜又多果蔬", "高照街道 八字路", "0.80"),
    (2, "01:33", PLAIN, "违停", "蓝 浙F·K5520", "中山西路 香港城", "0.89"),
    (3, "04:19", PLAIN, "违停", "蓝 浙F·9L663", "东升西路 吾悦", "0.87"),
    (3, "07:45", PLAIN, "越门", "顺风轮胎", "王店镇 塘东街", "0.71"),
)
HANDLED = (
    (2, "", NONE, "违停", "蓝 浙F·3M815", "中山西路 少年路口", "0.92"),
    (3, "", NONE, "越门", "小张炸鸡", "吉水路 118 号", "0.60"),
    (2, "", NONE, "违停", "蓝 浙F·E1907", "洪兴西路 万达南", "0.85"),
    (3, "", NONE, "违停", "绿 浙F·F1177", "洪兴西路 万达南", "0.77"),
)
EXTRAS: dict[str, dict[str, object]] = {
    "03:12": {"unseen": True},
    "06:48": {"holder": "李强"},
    "11:20": {"chip": MINE},
    "14:05": {"is_exempt": True},
    "18:30": {"chip": Chip(ChipState.STALE, "相机离线")},
    "32:40": {"chip": Chip(ChipState.TENTATIVE, "暂领")},
    "41:09": {"note": "同一相机 12 条"},
    "超 02:06": {"chip": MINE},
    "超 00:48": {"chip": Chip(ChipState.FROZEN, "画面冻结")},
}
HANDLED_CHIPS = (
    Chip(ChipState.PENDING, "属实"),
    Chip(ChipState.PENDING, "误报"),
    Chip(ChipState.REFUSED, "被拒"),
    Chip(ChipState.EXPIRED, "过期未执行"),
)

Line = tuple[int, str, TimeTone, str, str, str, str]


def sample_row(line: Line, **extra: object) -> QueueRow:
    priority, time_left, tone, kind, subject, place, confidence = line
    colour_name, _, plate = subject.partition(" ")
    is_plate = "·" in plate
    return QueueRow(
        record="flag/sample",
        kind="flag",
        priority=priority,
        time_left=time_left,
        time_tone=tone,
        type_text=kind,
        plate=plate if is_plate else None,
        plate_colour=colour_name if is_plate else None,
        subject_text="" if is_plate else subject,
        place_text=place,
        confidence=confidence,
        **extra,  # type: ignore[arg-type]  # samples only
    )


def sample_queue() -> list[Row]:
    """Forty rows in the groups of the triage queue."""
    rows: list[Row] = [GroupRow(title="待研判", count=26)]
    rows += [sample_row(line, **EXTRAS.get(line[1], {})) for line in WAITING]
    rows.append(GroupRow(title="再次研判到期", count=5))
    rows += [sample_row(line, **EXTRAS.get(line[1], {})) for line in SECOND_LOOK]
    rows.append(GroupRow(title="刚处理(未送达可撤销)", count=4))
    rows += [sample_row(line, chip=chip) for line, chip in zip(HANDLED, HANDLED_CHIPS, strict=True)]
    rows.append(GroupRow(title="暂缓", count=20))
    rows += [sample_row(line) for line in (*WAITING[2:], *WAITING[4:])]
    return rows[:40]


def sample_picture(width: int, height: int, label: str) -> QImage:
    """A flat street in the greys of the theme, named so that one frame is told from another."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(colour("bg3"))
    painter = QPainter(image)
    painter.fillRect(QRectF(0, height * 0.55, width, height * 0.45), colour("text3"))
    painter.fillRect(QRectF(width * 0.36, height * 0.5, width * 0.2, height * 0.2), colour("sheet"))
    painter.setPen(colour("text1"))
    painter.setFont(font(Face.LABEL))
    painter.drawText(image.rect(), Qt.AlignmentFlag.AlignCenter, label)
    painter.end()
    return image
