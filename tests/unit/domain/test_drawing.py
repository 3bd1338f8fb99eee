"""Every table can be drawn; the pictures in the docs are those of the tables as they are."""

from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

from xiuzhou_desktop.domain.__main__ import main
from xiuzhou_desktop.domain.drawing import arrange, chart_of, svg_of
from xiuzhou_desktop.domain.drawing.plan import BOX_H, BOX_W
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.kinds import KINDS

DOCS = Path(__file__).parents[3] / "docs" / "workflow"


@pytest.mark.parametrize("kind", Kind)
def test_each_state_has_a_box_and_each_row_is_drawn_or_said(kind: Kind) -> None:
    spec = KINDS[kind]
    picture = svg_of(arrange(chart_of(spec)))
    ElementTree.fromstring(picture)
    for state in spec.states:
        assert f">{state.value}</text>" in picture
    for row in spec.transitions:
        assert row.name in picture


@pytest.mark.parametrize("kind", Kind)
def test_no_two_boxes_touch(kind: Kind) -> None:
    plan = arrange(chart_of(KINDS[kind]))
    for one, other in combinations(plan.boxes, 2):
        assert abs(one.x - other.x) >= BOX_W or abs(one.y - other.y) >= BOX_H, (one, other)
    assert all(BOX_W / 2 <= box.x <= plan.width - BOX_W / 2 for box in plan.boxes)


@pytest.mark.parametrize("kind", ["flag", "order", "task", "notice"])
def test_the_pictures_in_the_docs_are_up_to_date(kind: str) -> None:
    drawn = svg_of(arrange(chart_of(KINDS[Kind(kind)])))
    assert (DOCS / f"{kind}.svg").read_text("utf-8") == drawn


def test_the_command_writes_a_file_or_stdout(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "order.svg"
    assert main(["draw", "order", "--out", str(out)]) == 0
    assert main(["draw", "order"]) == 0
    assert capsys.readouterr().out == f"{out}\n{out.read_text('utf-8')}"
    with pytest.raises(SystemExit) as refused:
        main(["draw", "dog"])
    assert refused.value.code == 2
