"""Types of form fields with their limits, so that the form, the judge and the API schema refuse
the same things.
"""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

Line = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
Reason = Annotated[str, Meta(min_length=1, max_length=1000, pattern=r"\S")]
Notes = Annotated[str, Meta(max_length=4000)]
E4 = Annotated[int, Meta(ge=0, le=10_000)]
BoxE4 = tuple[E4, E4, E4, E4]
LonE7 = Annotated[int, Meta(ge=-1_800_000_000, le=1_800_000_000)]
LatE7 = Annotated[int, Meta(ge=-900_000_000, le=900_000_000)]
Blob = Annotated[str, Meta(pattern=r"^sha256:[0-9a-f]{64}$")]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Rank = Annotated[int, Meta(ge=1, le=4)]
Minutes = Annotated[int, Meta(ge=1, le=24 * 60)]
Days = Annotated[int, Meta(ge=1, le=365)]
Kept = Annotated[int, Meta(ge=30, le=36_500)]  # days; a camera's recording has 30 at least
FEN_PER_YUAN = 100
Fen = Annotated[int, Meta(ge=0, le=10_000_000_00, extra={"unit": "fen"})]  # people write 元
Seconds = Annotated[int, Meta(ge=0, le=10_000_000)]
_OF_DAY = {"unit": "minute of the day"}  # people write 08:30
DayMinute = Annotated[int, Meta(ge=0, lt=24 * 60, extra=_OF_DAY)]
DayEnd = Annotated[int, Meta(ge=0, le=24 * 60, extra=_OF_DAY)]
Positive = Annotated[int, Meta(ge=1, le=1_000_000)]
Instant = Annotated[datetime, Meta(tz=True)]
