"""What the fake engine answers where the true one asks the server: workstations."""

from datetime import datetime

from xiuzhou_desktop.contract.sessions import (
    EnrolmentAct,
    EnrolmentLine,
    Enrolments,
    EnrolmentSay,
)


class FakeOffice:
    """Keeps a list, and what was asked of it."""

    now: datetime
    said: list[str]
    enrolment_lines: tuple[EnrolmentLine, ...] = ()

    async def enrolments(self, said: EnrolmentSay | None = None) -> Enrolments:
        if said is None:
            return Enrolments(enrolments=self.enrolment_lines)
        self.said.append(f"{said.act.value} {said.workstation}")
        kept = [one for one in self.enrolment_lines if one.workstation != said.workstation]
        is_in = said.act is EnrolmentAct.INVITE
        new = [EnrolmentLine(workstation=said.workstation, invited_until=self.now)] if is_in else []
        self.enrolment_lines = (*kept, *new)
        return Enrolments(enrolments=self.enrolment_lines, code="once-told" if is_in else None)
