"""The words of a message: facts, place, limit and the right to be heard (APL 41¶3); no photo, no
name.

The backend sends it, and an administrator sees it while the template is being written. A template
that the district has set wins over the catalogue's; both take the same named arguments
(`domain.setting_sound.TEMPLATE_FACTS`).
"""

from datetime import datetime

from xiuzhou_desktop.domain.categories import ILLEGAL_PARKING
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.flag_body import FlagBody
from xiuzhou_desktop.domain.plate import mask_plate
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.domain.setting_sound import TEMPLATE_FACTS
from xiuzhou_desktop.domain.workcalendar import LOCAL
from xiuzhou_desktop.text.catalogue import Catalogue

TEMPLATES = ("notice", "correction")
ONE_PIECE, OF_SEVERAL = 70, 67
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
    return words_of(template, policy).format(**facts)


def words_of(template: str, policy: Policy) -> str:
    """The template as it is kept: the district's, else the one that ships."""
    as_written = {name: f"{{{name}}}" for name in TEMPLATE_FACTS}
    return policy.sms_templates.get(template) or WORDS(f"sms.{template}", **as_written)


def example_text(words: str, policy: Policy, now: datetime) -> str:
    """How a template reads, with the particulars of nobody. Raises KeyError, ValueError and
    IndexError for words that `setting_sound.template_fault` refuses.
    """
    facts = {name: WORDS(f"sms.example.{name}") for name in ("subject", "place", "number")}
    return words.format(
        **facts,
        category=policy.category(ILLEGAL_PARKING).name,
        time=f"{now.astimezone(LOCAL):%Y-%m-%d %H:%M}",
        minutes=policy.minutes_to_correct(ILLEGAL_PARKING),
    )


def pieces(words: str) -> int:
    """How many messages the operator charges for: 70 characters in one, 67 in each of several."""
    return 1 if len(words) <= ONE_PIECE else -(-len(words) // OF_SEVERAL)
