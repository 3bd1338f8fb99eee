"""/openapi.json (3.1) from the operations' rows and their Structs, each operation with its
problems.
"""

import re
from collections.abc import Sequence

import msgspec

from xiuzhou_desktop.backend.operation import JSON_TYPE, Operation
from xiuzhou_desktop.backend.problems import SLUGS
from xiuzhou_desktop.backend.settings import VERSION
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.domain.canonical import Json, to_json

REF = "#/components/schemas/{name}"
COMMON = ("bad-parameter", "malformed", "unsupported-media", "too-large", "unavailable", "defect")
SIGNED_IN = ("signed-out", "session-ended", "account-disabled")


def describe(rows: Sequence[Operation]) -> Json:
    """The whole document as plain JSON values."""
    types = _types(rows)
    schemas, components = msgspec.json.schema_components(types, ref_template=REF)
    by_type = dict(zip(types, schemas, strict=True))
    paths: dict[str, dict[str, object]] = {}
    for row in rows:
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(row, by_type)
    return to_json(
        {
            "openapi": "3.1.0",
            "info": {"title": "Xiuzhou district backend", "version": VERSION},
            "paths": paths,
            "components": {
                "schemas": components,
                "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            },
        }
    )


def _types(rows: Sequence[Operation]) -> list[type]:
    wanted = {one for row in rows for one in (row.takes, row.gives) if one is not None}
    return sorted({*wanted, Problem}, key=lambda one: one.__name__)


def _operation(row: Operation, by_type: dict[type, dict[str, object]]) -> dict[str, object]:
    told: dict[str, object] = {
        "operationId": row.name,
        "summary": row.about,
        "parameters": _parameters(row),
        "responses": _responses(row, by_type),
        "security": [] if row.is_open else [{"bearer": []}],
    }
    if row.takes is not None:
        told["requestBody"] = _content(JSON_TYPE, by_type[row.takes])
    if row.takes_form is not None:
        told["requestBody"] = _content("multipart/form-data", dict(row.takes_form))
    if row.takes_type is not None:
        told["requestBody"] = _content(row.takes_type, {"type": "string", "format": "binary"})
    return told


def _content(media_type: str, schema: dict[str, object]) -> dict[str, object]:
    return {"required": True, "content": {media_type: {"schema": schema}}}


def _parameters(row: Operation) -> list[dict[str, object]]:
    named = re.findall(r"{(\w+)}", row.path)
    in_path: list[dict[str, object]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in named
    ]
    return in_path + [
        {
            "name": one.name, "in": place, "required": one.required, "description": one.about,
            "schema": dict(one.schema),
        }
        for place, named in (("query", row.query), ("header", row.headers))
        for one in named
    ]  # fmt: skip


def _responses(row: Operation, by_type: dict[type, dict[str, object]]) -> dict[str, object]:
    told: dict[str, object] = {str(row.status): _answer(row, by_type)}
    by_status: dict[int, list[str]] = {}
    for slug in (*COMMON, *(() if row.is_open else SIGNED_IN), *row.problems):
        by_status.setdefault(SLUGS[slug][0], []).append(slug)
    for status, slugs in sorted(by_status.items()):
        told[str(status)] = {
            "description": ", ".join(sorted(set(slugs))),
            "content": {"application/problem+json": {"schema": by_type[Problem]}},
        }
    return told


def _answer(row: Operation, by_type: dict[type, dict[str, object]]) -> dict[str, object]:
    told: dict[str, object] = {"description": row.about}
    if row.status == 204:
        return told
    schema: dict[str, object] = {}
    if row.gives is not None and row.gives_type == JSON_TYPE:
        schema = by_type[row.gives]
    told["content"] = {row.gives_type: {"schema": schema}}
    return told
