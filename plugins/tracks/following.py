"""What the map shows of what another panel has selected: the vehicle of a plate, company or permit;
of anything else that has a place, the place.
"""

from plugins.tracks.keeper import DayKeeper
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.plugin_api.context import Scheme
from xiuzhou_desktop.plugin_api.finding import Way


def ways_of(keeper: DayKeeper) -> tuple[Way, ...]:
    """The panel has all vehicles at hand: nothing is asked of the engine."""
    return (
        Way(of=Kind.VEHICLE, find=keeper.of_vehicle),
        Way(of=Kind.PERMIT, find=keeper.of_permit),
        Way(of=Scheme.PLATE, find=keeper.of_plate),
        Way(of=Scheme.COMPANY, find=keeper.of_company),
    )
