"""A setting as rows that a person can add, change and take away, with a form for each.

    {"05-05": 15, …}        map      a row a key        form: code and the value's fields
    ["2027-02-11", …]       list     a row a value      form: the value
    10                      one      one row            form: the value

The forms are made from the types of `Policy` and `WorkCalendar`, so that form, judge and import
know the same fields and limits. A Struct inside a Struct is asked field by field (`limit_amount`).
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, get_args, get_origin, get_type_hints

import msgspec

from .canonical import Json
from .envelope import Args, Struct
from .fields import Line
from .setting import NAMES, READERS

CODE, VALUE, START, END, NOTE = "code", "value", "start", "end", "note"
NOT_PARTS = frozenset({NOTE})


class Shape(StrEnum):
    """How a setting falls into rows."""

    MAP = "map"
    LIST = "list"
    ONE = "one"


class Part(Struct, frozen=True, kw_only=True):
    """One row of a setting: its key (empty where the setting is one value) and the value there."""

    setting: str
    key: str
    value: Json


def shape_of(name: str) -> Shape:
    """How the setting of that name falls into rows. Raises KeyError."""
    origin = get_origin(_plain(_type_of(name)))
    if origin is dict:
        return Shape.MAP
    return Shape.LIST if origin in (frozenset, tuple) else Shape.ONE


def parts(name: str, holding: Json) -> tuple[Part, ...]:
    """The rows of the value that holds."""
    if isinstance(holding, Mapping):
        return tuple(Part(setting=name, key=key, value=holding[key]) for key in sorted(holding))
    if shape_of(name) is Shape.LIST:
        listed = sorted(_listed(holding), key=_key)
        return tuple(Part(setting=name, key=_key(one), value=one) for one in listed)
    return (Part(setting=name, key="", value=holding),)


@lru_cache(maxsize=128)
def form_of(name: str) -> type[Args]:
    """The form that asks for one row. Raises KeyError."""
    hints = dict(_fields_of(name))
    defaults = _defaults_of(name)
    fields = [
        (field, hint, defaults[field]) if field in defaults else (field, hint)
        for field, hint in hints.items()
    ]
    made = msgspec.defstruct(
        f"{name.title().replace('_', '')}Part", [*fields, (NOTE, str, "")],
        bases=(Args,), frozen=True, kw_only=True, module=__name__,
    )  # fmt: skip
    if not issubclass(made, Args):
        raise TypeError(f"the form of {name} has another base")
    return made


def asked(part: Part) -> dict[str, Json]:
    """A row as its form shows it."""
    match shape_of(part.setting):
        case Shape.MAP if isinstance(part.value, Mapping):
            return {CODE: part.key, **_flat(part.value)}
        case Shape.MAP:
            return {CODE: part.key, VALUE: part.value}
        case Shape.LIST if isinstance(part.value, list | tuple):
            return {START: part.value[0], END: part.value[1]}
        case _:
            return {VALUE: part.value}


def with_part(name: str, holding: Json, key: str | None, given: Mapping[str, Json]) -> Json:
    """The setting's value once the row `key` (None: a new one) is as the form says."""
    said = {field: value for field, value in given.items() if field not in NOT_PARTS}
    match shape_of(name):
        case Shape.MAP:
            rows = dict(holding) if isinstance(holding, Mapping) else {}
            code = str(said.pop(CODE))
            rows.pop(key or code, None)
            return {**rows, code: said[VALUE] if VALUE in said else _deep(name, said)}
        case Shape.LIST:
            value = [said[START], said[END]] if START in said else said[VALUE]
            kept = [one for one in _listed(holding) if _key(one) != key and one != value]
            return [*sorted([*kept, value], key=_key)]
        case _:
            return said.get(VALUE)


def without_part(name: str, holding: Json, key: str) -> Json:
    """The setting's value once that row is gone."""
    if isinstance(holding, Mapping):
        return {code: value for code, value in holding.items() if code != key}
    return [one for one in _listed(holding) if _key(one) != key]


def _type_of(name: str) -> object:
    if name not in NAMES:
        raise KeyError(name)
    for reader in READERS:
        if name in reader.__struct_fields__:
            return get_type_hints(reader, include_extras=True)[name]
    raise KeyError(name)


def _plain(hint: object) -> object:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _fields_of(name: str) -> Iterable[tuple[str, object]]:
    hint = _plain(_type_of(name))
    match shape_of(name):
        case Shape.MAP:
            value = get_args(hint)[1]
            rows = _struct_fields(value) if _is_struct(value) else ((VALUE, value),)
            return ((CODE, Line), *rows)
        case Shape.LIST:
            value = get_args(hint)[0]
            pair = get_args(value) if get_origin(value) is tuple else ()
            return ((START, pair[0]), (END, pair[1])) if pair else ((VALUE, value),)
        case _:
            return ((VALUE, hint),)


def _is_struct(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, msgspec.Struct)


def _struct_fields(of: object, prefix: str = "") -> tuple[tuple[str, object], ...]:
    found: list[tuple[str, object]] = []
    for field, hint in get_type_hints(of, include_extras=True).items():
        nested = _struct_fields(hint, f"{field}_") if _is_struct(hint) else None
        found += nested or ((prefix + field, hint),)
    return tuple(found)


def _defaults_of(name: str) -> dict[str, object]:
    """What a field holds when nobody fills it in."""
    args = get_args(_plain(_type_of(name)))
    if shape_of(name) is not Shape.MAP or not _is_struct(args[1]):
        return {}
    return {
        field.name: field.default
        for field in msgspec.structs.fields(args[1])
        if field.default is not msgspec.NODEFAULT
    }


def _flat(value: Mapping[str, Json]) -> dict[str, Json]:
    flat: dict[str, Json] = {}
    for field, inner in value.items():
        if isinstance(inner, Mapping):
            flat |= {f"{field}_{name}": one for name, one in inner.items()}
        else:
            flat[field] = inner
    return flat


def _deep(name: str, said: Mapping[str, Json]) -> dict[str, Json]:
    """What the form asked field by field, as the Struct holds it."""
    of = get_args(_plain(_type_of(name)))[1]
    deep: dict[str, Json] = {}
    for field, hint in get_type_hints(of, include_extras=True).items():
        if _is_struct(hint):
            prefix = f"{field}_"
            inner = {one.removeprefix(prefix): said[one] for one in said if one.startswith(prefix)}
            deep[field] = inner
        elif field in said:
            deep[field] = said[field]
    return deep


def _listed(holding: Json) -> list[Json]:
    return [*holding] if isinstance(holding, list | tuple) else []


def _key(value: Json) -> str:
    """Orders and names a value of a list; minutes of a day sort by their number."""
    if isinstance(value, list | tuple):
        return "-".join(f"{one:04d}" if isinstance(one, int) else str(one) for one in value)
    return f"{value:06d}" if isinstance(value, int) else str(value)
