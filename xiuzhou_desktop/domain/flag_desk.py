"""What the desk does beside the three levels: dismissing, attaching, the ways back, putting off."""

from datetime import timedelta

from .envelope import Args
from .flag_body import FlagBody, FlagState
from .flag_forms import Alarm, Attach, CorrectPlate, Dismiss, Reopen, Snooze
from .flag_notice import judged_again, taken_back
from .plate import normalise_plate, plate_key
from .workflow import Changes, Situation
from .writing import args_of, body_of, fact_of, target_of, with_body, with_columns

S = FlagState


def dismiss(s: Situation[Args]) -> Changes:
    """No violation: counts against the camera's precision by its category."""
    args = args_of(s, Dismiss)
    flag = with_columns(target_of(s), state=S.FALSE_ALARM.value, due_at=None, closed_at=s.now)
    flag = with_body(flag, dismiss_category=args.category, settled_at=s.now, snoozed_until=None)
    return Changes(target=flag, reason=args.note or args.category.value)


def attach(s: Situation[Args]) -> Changes:
    """A duplicate; its deadline is kept, and moves the parent's if it is nearer."""
    flag, parent = target_of(s), fact_of(s, "parent")
    assert parent is not None  # the guard asked
    flag = with_columns(flag, state=S.DUPLICATE.value, parent_id=parent.id, closed_at=s.now)
    flag = with_body(flag, duplicate_of=args_of(s, Attach).parent, settled_at=s.now)
    if parent.due_at is None or flag.due_at is None or parent.due_at <= flag.due_at:
        return Changes(target=flag)
    return Changes(target=flag, others=(with_columns(parent, due_at=flag.due_at),))


def detach(s: Situation[Args]) -> Changes:
    """Not the same matter after all: back to be judged, with the deadline that it had."""
    due = target_of(s).due_at
    flag = with_columns(judged_again(target_of(s), s), parent_id=None, due_at=due)
    return Changes(target=flag)


def correct_plate(s: Situation[Args]) -> Changes:
    """The first reading stays on record; the error counts against camera and OCR."""
    args, flag = args_of(s, CorrectPlate), target_of(s)
    body = body_of(flag, FlagBody)
    plate, colour = normalise_plate(args.plate), args.colour or body.plate_colour
    first = body.first_plate if body.plate_corrections else body.plate
    first_colour = body.first_plate_colour if body.plate_corrections else body.plate_colour
    title = flag.title
    if body.plate and body.plate in title:
        title = title.replace(body.plate, plate, 1)
    flag = with_columns(flag, subject_key=plate_key(plate, colour), title=title or plate)
    flag = with_body(
        flag, plate=plate, plate_colour=colour, first_plate=first, repeat_count_30d=None,
        first_plate_colour=first_colour, plate_corrections=body.plate_corrections + 1,
    )  # fmt: skip
    return Changes(target=flag)


def reopen(s: Situation[Args]) -> Changes:
    """A supervisor has it judged once more."""
    return taken_back(s, args_of(s, Reopen).reason)


def close(s: Situation[Args]) -> Changes:
    """Nothing is left to do."""
    flag = with_columns(target_of(s), state=S.CLOSED.value, due_at=None, closed_at=s.now)
    return Changes(target=flag)


def snooze(s: Situation[Args]) -> Changes:
    """Out of sight for some minutes; its deadline runs on."""
    until = s.now + timedelta(minutes=args_of(s, Snooze).minutes)
    return Changes(target=with_body(target_of(s), snoozed_until=until))


def annotate(s: Situation[Args]) -> Changes:
    """The note travels in the command's `fields`."""
    return Changes(target=target_of(s))


def alarm(s: Situation[Args]) -> Changes:
    """A limit has passed: said once, nothing else changes."""
    args = args_of(s, Alarm)
    return Changes(target=with_body(target_of(s), alarmed_at=s.now), reason=args.name)
