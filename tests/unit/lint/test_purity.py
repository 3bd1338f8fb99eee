"""domain imports geo, msgspec and the pure part of the standard library; geo nothing of ours."""

import pytest

from tests.lint.purity import check_purity


@pytest.mark.parametrize(
    "line",
    [
        "import httpx",
        "import numpy as np",
        "import socket",
        "from xiuzhou_desktop.contract import Problem",
        "from ..client import errors",
        "import xiuzhou_desktop.text",
    ],
)
def test_domain_may_not_reach_outside(make_tree, line):
    found = check_purity(make_tree({"xiuzhou_desktop/domain/flag.py": line}))
    assert [one.rule for one in found] == ["purity"]


@pytest.mark.parametrize(
    "line",
    [
        "import msgspec",
        "from collections.abc import Mapping",
        "from xiuzhou_desktop.geo import distance_m",
        "from .envelope import Record",
        "from . import envelope",
        "from xiuzhou_desktop.domain.envelope import Record",
    ],
)
def test_domain_may_import_its_own_layer_and_below(make_tree, line):
    assert check_purity(make_tree({"xiuzhou_desktop/domain/flag.py": line})) == []


def test_geo_may_not_import_domain(make_tree):
    line = "from xiuzhou_desktop.domain import Place"
    assert len(check_purity(make_tree({"xiuzhou_desktop/geo/datum.py": line}))) == 1


def test_relative_imports_in_a_package_face_are_resolved(make_tree):
    tree = make_tree({"xiuzhou_desktop/domain/__init__.py": "from .flag import FLAG"})
    assert check_purity(tree) == []
