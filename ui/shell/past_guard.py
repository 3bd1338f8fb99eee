"""The engine of a panel that may be in the past: it reads as ever, and refuses every act there.

    panel ──offers──► each refused with "viewing-past"     so buttons say why
          ──submit──► refused, nothing saved               also from a form that was open before

The frame does this, so that no panel can forget it.
"""

from collections.abc import Callable, Mapping

import msgspec

from ui.shell.clock import PanelClock
from xiuzhou_desktop.client.views import Draft, Forecast, Lease, Offer, Remedy, Submitted
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.command import Refusal
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import CommandId, RecordId
from xiuzhou_desktop.plugin_api.context import Engine

VIEWING_PAST = Refusal(slug="viewing-past")
NO_RECORD = RecordId("")


class PastGuard:
    """`plugin_api.context.Engine` of one panel: acts are judged here, all else is the engine's."""

    def __init__(self, engine: Engine, clock: PanelClock) -> None:
        self._engine, self._clock = engine, clock

    def __getattr__(self, name: str) -> Callable[..., object]:
        return getattr(self._engine, name)

    async def offers(self, kind: Kind, record: RecordId) -> tuple[Offer, ...]:
        offers = await self._engine.offers(kind, record)
        if self._clock.view_at is None:
            return offers
        return tuple(msgspec.structs.replace(one, refusal=VIEWING_PAST) for one in offers)

    async def submit(self, draft: Draft) -> Submitted:
        if self._clock.view_at is None:
            return await self._engine.submit(draft)
        return _refused(draft.record)

    async def undo(self, command: CommandId) -> tuple[CommandId, ...]:
        return () if self._clock.view_at is not None else await self._engine.undo(command)

    async def resolve(
        self, command: CommandId, remedy: Remedy, args: Mapping[str, Json] | None = None
    ) -> tuple[Submitted, ...]:
        if self._clock.view_at is not None:
            return (_refused(None),)
        return await self._engine.resolve(command, remedy, args)

    async def live_say(self, act: str, kind: Kind, record: RecordId) -> Lease | None:
        if self._clock.view_at is not None:
            return None
        return await self._engine.live_say(act, kind, record)


def _refused(record: RecordId | None) -> Submitted:
    return Submitted(
        command=None, record=record or NO_RECORD, forecast=Forecast.REFUSED, refusal=VIEWING_PAST
    )
