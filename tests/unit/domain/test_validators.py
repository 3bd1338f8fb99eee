"""The vectors of domain.md §4, and what must hold for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiuzhou_desktop.domain import mobile, plate, resident_id, uscc
from xiuzhou_desktop.domain.gb28181 import is_camera_id, parse_device_id

GOOD_PLATES = "浙F12345 浙FD12345 浙F12345D 浙F1234学 浙FD8K31 粤Z1234港 123456使 WJ浙1234A".split()
BAD_PLATES = "浙FI2345 浙F123456 浙FL12345 🚗🚗🚗 浙F1234 F12345 浙F1234O".split()
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


@pytest.mark.parametrize("text", GOOD_PLATES)
def test_plates_that_exist(text: str) -> None:
    assert plate.is_plate(text)
    assert plate.is_plate(f" {text[:2]}·{text[2:].lower()} ")


@pytest.mark.parametrize("text", BAD_PLATES)
def test_plates_that_do_not(text: str) -> None:
    assert not plate.is_plate(text)


@given(st.text(LETTERS, min_size=5, max_size=5))
def test_any_five_after_the_city_make_a_plate(tail: str) -> None:
    assert plate.is_plate(f"浙F{tail}")


@given(st.sampled_from(GOOD_PLATES), st.integers(0, 7), st.sampled_from("·- \u3000"))
def test_dots_dashes_and_spaces_do_not_count(text: str, place: int, mark: str) -> None:
    written = text[:place] + mark + text[place:].lower()
    assert plate.normalise_plate(written) == text
    assert plate.normalise_plate(plate.normalise_plate(written)) == text


def test_the_colour_is_part_of_the_key() -> None:
    assert plate.plate_key("浙f·d8k31", "green") == "plate:浙FD8K31/green"
    assert plate.plate_key("浙FD8K31", None) == "plate:浙FD8K31/unknown"


def test_a_published_plate_shows_two_characters() -> None:
    assert plate.mask_plate("浙F123425") == "浙F·**3**5"
    assert plate.mask_plate("浙F12345") == "浙F·**3*5"
    assert plate.mask_plate("F1") == "**"


def test_unified_social_credit_codes() -> None:
    assert uscc.check_character("91350100M000100Y4") == "3"
    assert uscc.is_uscc("91350100M000100Y43")
    assert not uscc.is_uscc("91350100M000100Y4Z")
    assert uscc.is_uscc("91330411ma00text0p ")
    assert not uscc.is_uscc("91330411MA00TEXT0I")
    assert uscc.check_character("9133") is None


@given(st.text(uscc.ALPHABET, min_size=17, max_size=17), st.integers(0, 17), st.data())
def test_one_wrong_character_is_noticed(first: str, place: int, data: st.DataObject) -> None:
    check = uscc.check_character(first)
    assert check is not None
    code = first + check
    other = data.draw(st.sampled_from([c for c in uscc.ALPHABET if c != code[place]]))
    assert uscc.is_uscc(code)
    assert not uscc.is_uscc(code[:place] + other + code[place + 1 :])


def test_device_ids_have_twenty_digits_with_a_meaning() -> None:
    parts = parse_device_id("33041100081326000152")
    assert parts is not None
    assert (parts.centre, parts.industry, parts.type) == ("33041100", "08", "132")
    assert (parts.network, parts.serial) == ("6", "000152")
    assert is_camera_id("33041100081316000152")
    assert not is_camera_id("33041100081186000152")
    for wrong in ("3304110008132600015", "33041100081326000152\n", "3304110008132600015x", ""):
        assert parse_device_id(wrong) is None


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("13800000001", True),
        ("+86 138 0000 0001", True),
        ("0086-13800000001", True),
        ("12800000001", False),
        ("1380000000", False),
        ("", False),
    ],
)
def test_mobile_numbers(text: str, is_one: object) -> None:
    assert mobile.is_mobile(text) is is_one


def test_resident_ids() -> None:
    assert resident_id.is_resident_id("11010519491231002X")
    assert not resident_id.is_resident_id("110105194912310021")
    assert not resident_id.is_resident_id("11010519491331002X")
    assert resident_id.mask_resident_id("33041119800101001X") == "330411********001*"


@given(st.text(max_size=24))
def test_no_text_makes_a_validator_fail(text: str) -> None:
    answers = (
        plate.is_plate(text), uscc.is_uscc(text), is_camera_id(text), mobile.is_mobile(text),
        resident_id.is_resident_id(text),
    )  # fmt: skip
    assert all(isinstance(one, bool) for one in answers)
    assert len(plate.mask_plate(text)) >= 0


@pytest.mark.parametrize(
    ("title", "subject", "shown"),
    [
        ("浙FD8K31 吉水路", "plate:浙FD8K31/blue", "浙F·D8K31 吉水路"),
        ("天天粮油店 吉水路", "shop:1", "天天粮油店 吉水路"),
        ("吉水路", "plate:浙FD8K31/blue", "吉水路"),
        ("吉水路", None, "吉水路"),
    ],
)
def test_a_title_shows_its_plate_as_it_stands_on_the_car(
    title: str, subject: str | None, shown: str
) -> None:
    assert plate.pretty_title(title, subject) == shown
