"""The evidence of a case and of its flag: picture or paper of the chosen piece, list, custody.

case opened ─► list from the cache at once ─► each file fetched, its SHA-256 reckoned on the way
                                               └► whole | changed | absent, on its row
"""

import asyncio

from pypdfium2 import PdfiumError
from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from plugins.cases.delegates import EvidenceDelegate
from plugins.cases.rows import EvidenceRows, Proof
from ui.records import RecordDesk, RecordListView, Section, Sentences
from ui.start import start
from ui.theme.textrun import Ink
from ui.theme.type import Density, Face
from ui.video.loader import PictureFault, blob_path, decode
from ui.video.still import StillView
from ui.widgets import Banner, BannerTone, SectionTitle, ThreadEntry, ThreadList, wrapped
from xiuzhou_desktop.client.errors import ClientError
from xiuzhou_desktop.client.views import Changed, Order, RecordQuery, RecordView
from xiuzhou_desktop.documents import picture_of
from xiuzhou_desktop.domain.case_body import CaseBody
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.evidence import (
    EvidenceBody,
    EvidenceRole,
    EvidenceState,
    announcer_of,
)
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.plugin_api.context import PanelContext

PDF = b"%PDF-"
PAPER_WIDTH = 1100  # pixels of a page: as wide as the column at 200 %
MOST = 500
A_LOOK = 25  # files between two looks at the list: a row a time would paint it 200 times
CHANGED_SLUG = "blob-damaged"
AWAY = "cases.evidence.away"
UNSHOWN = {
    CHANGED_SLUG: "cases.evidence.changed", "unreachable": AWAY, "timeout": AWAY, "offline": AWAY,
    "not-found": "cases.evidence.absent",
}  # fmt: skip
NOTHING = RecordId("")


class EvidenceColumn(QWidget):
    """One case's evidence."""

    counted = Signal()

    def __init__(self, context: PanelContext, watermark: str) -> None:
        super().__init__()
        self._context, self._text = context, context.text
        self._sentences = Sentences(context.text)
        self._case: RecordId | None = None
        self._views: tuple[RecordView, ...] = ()
        self._task: asyncio.Task[object] | None = None
        self._rows = EvidenceRows(context.text)
        self._title = SectionTitle(self._text("cases.evidence"))
        self._picture = StillView(context.text)
        self._picture.set_watermark(watermark)
        self._changed = Banner("shield-x", "", "", tone=BannerTone.REFUSED)
        self._list = RecordListView(EvidenceDelegate())
        self._list.set_density(Density.TWO_LINE)
        self._list.setAccessibleName(self._text("cases.evidence"))
        self.desk = RecordDesk(self._list, context.engine, context.clock, self._rows)
        self.desk.selected.connect(self._show)
        self._gaps = wrapped("", Ink("text2", Face.LABEL))
        self._custody_title = SectionTitle(self._text("cases.custody"))
        self._custody = ThreadList()
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head, foot = QVBoxLayout(), QVBoxLayout()
        head.setContentsMargins(12, 8, 12, 8)
        head.addWidget(self._title)
        foot.setContentsMargins(12, 8, 12, 8)
        foot.setSpacing(4)
        for part in (self._gaps, self._custody_title, self._custody):
            foot.addWidget(part)
        column.addLayout(head)
        column.addWidget(self._picture, 3)
        column.addWidget(self._changed)
        column.addWidget(self._list, 4)
        column.addLayout(foot)
        self._changed.hide()

    @property
    def views(self) -> tuple[RecordView, ...]:
        """The case's evidence as it is known now."""
        return self._views

    @property
    def proof_titles(self) -> tuple[str, ...]:
        """What counts as proof, as a document names it."""
        held = (one.record for one in self._views if one.record.is_open)
        return tuple(
            one.title
            for one in held
            if isinstance(one.body, EvidenceBody) and one.body.role is EvidenceRole.PROOF
        )

    @property
    def awaited(self) -> tuple[Record, ...]:
        """What was announced and whose file is not on the server yet."""
        records = [one.record for one in self._views]
        return tuple(one for one in records if one.state == EvidenceState.EXPECTED)

    @property
    def changed(self) -> tuple[str, ...]:
        """Titles of what is not any more what it was."""
        return tuple(
            one.record.title
            for one in self._views
            if one.record.is_open and self._rows.proofs.get(one.record.id) is Proof.CHANGED
        )

    @property
    def summary(self) -> str:
        """7 items, 6 verified; only where there are some: 1 changed, 1 on its way."""
        checked = [self._rows.proofs.get(one.record.id) for one in self._views]
        count, whole = len(self._views), checked.count(Proof.WHOLE)
        news = {"changed": checked.count(Proof.CHANGED), "awaited": len(self.awaited)}
        return " · ".join((
            self._text("cases.evidence.summary", count=count, whole=whole),
            *(self._text(f"cases.evidence.summary.{k}", count=n) for k, n in news.items() if n),
        ))  # fmt: skip

    async def show_case(self, record: Record | None) -> None:
        """List the evidence of a case, and what was taken of the flag of which it was filed."""
        case = record.id if record is not None else None
        is_other = case != self._case
        sections = self._sections(record)
        if is_other:
            self._case, self._views = case, ()
            self._rows.proofs.clear()
            self._show(None)
            self.desk.set_sections(sections)
        pages = [await self._context.engine.query(one.query) for one in sections]
        if case != self._case:
            return
        self._views = tuple(view for page in pages for view in page.views)
        if is_other and self._views:
            self.desk.select(self._views[0].record.id)
        self._title.set_texts(self._text("cases.evidence"), self.summary)

    def _sections(self, record: Record | None) -> tuple[Section, ...]:
        own = Section(
            key="evidence", title=None, query=evidence_of(record.id if record else NOTHING)
        )
        body = record.body if record is not None else None
        if not isinstance(body, CaseBody) or body.flag is None:
            return (own,)
        return own, Section(
            key="flag", title=self._text("cases.evidence.flag"), query=evidence_of(body.flag),
            hides_when_empty=True,
        )  # fmt: skip

    def check_files(self) -> None:
        """Open every file once, behind what is shown: the engine gives none but with its hash."""
        if self._task is not None:
            self._task.cancel()
        self._task = start(self._check_all(self._views), owner=self)

    def news(self, changed: Changed) -> None:
        """Follow what changes in the list."""
        self.desk.news(changed)

    def choose(self, number: int) -> None:
        """The number-th piece, from 0."""
        if number < len(self._views):
            self.desk.select(self._views[number].record.id)

    async def _check_all(self, views: tuple[RecordView, ...]) -> None:
        for number, view in enumerate(views, 1):
            body = view.record.body
            if not isinstance(body, EvidenceBody) or body.blob is None:
                continue
            if self._rows.proofs.get(view.record.id) in (Proof.WHOLE, Proof.CHANGED):
                continue
            found = await self._checked(body.blob)
            self._rows.proofs[view.record.id] = found
            if found is Proof.CHANGED:
                self.counted.emit()
            if number % A_LOOK == 0 or number == len(views) or found is Proof.CHANGED:
                self._title.set_texts(self._text("cases.evidence"), self.summary)
                self.desk.tick()
            if self.desk.current is not None and self.desk.current.record.id == view.record.id:
                self._warn(view)

    async def _checked(self, blob: str) -> Proof:
        try:
            await self._context.engine.fetch(blob_path(blob))
        except ClientError as error:
            return Proof.CHANGED if error.slug == CHANGED_SLUG else Proof.ABSENT
        return Proof.WHOLE

    # the chosen piece

    def _show(self, view: RecordView | None) -> None:
        self._picture.set_picture(None)
        where = self._where(view) if view is not None else ""
        self._picture.set_sentence(where or self._text(_first_words(view)))
        self._changed.hide()
        for part in (self._gaps, self._custody_title, self._custody):
            part.setVisible(view is not None)
        if view is None or not isinstance(view.record.body, EvidenceBody):
            return
        body = view.record.body
        self._custody.set_entries(
            tuple(
                ThreadEntry(
                    time=self._sentences.day_hm(one.at),
                    text=self._text(f"cases.custody.{one.act}", actor=one.actor),
                )
                for one in body.custody
            )
        )
        self._warn(view)
        if body.blob is not None:
            start(self._draw(view.record.id, body.blob), owner=self)

    def _warn(self, view: RecordView) -> None:
        """What keeps the piece from proving anything, and what to do."""
        is_changed = self._rows.proofs.get(view.record.id) is Proof.CHANGED
        self._changed.set_texts(self._text("cases.evidence.changed"))
        self._changed.setVisible(is_changed)
        body = view.record.body
        gaps = body.gaps if isinstance(body, EvidenceBody) else ()
        names = "、".join(self._sentences.option("Gap", one.value) for one in gaps)
        lead = self._text("cases.evidence.gaps", gaps=names) if gaps else ""
        remedy = self._text("cases.evidence.changed.remedy") if is_changed else ""
        said = [one for one in (remedy, self._where(view), lead, self._clock(body)) if one]
        self._gaps.setText("\n".join(said))
        self._gaps.setVisible(bool(said))

    def _where(self, view: RecordView) -> str:
        """Why there is no file: destroyed in due time, or on whose workstation it still lies."""
        body = view.record.body
        if view.record.state == EvidenceState.DISPOSED:
            return self._text("cases.evidence.gone")
        if view.record.state != EvidenceState.EXPECTED or not isinstance(body, EvidenceBody):
            return ""
        return self._text(
            "cases.evidence.at", workstation=body.workstation, actor=announcer_of(body)
        )

    def _clock(self, body: object) -> str:
        """What the camera's own clock showed, of a picture that a camera made."""
        if not isinstance(body, EvidenceBody) or body.camera is None:
            return ""
        if body.camera_clock is None:
            return self._text("cases.evidence.no_clock")
        return self._text("cases.evidence.clock", time=self._sentences.hms(body.camera_clock))

    async def _draw(self, record: RecordId, blob: str) -> None:
        drawn, says = None, self._text("cases.evidence.undrawn")
        try:
            content = await self._context.engine.fetch(blob_path(blob))
            drawn = await asyncio.to_thread(_drawn, content)
        except ClientError as error:
            says = self._why_not(error)
        if self.desk.current is None or self.desk.current.record.id != record:
            return
        if drawn is not None:
            self._picture.set_picture(drawn)
        else:
            self._picture.set_sentence(says)

    def _why_not(self, error: ClientError) -> str:
        """Why a file is not shown."""
        key = UNSHOWN.get(error.slug)
        return self._text(key) if key else self._sentences.refusal(error.problem()).text


def evidence_of(parent: RecordId) -> RecordQuery:
    """Everything that lies under a case or a flag, the newest first."""
    return RecordQuery(
        kinds=(Kind.EVIDENCE,), parent_id=parent, order=Order.NEWEST, limit=MOST
    )  # fmt: skip


def _first_words(view: RecordView | None) -> str:
    """What stands where the picture will be."""
    if view is None:
        return "cases.evidence.none"
    body = view.record.body
    has_file = isinstance(body, EvidenceBody) and body.blob is not None
    return "cases.evidence.opening" if has_file else "cases.evidence.absent"


def _drawn(content: bytes) -> QImage | None:
    """A still as it is, a paper's first page as a picture; None for what is neither."""
    if content.startswith(PDF):
        try:
            page = picture_of(content, PAPER_WIDTH)
        except PdfiumError:
            return None
        image = QImage(
            page.pixels, page.width, page.height, page.stride, QImage.Format.Format_RGB888
        )
        return image.copy()
    decoded = decode(content)
    return None if isinstance(decoded, PictureFault) else decoded
