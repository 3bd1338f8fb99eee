"""The district's own rules as one file: areas, categories with their limits, duty hours, holidays,
templates, jurisdictions.

    {"correct_by_min": {"05-05": 15}, "holidays": ["2027-01-01"], …}     names and types are those
        of `Policy` and `WorkCalendar`

A file is taken whole or not at all: each value is looked at by itself, then all of them together,
and what differs becomes a `setting` command each, in one transaction: versioned, in the audit, and
in the transition log with who and when. The same file again changes nothing.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from xiuzhou_desktop.backend import timers_anew
from xiuzhou_desktop.backend.console import Acts, Console
from xiuzhou_desktop.backend.store import Store
from xiuzhou_desktop.backend.store.surroundings import Surroundings
from xiuzhou_desktop.domain.canonical import FloatInCanonicalError, Json, to_json
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.ids import derived_id
from xiuzhou_desktop.domain.setting import NAMES, value_problem
from xiuzhou_desktop.domain.setting_body import SettingBody
from xiuzhou_desktop.domain.setting_sound import Rules, contradiction

SOURCE = "setting"


class ConfigError(Exception):
    """The file cannot be taken; one line a fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Changed(Struct, frozen=True, kw_only=True):
    """A setting that now has another value."""

    name: str
    version: int


def export_config(store: Store) -> dict[str, Json]:
    """Every setting with the value that holds, defaults included."""
    with store.reading() as tables:
        return _holding(tables.surroundings())


def _holding(around: Surroundings) -> dict[str, Json]:
    values: dict[str, Json] = {}
    for reader in (around.policy, around.calendar):
        plain = to_json(reader)
        values |= plain if isinstance(plain, dict) else {}
    return {name: values[name] for name in NAMES}


def read_config(file: Path) -> dict[str, Json]:
    """The settings of a JSON or TOML file. Raises ConfigError."""
    try:
        raw: object = _parse(file)
        plain = to_json(raw)
    except (ValueError, RecursionError, FloatInCanonicalError, TypeError) as error:
        raise ConfigError([str(error)]) from error
    if not isinstance(plain, dict):
        raise ConfigError([f"{file.name}: not a table of settings"])
    faults = [
        f"{name}: {fault}" for name, value in plain.items() if (fault := value_problem(name, value))
    ]
    if faults:
        raise ConfigError(faults)
    return plain


def located(file: Path, faults: Iterable[str]) -> list[str]:
    """Each fault with the line of the file that it speaks of, where the name stands there."""
    lines = file.read_text("utf-8", errors="replace").splitlines()
    return [f"{_place(lines, fault.partition(':')[0])}{fault}" for fault in faults]


def _place(lines: list[str], name: str) -> str:
    stands = re.compile(rf"""^\s*(\[\s*)?["']?{re.escape(name)}["']?\s*(\]|[:=])""")
    numbers = [str(place) for place, line in enumerate(lines, 1) if stands.match(line)]
    return f"line {', '.join(numbers)}: " if numbers else ""


def import_config(
    store: Store, console: Console, values: Mapping[str, Json], note: str
) -> list[Changed]:
    """Set what differs; returns what did. Raises ConfigError, and NotDoneError."""
    with console.together() as acts:
        around = acts.tables.surroundings()
        holding = _holding(around)
        differing = {name: value for name, value in values.items() if holding[name] != value}
        rules = Rules(policy=around.policy, calendar=around.calendar)
        ordered = _sound_order(rules, differing)
        changed = [_set(acts, name, differing[name], note) for name in ordered]
    timers_anew.ask(store)  # unchanged, too: a process may have died between the two
    return changed


def _sound_order(rules: Rules, values: Mapping[str, Json]) -> list[str]:
    """An order in which no setting contradicts those before it. Raises ConfigError."""
    ordered: list[str] = []
    while left := [name for name in values if name not in ordered]:
        steps = {name: rules.having(name, values[name]) for name in left}
        sound = next((name for name in left if contradiction(steps[name]) is None), None)
        if sound is None:
            raise ConfigError([f"{name}: {_told(steps[name])}" for name in left])
        rules = steps[sound]
        ordered.append(sound)
    return ordered


def _told(rules: Rules) -> str:
    refusal = contradiction(rules)
    if refusal is None:
        return ""
    return f"{refusal.slug} ({', '.join(f'{key}: {one}' for key, one in refusal.facts.items())})"


def _set(acts: Acts, name: str, value: Json, note: str) -> Changed:
    known = acts.tables.find_external(SOURCE, name)
    args: dict[str, Json] = {"value": value, "note": note}
    if known is None:
        record = derived_id(SOURCE, name)
        done = acts.create(Kind.SETTING, record, "define", {"name": name, **args})
    else:
        done = acts.change(known, "set", args)
    if not isinstance(done.body, SettingBody):
        raise TypeError("a setting has another body")
    return Changed(name=done.body.name, version=done.version)


def _parse(file: Path) -> object:
    content = file.read_bytes()
    if file.suffix == ".toml":
        return tomllib.loads(content.decode())
    parsed: object = json.loads(content, object_pairs_hook=_each_once)
    return parsed


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Of two values for one name nobody knows which was meant."""
    told = dict(pairs)
    if len(told) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice}: stands here twice")
    return told
