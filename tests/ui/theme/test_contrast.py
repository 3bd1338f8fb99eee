"""The measures of the tokens, and that a bad token is found."""

import msgspec
import pytest

from ui.theme import contrast
from ui.theme.contrast import delta_e, lowest_contrast, shortfalls, smallest_mark_distance
from ui.theme.tokens import DARK, LIGHT, TOKENS, ThemeName


@pytest.mark.parametrize("name", list(ThemeName))
def test_every_limit_holds_in_both_themes(name: ThemeName) -> None:
    assert shortfalls(TOKENS[name]) == []


def test_the_measures_are_those_of_the_design() -> None:
    assert lowest_contrast(DARK, "text3") == pytest.approx(4.9, abs=0.05)
    assert lowest_contrast(LIGHT, "pending") == pytest.approx(4.9, abs=0.05)
    assert smallest_mark_distance(DARK, "deutan") == pytest.approx(11.1, abs=0.05)
    assert smallest_mark_distance(LIGHT, "tritan") == pytest.approx(21.6, abs=0.05)


def test_ciede2000_agrees_with_the_published_pairs() -> None:
    pairs = (
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0),
        ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    )
    for one, other, published in pairs:
        assert delta_e(one, other) == pytest.approx(published, abs=1e-4)


def test_a_hint_too_faint_on_the_selected_row_is_found() -> None:
    faint = msgspec.structs.replace(DARK, text3="#868E96")

    assert [found.what for found in shortfalls(faint)] == ["text3 on its worst surface"]


def test_marks_that_a_colour_blind_person_confuses_are_found() -> None:
    alike = msgspec.structs.replace(DARK, p2_fill="#C98B3A", p1_fill="#D9863C")

    assert any(found.what.startswith("marks") for found in shortfalls(alike))


def test_the_program_fails_when_a_theme_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert contrast.main() == 0

    white_on_red = msgspec.structs.replace(DARK, p1_digit="#FFFFFF")
    monkeypatch.setitem(TOKENS, ThemeName.DARK, white_on_red)

    assert contrast.main() == 1
    assert "dark: p1_digit on p1_fill: 2.9" in capsys.readouterr().out
