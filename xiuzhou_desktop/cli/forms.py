"""Words of the command line as typed arguments of a transition, and forms told to a machine."""

import json
from typing import Any

import msgspec

from xiuzhou_desktop.client.errors import Rejected
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.domain.canonical import Json, to_json
from xiuzhou_desktop.domain.command import FieldChange
from xiuzhou_desktop.domain.envelope import Record, Struct
from xiuzhou_desktop.domain.workflow import KindSpec, Transition


class Filled(Struct, frozen=True, kw_only=True):
    """What was set: arguments of the form, and three-way edits of a record's texts."""

    args: dict[str, Json]
    fields: dict[str, FieldChange]


def fill(settings: list[str], spec: KindSpec, row: Transition, record: Record | None) -> Filled:
    """NAME=VALUE by the form's types; what does not fit is left to the judge, who says why."""
    types = {field.encode_name: field.type for field in msgspec.structs.fields(row.form)}
    args: dict[str, Json] = {}
    fields: dict[str, FieldChange] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise Rejected(Problem(slug="bad-setting", facts={"given": setting}))
        if name not in types and name in spec.merge_fields:
            base = getattr(record.body, name) if record else None
            fields[name] = FieldChange(base=base, new=value)
        else:
            args[name] = typed(value, types.get(name, str))
    return Filled(args=args, fields=fields)


def typed(value: str, wanted: Any) -> Json:  # noqa: ANN401 - a type of the form, as msgspec gives it
    """The text itself where it fits, else what it means as JSON, else the text."""
    for candidate in (value, *_as_json(value)):
        try:
            return to_json(msgspec.convert(candidate, wanted, strict=False))
        except msgspec.ValidationError:
            continue
    return value


def describe(wanted: Any) -> Json:  # noqa: ANN401 - as above
    """A field's type as a JSON schema without references."""
    (schema,), parts = msgspec.json.schema_components((wanted,))
    return _inlined(schema, parts)


def _as_json(value: str) -> tuple[Json, ...]:
    try:
        return (json.loads(value),)
    except ValueError:
        return ()


def _inlined(schema: Json, parts: dict[str, Any]) -> Json:
    if isinstance(schema, dict):
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        if name in parts:
            return _inlined(parts[name], parts)
        return {key: _inlined(value, parts) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_inlined(part, parts) for part in schema]
    return schema
