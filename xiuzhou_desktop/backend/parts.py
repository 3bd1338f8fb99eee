"""The parts of a running backend, built once from the settings and handed to the routes by name."""

from dataclasses import dataclass, field

from xiuzhou_desktop.backend.accounts import Accounts
from xiuzhou_desktop.backend.blobs import Blobs
from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.commands import Desk
from xiuzhou_desktop.backend.effects import Outbox
from xiuzhou_desktop.backend.enrolment import Enrolment
from xiuzhou_desktop.backend.hooks import DemoDistrict, MediaSource, SmsGateway
from xiuzhou_desktop.backend.ingest import Intake
from xiuzhou_desktop.backend.live import LiveBoard
from xiuzhou_desktop.backend.media_tokens import MediaTokens
from xiuzhou_desktop.backend.metrics import Metrics
from xiuzhou_desktop.backend.party_desk import PartyDesk
from xiuzhou_desktop.backend.platforms import PlatformWatch
from xiuzhou_desktop.backend.pokes import Pokes
from xiuzhou_desktop.backend.positions import PositionIntake, PositionStore
from xiuzhou_desktop.backend.positions.history import TrackHistory
from xiuzhou_desktop.backend.positions.watch import PositionWatch
from xiuzhou_desktop.backend.province import Province
from xiuzhou_desktop.backend.publication.ledger import Ledger
from xiuzhou_desktop.backend.publication.own_feed import OwnFeed
from xiuzhou_desktop.backend.sealed_work import Safe
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.sse import Door
from xiuzhou_desktop.backend.store import Store
from xiuzhou_desktop.backend.timers import Timers
from xiuzhou_desktop.backend.unfinished import Unfinished


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """One district backend."""

    settings: Settings
    store: Store
    clock: BusinessClock
    accounts: Accounts
    enrolment: Enrolment
    metrics: Metrics
    door: Door = field(default_factory=Door)
    desk: Desk
    blobs: Blobs
    unfinished: Unfinished
    intake: Intake
    parties: PartyDesk
    pokes: Pokes
    live: LiveBoard
    safe: Safe
    platforms: PlatformWatch
    positions: PositionStore
    position_intake: PositionIntake
    position_watch: PositionWatch
    track_history: TrackHistory
    timers: Timers
    outbox: Outbox
    province: Province
    ledger: Ledger
    own_feed: OwnFeed
    sms: SmsGateway
    media: MediaSource
    media_tokens: MediaTokens
    demo: DemoDistrict | None
