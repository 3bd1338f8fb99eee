"""The articles that the case rules cite, each once.

行政处罚法 2021 unless its own name stands there (domain.md §3).
"""

from datetime import timedelta

TO_SUE = timedelta(days=15)  # after 复议 and after a judgement, 行政诉讼法 art. 45, 85
APL = "行政处罚法 art. {}"


def article(number: str) -> str:
    """行政处罚法 art. N."""
    return APL.format(number)


FILING = article("54")
LIMITATION = article("36")
MINOR = article("30")
CLEAR_FACTS = article("40")
PROOF = article("46")
RECUSAL = article("43")
NOTICE = article("44, 62")
STATEMENT = article("45, 62")
NOT_HEAVIER = article("45")
HEARING = article("63")
HEARING_TIMES = article("64")
COLLECTIVE = article("57")
LEGAL_REVIEW = article("58")
DOCUMENT = article("59")
DECISION_LIMIT = article("60")
SERVICE = article("61")
PAYMENT = article("67")
SIMPLE = article("51")
ON_THE_SPOT = article("52")
REMEDIES = article("52, 59")
ENFORCEMENT = "行政强制法 art. 53, 54"
LOCAL_RULE = "本区审核规定"
FAST_TRACK = "简案快办"
