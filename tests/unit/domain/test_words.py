"""Everything that the domain can say has a name or a sentence in both languages."""

import ast
import re
import typing
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import msgspec
import pytest

import xiuzhou_desktop.domain as domain
from xiuzhou_desktop.domain.areas import AREAS, SHARED
from xiuzhou_desktop.domain.case_rules import RULES
from xiuzhou_desktop.domain.categories import CATEGORIES
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import DISTRICT
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.plate import PlateColour
from xiuzhou_desktop.domain.workflow import Role
from xiuzhou_desktop.text.catalogue import LANGUAGES, Catalogue, feature_files

FEATURES = (
    "kind state transition field option refusal remedy category area role phase reason".split()
)
SOURCES = sorted(Path(domain.__file__).parent.glob("*.py"))
DATED = {  # one act dated before another: `case_decision.before`
    "received-before-notice", "decision-before-notice", "served-before-decision",
    "hearing-too-soon", "enforced-too-soon", "remedy-before-decision",
}  # fmt: skip
SLUG = re.compile(r"^[a-z]+(-[a-z]+)*$")


def enums_in(hint: object) -> Iterator[type[StrEnum]]:
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        yield hint
    for part in typing.get_args(hint):
        yield from enums_in(part)


def refusals() -> Iterator[tuple[str, set[str]]]:
    """Slug and names of facts of each `Refusal(...)` in the source."""
    trees = [ast.parse(path.read_text("utf-8")) for path in SOURCES]
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refusal":
            given = {word.arg: word.value for word in node.keywords}
            if isinstance(given["slug"], ast.Constant):
                yield str(given["slug"].value), _names(given.get("facts"))


def _names(facts: ast.expr | None) -> set[str]:
    found = facts.keys if isinstance(facts, ast.Dict) else []
    return {str(key.value) for key in found if isinstance(key, ast.Constant)}


def fields() -> Iterator[tuple[Kind, msgspec.structs.FieldInfo]]:
    """Every field of every body and form."""
    for kind, spec in KINDS.items():
        for form in (spec.body, *(row.form for row in spec.transitions)):
            yield from ((kind, field) for field in msgspec.structs.fields(form))


def keys() -> set[str]:
    """All keys that must exist."""
    found = {f"kind.{kind.value}" for kind in Kind} | {f"role.{role.value}" for role in Role}
    found |= {f"category.{code}" for code in CATEGORIES}
    found |= {f"area.{code}" for code in (*AREAS, DISTRICT, SHARED)}
    enums: set[type[StrEnum]] = {PlateColour}
    for kind, spec in KINDS.items():
        found |= {f"state.{kind.value}.{state.value}" for state in spec.states}
        found |= {f"phase.{phase.name}" for phase in spec.phases}
        found |= {f"transition.{kind.value}.{row.name}" for row in spec.transitions}
    for kind, field in fields():
        found |= {f"field.{kind.value}.{field.name}", f"field.any.{field.name}"}
        enums |= set(enums_in(field.type))
    found |= {f"option.{enum.__name__}.{one.value}" for enum in enums for one in enum}
    for slug in {one for one, _ in refusals()} | {rule.slug for rule in RULES} | DATED:
        found |= {f"refusal.{slug}", f"remedy.{slug}"}
    return found


def test_what_none_of_the_others_names_is_offered_last() -> None:
    asked = {enum for _, field in fields() for enum in enums_in(field.type)}
    with_other = [[*enum] for enum in asked if "OTHER" in enum.__members__]
    assert len(with_other) >= 4
    assert {answers[-1].name for answers in with_other} == {"OTHER"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_and_sentence_exists(language: str) -> None:
    text = Catalogue(language)
    assert [key for key in sorted(keys()) if not text.has(key)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusals_sentence_asks_only_for_its_own_facts(language: str) -> None:
    text = Catalogue(language)
    for slug, names in refusals():
        said = text(f"refusal.{slug}", **dict.fromkeys(names, "…"))
        assert said
        assert "{" not in said
        assert text(f"remedy.{slug}")


def test_slugs_of_the_two_certificates_are_said_too() -> None:
    for language in LANGUAGES:
        text = Catalogue(language)
        for slug in ("first-certificate", "second-certificate"):
            assert "李强" in text(f"refusal.{slug}", name="李强")
            assert text.has(f"remedy.{slug}")


def test_slugs_are_lower_case_words() -> None:
    assert all(SLUG.match(slug) for slug, _ in refusals())


@pytest.mark.parametrize("feature", FEATURES)
def test_both_languages_hold_the_same_keys(feature: str) -> None:
    files = feature_files()[feature]
    assert set(files) == set(LANGUAGES)
    ids = [
        set(re.findall(r'^msgid "(.+)"$', path.read_text("utf-8"), re.MULTILINE))
        for path in files.values()
    ]
    assert ids[0] == ids[1]


def test_enums_that_are_options_have_names_of_their_own() -> None:
    seen: dict[str, type[StrEnum]] = {}
    for enum in (enum for _, field in fields() for enum in enums_in(field.type)):
        assert seen.setdefault(enum.__name__, enum) is enum
