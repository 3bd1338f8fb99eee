"""All kinds of record, each in its own file: the tables by which the product judges, forecasts
and offers.
"""

from collections.abc import Mapping
from types import MappingProxyType

from . import (
    camera,
    case,
    custody,
    evidence,
    exemption,
    flag,
    notice,
    officer,
    order,
    party,
    permit,
    publication,
    rectification_order,
    setting,
    task,
    vehicle,
)
from .envelope import Kind
from .workflow import KindSpec

SPECS = (
    camera.SPEC,
    flag.SPEC,
    order.SPEC,
    notice.SPEC,
    rectification_order.SPEC,
    task.SPEC,
    exemption.SPEC,
    case.SPEC,
    evidence.SPEC,
    party.SPEC,
    officer.SPEC,
    setting.SPEC,
    vehicle.SPEC,
    permit.SPEC,
    publication.SPEC,
    custody.SPEC,
)
KINDS: Mapping[Kind, KindSpec] = MappingProxyType({spec.kind: spec for spec in SPECS})
RULING = frozenset({Kind.SETTING, Kind.CUSTODY})
"""Kinds whose records surround every judgement: whoever keeps what was judged looks again."""
