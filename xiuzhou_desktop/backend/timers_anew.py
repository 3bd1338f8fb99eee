"""When a limit changes, every record that may have a timer is looked at anew, some at a time.

    a setting is applied ──► ask ──► noted in the database: from the first record to today's last
    loop of the process that holds the timers' lease ──► turn, a job each ──► … ──► nothing is left

Officers' commands come between two turns; what they write follows the new limits already and lies
behind the end. A process that dies leaves the note: the next one goes on where it was. Ended
records are many, and their files have their time (domain/case_keeping.py): that is why this is no
part of the command.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from xiuzhou_desktop.backend.store import Store, Tables, meta, numbers, records
from xiuzhou_desktop.backend.store.surroundings import next_timer

FROM, UNTIL = "timers-from", "timers-until"  # seqs: looked at up to, and to be looked at up to
AT_ONCE = 200  # records a transaction: a fifth of a second of the commit lock on a busy machine


def ask(store: Store) -> None:
    """Limits have changed; asked anew, it begins anew."""
    with store.transaction() as connection:
        numbers.put_counter(connection, FROM, 0)
        numbers.put_counter(connection, UNTIL, meta.read_meta(connection).horizon)


def is_asked(connection: Connection) -> bool:
    """Whether something is left to look at."""
    return numbers.read_counter(connection, FROM) < numbers.read_counter(connection, UNTIL)


def turn(store: Store) -> bool:
    """Say of the next records when their timers are due; whether there may be more."""
    with store.transaction() as connection:
        start, end = (numbers.read_counter(connection, name) for name in (FROM, UNTIL))
        some, reached = records.timed(connection, (start, end), AT_ONCE)
        _set_timers(store.tables(connection), some)
        numbers.put_counter(connection, FROM, reached)
    return reached < end


def _set_timers(tables: Tables, some: Sequence[str]) -> None:
    around = tables.surroundings()
    for one in filter(None, map(tables.find, some)):
        tables.set_timer(one.id, next_timer(one, around, tables.is_known))
