"""Pinyin initials."""

import pytest

from xiuzhou_desktop.text.initials import initials


@pytest.mark.parametrize(
    ("words", "letters"),
    [
        ("发件箱", "fjx"),
        ("中山西路", "zsxl"),
        ("新塍镇", "xcz"),
        ("王江泾", "wjj"),
        ("打开 F8", "dkf8"),
        ("阿座", "az"),
        ("", ""),
    ],
)
def test_each_character_gives_the_letter_it_is_typed_by(words: str, letters: str) -> None:
    assert initials(words) == letters
