"""What became of every command, read from the databases themselves, not from what programs say.

answered as saved ──► a journal has it                                     else LOST
journal: applied  ──► the server's log has it, once a record               else LOST, TWICE
journal: refused, conflict, expired, gone, dropped ──► the log has nothing else TWICE
journal: queued   ──► only below a refused one (parked)                    else LOST (stands still)
log: a person's   ──► some journal has it                                  else TWICE
address of a report ──► one record at most                                 else TWICE
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from tests.e2e.faults.processes import District, Station, Told

BAD = {"conflict", "refused", "expired", "gone", "attention", "dropped", "replaced"}


class Intent(msgspec.Struct, frozen=True):
    """One command that was asked for, and the answer."""

    station: str
    words: tuple[str, ...]
    told: Told

    @property
    def command(self) -> str | None:
        """The id of what was answered as saved."""
        value = self.told.value
        return value.get("command") if self.told.code == 0 and isinstance(value, dict) else None


class Verdict(msgspec.Struct):
    """Sentences of what went wrong, and how much was looked at."""

    lost: list[str] = []
    twice: list[str] = []
    broken: list[str] = []
    saved: int = 0
    applied: int = 0
    refused: int = 0

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.twice or self.broken)


def standing(journal: Sequence[dict[str, Any]], epoch: str) -> list[dict[str, Any]]:
    """Commands that are still to be judged, without those parked below a refused one."""
    bad = {row["id"] for row in journal if row["status"] in BAD}
    pending = []
    for row in journal:
        is_told = row["status"] == "applied" and row["epoch"] == epoch
        if is_told or row["status"] in BAD:
            continue
        if bad & set(row["body"].get("after", ())):
            bad.add(row["id"])
        else:
            pending.append(row)
    return pending


def judge(district: District, stations: Iterable[Station], intents: list[Intent]) -> Verdict:
    """The whole shift so far."""
    verdict = Verdict(broken=district.faults_of_files())
    logged = Counter(
        (row[0], row[1]) for row in district.rows("SELECT command_id, id FROM transition_log")
    )
    done = {command for command, _ in logged}
    epoch = epoch_of(district)
    known: set[str] = set()
    for station in stations:
        journal = station.journal()
        verdict.broken += station.faults_of_files()
        known |= {row["id"] for row in journal}
        _judge_journal(verdict, journal, done, {row["id"] for row in standing(journal, epoch)})
    for intent in intents:
        if intent.command and intent.command not in known:
            verdict.lost.append(f"{intent.station} was told it is saved: {intent.words}")
    for (command, record), times in logged.items():
        if times > 1:
            verdict.twice.append(f"{command} {times} times on {record}")
    _judge_server(verdict, district, known)
    return verdict


def epoch_of(district: District) -> str:
    return str(district.rows("SELECT epoch FROM sync_meta")[0][0])


def _judge_journal(
    verdict: Verdict, journal: list[dict[str, Any]], done: set[str], waiting: set[str]
) -> None:
    for row in journal:
        verdict.saved += 1
        name, status = f"{row['body']['transition']} {row['id']}", row["status"]
        if row["id"] in waiting:
            verdict.lost.append(f"{name} stands still: {status}, {row['problem']}")
        elif status == "attention":
            verdict.lost.append(f"{name} was given up: {row['problem']}")
        elif status == "applied":
            verdict.applied += 1
            if row["id"] not in done:
                verdict.lost.append(f"{name} is applied here and nowhere else")
        else:
            verdict.refused += 1
            if row["id"] in done:
                verdict.twice.append(f"{name} is {status} here and done there")


def _judge_server(verdict: Verdict, district: District, known: set[str]) -> None:
    """Nobody's commands, and reports that became two flags."""
    persons = "SELECT DISTINCT command_id FROM transition_log WHERE actor LIKE 'duty%'"
    for (command,) in district.rows(persons):
        if command not in known:
            verdict.twice.append(f"{command} is on the server, and no journal knows it")
    flags = district.rows("SELECT doc FROM record WHERE kind = 'flag'")
    places = Counter(json.loads(doc)["body"]["address"] for (doc,) in flags)
    verdict.twice += [f"{times} flags at {place}" for place, times in places.items() if times > 1]
