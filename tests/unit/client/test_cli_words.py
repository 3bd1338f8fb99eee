"""Words of the command line: typed arguments in, sentences out."""

import pytest

from xiuzhou_desktop.cli.forms import describe, fill, typed
from xiuzhou_desktop.cli.say import parse_record, sentence
from xiuzhou_desktop.client.errors import Rejected
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.flag_body import DismissCategory
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.text.catalogue import LANGUAGES, Catalogue


@pytest.mark.parametrize(
    ("value", "wanted", "is_"),
    [
        ("12", int, 12), ("12", str, "12"), ("12", str | None, "12"),
        ("[1,2]", tuple[int, ...], [1, 2]), ("true", bool, True), ("soon", int, "soon"),
    ],
)  # fmt: skip
def test_a_value_is_read_by_the_forms_type(value: str, wanted: object, is_: object) -> None:
    assert typed(value, wanted) == is_


def test_a_note_becomes_a_three_way_edit() -> None:
    spec = KINDS[Kind.FLAG]
    row = spec.transition("annotate")
    assert row is not None
    filled = fill(["note=请复核=是"], spec, row, None)
    assert filled.args == {}
    assert filled.fields["note"].new == "请复核=是"


def test_an_enumeration_is_told_with_its_values() -> None:
    told = describe(DismissCategory)
    assert set(told["enum"]) == {one.value for one in DismissCategory}


@pytest.mark.parametrize("given", ["flag", "flag/", "nothing/1", "/"])
def test_a_record_is_named_kind_and_id(given: str) -> None:
    with pytest.raises(Rejected):
        parse_record(given)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_speaks_the_users_language_without_codes(language: str) -> None:
    problem = Problem(slug="state", facts={"state": "FALSE_ALARM", "kind": "flag"})
    assert "FALSE_ALARM" not in sentence(Catalogue(language), problem)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_slug_of_a_newer_server_is_named(language: str) -> None:
    assert "brand-new" in sentence(Catalogue(language), Problem(slug="brand-new"))
