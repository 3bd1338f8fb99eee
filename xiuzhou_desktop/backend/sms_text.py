"""The words of a message: facts, place, limit and the right to be heard (APL 41¶3); no photo, no
name.

A template that the district has set wins over the catalogue's; both take the same named arguments.
"""

from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.flag_body import FlagBody
from xiuzhou_desktop.domain.plate import mask_plate
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.domain.workcalendar import LOCAL
from xiuzhou_desktop.text.catalogue import Catalogue

# a legal notice is in Chinese, whatever the desk's language; the catalogue is read once
WORDS = Catalogue("zh_CN")


def sms_text(template: str, flag: Record, policy: Policy) -> str:
    """What goes out for this flag."""
    body = flag.body
    if not isinstance(body, FlagBody):
        raise TypeError(f"a message about a {flag.kind.value}")
    subject = mask_plate(body.plate) if body.plate else body.object_text or WORDS("sms.subject")
    facts: dict[str, object] = {
        "subject": subject,
        "category": policy.category(flag.category).name,
        "place": body.address or WORDS("sms.place"),
        "time": f"{flag.opened_at.astimezone(LOCAL):%Y-%m-%d %H:%M}",
        "minutes": policy.minutes_to_correct(flag.category),
        "number": flag.number or flag.id,
    }
    own = policy.sms_templates.get(template)
    return own.format(**facts) if own else WORDS(f"sms.{template}", **facts)
