"""What the papers of a case say, and how they look as PDF and as a picture."""

import msgspec
import pypdfium2
import pytest

from tests.unit.domain.case_builders import CASE, decided, established, reviewed
from xiuzhou_desktop.documents import PaperFacts, Sheet, case_paper, pdf_of, picture_of
from xiuzhou_desktop.documents.lines import NEVER_FIRST, NEVER_LAST, lines_of
from xiuzhou_desktop.domain.case_body import DocumentKind
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.money import yuan, yuan_in_capitals
from xiuzhou_desktop.domain.policy import Policy

OFFICERS = ("李强", "王海")


def a_paper(kind: DocumentKind, record: Record, **facts: object) -> Sheet:
    """The paper of a numbered case."""
    numbered = msgspec.structs.replace(record, number="XZ-A-20261123-0608")
    told = PaperFacts(officers=OFFICERS, **facts)  # type: ignore[arg-type]
    return case_paper(kind, numbered, told, Policy())


def words(sheet: Sheet) -> str:
    """All paragraphs."""
    return "\n".join(one.text for one in sheet.paragraphs)


@pytest.mark.parametrize(
    ("fen", "capitals"),
    [
        (120_000_00, "壹拾贰万元整"), (1_000_00, "壹仟元整"), (10_050_00, "壹万零伍拾元整"),
        (200_05, "贰佰元零伍分"), (1_205_30, "壹仟贰佰零伍元叁角"), (0, "零元整"),
        (100_000_000_00, "壹亿元整"), (20_003_00, "贰万零叁元整"),
    ],
)  # fmt: skip
def test_amounts_stand_in_capitals(fen: int, capitals: str) -> None:
    assert yuan_in_capitals(fen) == capitals


def test_amounts_for_people_have_two_places() -> None:
    assert yuan(1_234_567_05) == "1,234,567.05"


def test_a_notice_before_it_is_sent_is_a_draft_without_date() -> None:
    sheet = a_paper(DocumentKind.NOTICE, reviewed().records[CASE], proofs=("现场勘验笔录",))
    assert (sheet.watermark, sheet.dated) == ("草稿", None)
    assert sheet.number == "秀综执告字〔2026〕第1123-0608号"
    assert "罚款人民币壹仟元整（¥1,000.00）" in words(sheet)
    assert "现场勘验笔录为证" in words(sheet)
    assert "李强、王海" in words(sheet)
    assert "第六十三条" not in words(sheet)


def test_the_right_to_a_hearing_stands_where_the_amount_gives_it() -> None:
    sheet = a_paper(DocumentKind.NOTICE, reviewed(fine_fen=120_000_00).records[CASE])
    assert [one.mark for one in sheet.paragraphs if one.mark] == ["penalty", "hearing"]


def test_a_decision_names_party_law_payment_and_remedies() -> None:
    sheet = a_paper(DocumentKind.DECISION, decided().records[CASE])
    said = words(sheet)
    assert sheet.watermark is None
    for part in ("嘉兴恒通土方工程有限公司", "91330411MA00TEXT0P", "十五日内", "六十日", "六个月"):
        assert part in said
    assert "你（单位）在规定期限内未提出陈述、申辩" in said


def test_a_demonstrations_paper_says_so_on_every_page() -> None:
    record = decided().records[CASE]
    sheet = a_paper(DocumentKind.DECISION, record, is_demonstration=True)
    long = msgspec.structs.replace(sheet, paragraphs=sheet.paragraphs * 6)
    file = pypdfium2.PdfDocument(pdf_of(long))
    assert len(file) > 1
    assert all("演示" in page.get_textpage().get_text_range() for page in file)


def test_what_the_file_lacks_is_a_visible_gap() -> None:
    record = msgspec.structs.replace(established().records[CASE], number=None)
    sheet = case_paper(DocumentKind.NOTICE, record, PaperFacts(), Policy())
    assert "〔待填〕" in words(sheet)
    assert sheet.number == "秀综执告字〔    〕第    号"


def test_the_same_sheet_gives_the_same_bytes_and_its_text_can_be_read() -> None:
    sheet = a_paper(DocumentKind.DECISION, decided().records[CASE])
    pdf = pdf_of(sheet)
    assert pdf == pdf_of(sheet)
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    assert "行政处罚决定书" in text
    assert "壹仟元整" in text.replace("\r\n", "")


def test_a_page_becomes_a_picture_of_the_asked_width() -> None:
    picture = picture_of(pdf_of(a_paper(DocumentKind.NOTICE, reviewed().records[CASE])), 600)
    assert (picture.width, picture.pages) == (600, 1)
    assert len(picture.pixels) == picture.stride * picture.height
    assert len(set(picture.pixels)) > 10  # there is ink on it


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    text = (
        "依据《中华人民共和国行政处罚法》第四十四条、第四十五条，你（单位）有权陈述（¥1,000.00）。"
        * 3
    )
    for width in range(12, 30):
        lines = list(lines_of(text, width, len))
        assert "".join(lines) == text
        assert not any(line[0] in NEVER_FIRST for line in lines)
        assert not any(line[-1] in NEVER_LAST for line in lines[:-1])
