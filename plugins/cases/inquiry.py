"""A party's numbers, and parties by a number: the server is asked, and notes who looked, and why.

Ctrl+I ─► the sheet, with the party of the case under the hand
            ├─ look ─► engine.party_look ─► the numbers, for a minute
            └─ find ─► engine.party_find ─► engine.get of each ─► the sheet's list

No index leads from a party to its cases: they are those that name it in the newest MOST_CASES hits
of its name. Where there were more hits, the line says that it counted only so far.
"""

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from plugins.cases.party_sheet import PartyLine, PartySheet
from ui.records import Sentences
from ui.start import start
from xiuzhou_desktop.client.errors import ClientError, Unavailable
from xiuzhou_desktop.client.views import Order, RecordQuery, RecordView
from xiuzhou_desktop.contract.parties import PartyFind, PartyLook
from xiuzhou_desktop.domain.case_body import CaseBody
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.party import PartyBody
from xiuzhou_desktop.plugin_api.context import PanelContext

MOST_CASES = 50


class Inquiry(QObject):
    """One person's looks in one panel."""

    def __init__(self, panel: QWidget, context: PanelContext) -> None:
        super().__init__(panel)
        self._context, self._text = context, context.text
        self._sentences = Sentences(context.text)
        self.sheet = PartySheet(panel, context.text)
        self.sheet.look_wanted.connect(self._look)
        self.sheet.find_wanted.connect(self._find)

    def open(self, case: RecordView | None) -> None:
        """The sheet, with that case's party if it has one."""
        self.sheet.open()
        body = case.record.body if case is not None else None
        if isinstance(body, CaseBody) and body.party is not None:
            start(self._show((body.party,), self.sheet.looks), owner=self.sheet)
        else:
            self.sheet.say(self._text("cases.party.none_chosen"))

    def _look(self, party: RecordId, purpose: str) -> None:
        start(self._looked(PartyLook(record=party, purpose=purpose)), owner=self.sheet)

    def _find(self, by: str, value: str, purpose: str) -> None:
        asked = PartyFind(purpose=purpose, **{by: value})
        start(self._found(asked), owner=self.sheet)

    async def _looked(self, asked: PartyLook) -> None:
        look = self.sheet.looks
        try:
            numbers = await self._context.engine.party_look(asked)
        except ClientError as error:
            self._refused(error, look)
            return
        if look == self.sheet.looks:
            self.sheet.show_numbers(asked.record, numbers)

    async def _found(self, asked: PartyFind) -> None:
        look = self.sheet.looks
        try:
            found = await self._context.engine.party_find(asked)
        except ClientError as error:
            self._refused(error, look)
            return
        await self._show(found.records, look)
        if look != self.sheet.looks:
            return
        shown = self.sheet.list.count()
        unread = len(found.records) - shown
        key = "cases.party.found_unread" if unread else "cases.party.found"
        self.sheet.say(self._text(key, count=shown, unread=unread))
        if shown:
            self.sheet.list.setFocus()

    def _refused(self, error: ClientError, look: int) -> None:
        if look != self.sheet.looks:
            return
        is_offline = isinstance(error, Unavailable)
        spoken = self._sentences.refusal(error.problem()).text
        self.sheet.say(self._text("cases.party.offline") if is_offline else spoken)

    async def _show(self, parties: Sequence[RecordId], look: int) -> None:
        """Those that can be read here, unless the sheet was hidden since that look."""
        views = [await self._context.engine.get(Kind.PARTY, one) for one in parties]
        lines = [await self._line(v.record) for v in views if v is not None]
        if look == self.sheet.looks:
            self.sheet.show_parties(lines)

    async def _line(self, party: Record) -> PartyLine:
        body = party.body
        assert isinstance(body, PartyBody)
        query = RecordQuery(
            kinds=(Kind.CASE,), text=body.name, order=Order.NEWEST, limit=MOST_CASES
        )
        page = await self._context.engine.query(query)
        cases = [one.record for one in page.views if _is_of(one.record, party.id)]
        cut = "_cut" if page.total > len(page.views) else ""
        unknown = self._text("cases.party.unknown")
        words = self._text(
            f"cases.party.line{cut}", name=body.name, cases=len(cases), most=MOST_CASES,
            number=body.masked_id or body.uscc or unknown, phone=body.masked_phone or unknown,
        )  # fmt: skip
        if cases:
            return PartyLine(record=party.id, words=words, case=cases[0].id)
        no_case = self._text(f"cases.party.no_case{cut}", most=MOST_CASES)
        return PartyLine(record=party.id, words=words, no_case=no_case)


def _is_of(case: Record, party: RecordId) -> bool:
    return isinstance(case.body, CaseBody) and case.body.party == party
