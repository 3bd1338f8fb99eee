"""From settings to the parts of a running backend."""

import logging

from xiuzhou_desktop.backend.accounts import Accounts
from xiuzhou_desktop.backend.blobs import Blobs
from xiuzhou_desktop.backend.case_packages import PACKAGES, CasePackages
from xiuzhou_desktop.backend.claims import claims_of
from xiuzhou_desktop.backend.clock import BusinessClock, open_clock
from xiuzhou_desktop.backend.commands import Desk
from xiuzhou_desktop.backend.contacts import ContactFile
from xiuzhou_desktop.backend.effects import Outbox, Providers
from xiuzhou_desktop.backend.enrolment import Enrolment
from xiuzhou_desktop.backend.high_water import HighWater, notice_restore
from xiuzhou_desktop.backend.hooks import ContactBook, DemoDistrict, MediaSource, SmsGateway
from xiuzhou_desktop.backend.ingest import Intake
from xiuzhou_desktop.backend.live import LiveBoard
from xiuzhou_desktop.backend.media_tokens import MediaTokens
from xiuzhou_desktop.backend.metrics import Metrics
from xiuzhou_desktop.backend.no_media import NoMedia
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.party_desk import PartyDesk
from xiuzhou_desktop.backend.platforms import PlatformWatch
from xiuzhou_desktop.backend.pokes import Pokes
from xiuzhou_desktop.backend.positions import PositionIntake, open_positions
from xiuzhou_desktop.backend.positions.history import TrackHistory
from xiuzhou_desktop.backend.positions.watch import PositionWatch
from xiuzhou_desktop.backend.province import Province
from xiuzhou_desktop.backend.publication.ledger import Ledger
from xiuzhou_desktop.backend.publication.own_feed import OwnFeed
from xiuzhou_desktop.backend.publication.portal import Portal, PortalFolder
from xiuzhou_desktop.backend.sealed_work import Safe
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.sms_gateway import DemoGateway, NoGateway
from xiuzhou_desktop.backend.store import Store, open_store
from xiuzhou_desktop.backend.store.keys import read_key
from xiuzhou_desktop.backend.timers import Timers
from xiuzhou_desktop.backend.unfinished import Unfinished
from xiuzhou_desktop.domain.case_master import CaseMaster

log = logging.getLogger(__name__)


def build(settings: Settings) -> Parts:
    """Open the district; a demonstration seeds itself at its first start."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    clock = open_clock(settings)
    store = open_store(settings, clock.now())
    high_water = HighWater(settings.high_water_file)
    notice_restore(store, high_water, clock.now())
    positions = open_positions(settings.database, settings.positions_file)
    demo = _open_demo(settings, store, clock) if settings.demo else None
    sms: SmsGateway = NoGateway()
    contacts: ContactBook = ContactFile(settings.folder / "contacts.csv")
    media: MediaSource = NoMedia()
    portal: Portal = PortalFolder(settings.folder / "portal")
    if demo is not None:
        sms = DemoGateway(settings.folder / "provider-sms.jsonl", clock)
        contacts, media, portal = demo.contacts, demo.media, demo.portal
    desk, blobs = Desk(store, clock), Blobs(settings.blob_folder)
    packages = CasePackages(settings.folder / PACKAGES)
    live, own_feed = LiveBoard(clock, claims_of(store)), OwnFeed(store)
    portals = {CaseMaster.PROVINCIAL: portal, CaseMaster.LOCAL: own_feed}
    providers = Providers(sms=sms, contacts=contacts, packages=packages)
    return Parts(
        safe=Safe(store),
        settings=settings, store=store, clock=clock, accounts=Accounts(store), desk=desk,
        enrolment=Enrolment(store), metrics=Metrics(read_key(settings.metrics_key_file).hex()),
        blobs=blobs, unfinished=Unfinished(settings.upload_folder, blobs),
        intake=Intake(store, clock, desk, blobs), platforms=PlatformWatch(clock),
        parties=PartyDesk(store, clock.now), pokes=Pokes(store, clock, high_water), live=live,
        positions=positions, position_intake=PositionIntake(store, positions, clock),
        position_watch=PositionWatch(store, positions, live),
        track_history=TrackHistory(positions, clock, media),
        timers=Timers(store, clock, desk), sms=sms,
        outbox=Outbox(store, clock, desk, providers),
        province=Province(store, clock, desk, packages),
        ledger=Ledger(store, clock, desk, portals), own_feed=own_feed,
        media=media, media_tokens=MediaTokens(read_key(settings.key_folder / "media.key")),
        demo=demo,
    )  # fmt: skip


def _open_demo(settings: Settings, store: Store, clock: BusinessClock) -> DemoDistrict:
    # Rule 10: the demonstration needs a renderer and a video encoder that a district in service
    # neither has nor wants, so its package is imported only where it was asked for.
    from xiuzhou_desktop.backend.demo.district import open_demo  # noqa: PLC0415

    return open_demo(settings, store, clock)
