"""The district's streets and towns (domain.md §4) and the scope that each belongs to.

A town's records are the town's; the streets are worked by the district's hub. The list is a
setting: this is its default.
"""

from .envelope import Struct
from .ids import DISTRICT, AreaCode, Scope

SHARED = Scope("330411000")  # what everybody needs: settings


class Area(Struct, frozen=True, kw_only=True):
    """A street 街道 or a town 镇. `managed_by` names who runs it where that is not the district
    (嘉北, 塘汇: 经开区).
    """

    name: str
    area_class: str = "A"  # key of the limits table, with the category
    managed_by: str | None = None


AREAS: dict[str, Area] = {
    "330411002": Area(name="新城街道"),
    "330411003": Area(name="嘉北街道", managed_by="嘉兴经开区"),
    "330411004": Area(name="塘汇街道", managed_by="嘉兴经开区"),
    "330411005": Area(name="高照街道"),
    "330411101": Area(name="王江泾镇", area_class="B"),
    "330411103": Area(name="油车港镇", area_class="B"),
    "330411104": Area(name="新塍镇", area_class="B"),
    "330411105": Area(name="王店镇", area_class="B"),
    "330411106": Area(name="洪合镇", area_class="B"),
}
TOWNS: tuple[Scope, ...] = tuple(Scope(code) for code in AREAS if code[6] == "1")
SCOPES: tuple[Scope, ...] = (DISTRICT, *TOWNS)


def scope_of(area: AreaCode | None) -> Scope:
    """The town's own scope, or the district's for a street and for a place that nobody has sorted
    yet.
    """
    return Scope(area) if area is not None and Scope(area) in TOWNS else DISTRICT
