"""Codes as the words that people know: states, transitions, roles, areas, instants."""

from collections.abc import Mapping
from datetime import datetime

from xiuzhou_desktop.domain.canonical import Json, parse_instant
from xiuzhou_desktop.domain.workcalendar import LOCAL
from xiuzhou_desktop.text.catalogue import Catalogue

INSTANTS = ("at", "due", "until", "since")
CODES = {"kind": "kind", "scope": "area", "category": "category", "cause": "option.LookCause"}


def named(text: Catalogue, key: str, code: str) -> str:
    """The word for a code; the code itself where a newer server has one that we do not know."""
    return text(key) if text.has(key) else code


def local_time(at: datetime) -> str:
    """As the district's clocks show it."""
    return f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M:%S}"


def spoken_facts(text: Catalogue, facts: Mapping[str, Json]) -> dict[str, object]:
    """The named arguments of a refusal's sentence, in words."""
    told: dict[str, object] = dict(facts)
    kind = str(facts.get("kind", "flag"))
    for name, prefix in CODES.items():
        if isinstance(facts.get(name), str):
            told[name] = named(text, f"{prefix}.{facts[name]}", str(facts[name]))
    for name in ("state", "transition"):
        if isinstance(facts.get(name), str):
            told[name] = named(text, f"{name}.{kind}.{facts[name]}", str(facts[name]))
    for name in INSTANTS:
        if isinstance(facts.get(name), str):
            told[name] = _instant(str(facts[name]))
    roles = facts.get("roles")
    if isinstance(roles, list):
        words = [named(text, f"role.{role}", str(role)) for role in roles]
        told["roles"] = text("cli.or").join(words)
    return told


def _instant(given: str) -> str:
    try:
        return local_time(parse_instant(given))
    except ValueError:
        return given
