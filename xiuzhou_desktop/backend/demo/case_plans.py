"""What the desk's cases are about and how far each has come when the shift opens: a table.

A plan's case is entered so many days ago that its last act lies `idle_days` before the demo day;
acts come in the order and with the gaps of `case_course.STEPS`, but for what `but` says.
"""

from collections.abc import Mapping
from typing import NamedTuple

from xiuzhou_desktop.domain.canonical import Json

ZJ_SR = "《浙江省城市市容和环境卫生管理条例》"
JX_J = "《嘉兴市建筑垃圾管理条例》"


class Citizen(NamedTuple):
    """A natural person: name, and the first 17 digits of a number that nobody bears."""

    name: str
    first_17: str
    address: str


class Company(NamedTuple):
    """An organisation by its code."""

    name: str
    uscc: str
    address: str


class CasePlan(NamedTuple):
    """One case. `until`: its last act; `but`: arguments of acts that differ from the usual."""

    key: str
    title: str
    category: str
    area: str
    camera_area: str
    party: Citizen | Company
    facts: str
    basis: str
    fine_yuan: int
    until: str
    idle_days: int = 0
    kind: str = "ordinary"  # which course: ordinary, fast, heard
    second: str = "patrol1"
    but: Mapping[str, Mapping[str, Json]] = {}
    is_pending: bool = False  # the last act still waits for the province


CHANGED_PAPER = "laochen"  # the plan whose written record was altered on the disk
PAPERED = ("hengtong", "laochen", "qinghe", "hongda", "muck")  # plans with a written record
HENGTONG = Company("嘉兴恒通土方工程有限公司", "91330411MA00TEXT0P", "秀洲区高照街道康和路 1288 号")
PLANS: tuple[CasePlan, ...] = (
    CasePlan(
        "hengtong", "渣土倾倒 · 恒通土方", "03-04", "330411005", "330411005", HENGTONG,
        "你单位使用号牌浙F·A3712车辆，将建筑垃圾倾倒于中山西路运河东侧空地，该地点不在核准的处置场所内",
        f"{JX_J}第二十条", 120_000, "submit_review", second="patrol2",
    ),
    CasePlan(
        "laochen", "越门经营 · 老陈五金", "05-04", "330411002", "330411002",
        Citizen("陈建荣", "33041119710512003", "秀洲区新城街道洪兴西路 88 号"),
        "当事人将五金货架摆出店门外约1.5米经营，经责令限期改正，逾期未改正",
        f"{ZJ_SR}第十七条", 500, "submit_review", kind="argued", idle_days=1,
    ),
    CasePlan(
        "qinghe", "暴露垃圾 · 清和物业", "01-02", "330411002", "330411002",
        Company("嘉兴清和物业服务有限公司", "91330411MA2BQHWY6E", "秀洲区新城街道东升西路 301 号"),
        "你单位管理的小区垃圾房外生活垃圾堆放三日未清运，污染路面约六平方米",
        f"{ZJ_SR}第三十二条", 500, "submit_review", kind="fast_reviewed", idle_days=2,
    ),
    CasePlan(
        "hongda", "道路遗撒 · 宏达运输", "03-04", "330411003", "330411003",
        Company("嘉兴宏达运输有限公司", "91330411MA28HDYS3K", "秀洲区嘉北街道昌盛北路 66 号"),
        "你单位运输车辆未密闭，沿线洒落泥块约两百米",
        f"{ZJ_SR}第二十二条", 3_000, "return_review", idle_days=1,
        but={"return_review": {"reason": "缺运输许可，请补充车辆核准路线和时间"}},
    ),
    CasePlan(
        "tyres", "越门经营 · 顺风轮胎", "05-04", "330411005", "330411005",
        Citizen("沈国平", "33041119830916001", "秀洲区高照街道秀园路 210 号"),
        "当事人在店外人行道摆放轮胎和充气设备经营，经责令限期改正，逾期未改正",
        f"{ZJ_SR}第十七条", 300, "settle_recusal", idle_days=2,
    ),
    CasePlan(
        "lumber", "乱堆物料 · 建兴建材", "05-07", "330411004", "330411004",
        Company("嘉兴建兴建材经营部", "92330411MA2CJXJC8U", "秀洲区塘汇街道长纤路 19 号"),
        "你单位在人行道堆放板材约四立方米，经责令限期改正，逾期未改正",
        f"{ZJ_SR}第十二条", 1_500, "establish", idle_days=96, second="patrol3",
    ),
    CasePlan(
        "barrow", "占道 · 王建华", "05-01", "330411002", "330411002",
        Citizen("王建华", "33041119900308004", "秀洲区新城街道吉水路 15 号"),
        "当事人在学校门口占道销售食品，经劝导仍不改正",
        f"{ZJ_SR}第十六条", 50, "admit", idle_days=1, kind="fast",
    ),
    CasePlan(
        "dust", "工地扬尘 · 秀建工程", "03-02", "330411005", "330411005",
        Company("嘉兴秀建工程有限公司", "91330411MA29XJGC5R", "秀洲区高照街道八字路 500 号"),
        "你单位工地出入口未设置冲洗设施，车辆带泥上路",
        f"{ZJ_SR}第二十九条", 20_000, "notice_received", idle_days=2,
    ),
    CasePlan(
        "signboard", "乱堆物料 · 佳美饰材", "05-07", "330411003", "330411003",
        Company("嘉兴佳美装饰材料有限公司", "91330411MA2BJMZS1X", "秀洲区嘉北街道文昌路 7 号"),
        "你单位在盲道上堆放饰材，经责令限期改正，逾期未改正",
        f"{ZJ_SR}第十二条", 2_000, "make_statement", kind="argued", idle_days=1,
    ),
    CasePlan(
        "muck", "渣土倾倒 · 嘉运物流", "03-04", "330411101", "330411005",
        Company("嘉兴嘉运物流有限公司", "91330411MA28JYWL7D", "秀洲区王江泾镇长虹路 28 号"),
        "你单位车辆将渣土倾倒于未经核准的农用地，数量约三车",
        f"{JX_J}第二十条", 150_000, "set_hearing", kind="heard", idle_days=3,
    ),
    CasePlan(
        "parking", "人行道违停 · 李明", "05-05", "330411002", "330411002",
        Citizen("李明", "33041119880721002", "秀洲区新城街道少年路 45 号"),
        "当事人将小型轿车停放于人行道，妨碍行人通行，经通知未驶离",
        "《道路交通安全法》第五十六条、第九十三条", 150, "send_notice", is_pending=True,
    ),
    CasePlan(
        "carwash", "越门经营 · 洁亮洗车", "05-04", "330411002", "330411002",
        Citizen("朱海英", "33041119860204006", "秀洲区新城街道洪高路 12 号"),
        "当事人在店外道路冲洗车辆、占道经营，经责令限期改正，逾期未改正",
        f"{ZJ_SR}第十七条", 800, "decide", idle_days=5,
    ),
    CasePlan(
        "fruit", "越门经营 · 果香水果", "05-04", "330411003", "330411003",
        Citizen("徐丽", "33041119930627008", "秀洲区嘉北街道友谊路 31 号"),
        "当事人将水果筐摆出店门外经营，经责令限期改正，逾期未改正",
        f"{ZJ_SR}第十七条", 200, "urge", idle_days=2,
    ),
    CasePlan(
        "rubbish", "乱倒垃圾 · 湖景餐饮", "01-02", "330411005", "330411005",
        Company("嘉兴湖景餐饮管理有限公司", "91330411MA2CHJCY4W", "秀洲区高照街道桃园路 9 号"),
        "你单位将餐厨垃圾倾倒于雨水井",
        f"{ZJ_SR}第三十二条", 400, "close", kind="fast", idle_days=1,
    ),
    CasePlan(
        "heap", "乱堆物料 · 大众建材", "05-07", "330411002", "330411002",
        Company("嘉兴大众建材有限公司", "91330411MA28DZJC2B", "秀洲区新城街道秀洲大道 77 号"),
        "群众反映该单位在店外堆放砂石", f"{ZJ_SR}第十二条", 0, "register_lead", idle_days=1,
    ),
)  # fmt: skip
