"""judge.pace: flags judged a minute by keys against a running district, every result right on it.

fifty flags at once ──► 1, or 2 and a reason ──► next item …    ──► delivered ──► asked of the
server as the supervisor: each record has the verdict that its key stood for
"""

import sys
import time
from pathlib import Path

from tests.bench.figure import Figure, Sense, tell
from tests.bench.in_window import in_window
from tests.bench.timed import TimedApplication
from tests.e2e.hands import press
from tests.e2e.product import Product
from tests.e2e.server_eye import ServerEye
from tests.e2e.sight import Sight
from tests.e2e.waits import until, until_delivered
from xiuzhou_desktop.client.views import Link, RecordQuery, RecordView
from xiuzhou_desktop.contract.demo import DemoAccount
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.flag_body import FlagBody, FlagState
from xiuzhou_desktop.plugin_api.context import Engine

JUDGED = 60
MOST_BURSTS = 3
DISMISS_EACH = 4  # every fourth is dismissed, which takes a second key
FALSE_ALARM, FIRST_REASON = "2", "1"
PATIENCE_S = 60
READER = DemoAccount(user="supervisor", password="xiuzhou-supervisor", role="", scope="")
WAITING = RecordQuery(kinds=(Kind.FLAG,), states=(FlagState.DETECTED,), limit=1)


async def play(_qt: TimedApplication, product: Product) -> None:
    """Fill the queue, judge, compare."""
    engine, sight = product.window.place.engine, Sight(product.window)
    await until(lambda: engine.link.link is Link.ONLINE, "the server answers", PATIENCE_S)
    await _fill(engine)
    press("Home")
    await until(lambda: len(sight.rows()) > JUDGED, "the queue shows them", PATIENCE_S)
    begin = time.perf_counter()
    verdicts = await _judge(sight)
    took_s = time.perf_counter() - begin
    await until_delivered(engine, PATIENCE_S)
    wrong = await _wrong(verdicts, product.window.place.engine.signed.server)
    rate = len(verdicts) / took_s * 60
    tell(
        Figure(
            name="judge.pace", value=rate, unit="/min", limit=60, sense=Sense.AT_LEAST,
            is_measured=not wrong,
            noise=f"{len(verdicts)} in {took_s:.1f} s; " + (f"wrong: {wrong}" if wrong else
            "all right on the server"),
        )
    )  # fmt: skip


async def _fill(engine: Engine) -> None:
    for _ in range(MOST_BURSTS):
        if (await engine.query(WAITING)).total > JUDGED + JUDGED // 2:
            return
        before = (await engine.query(WAITING)).total
        await engine.demo("burst", None)

        async def has_come(before: int = before) -> bool:
            return (await engine.query(WAITING)).total > before + JUDGED // 2

        await until(has_come, "a burst of flags", PATIENCE_S)


async def _judge(sight: Sight) -> dict[str, str]:
    """The transition that each judged record was given."""
    verdicts: dict[str, str] = {}
    while len(verdicts) < JUDGED:
        view = sight.current
        assert view is not None, f"nothing is left after {len(verdicts)}"
        record = view.record.id
        if not _is_new(view):
            press("J")
        else:
            await until(lambda: sight.stage.knows_offers, "the rules have been asked")
            verdicts[record] = await _press_verdict(sight, view, len(verdicts))
        await until(lambda before=record: sight.current_id() not in (before, None), "the next")
    return verdicts


async def _press_verdict(sight: Sight, view: RecordView, number: int) -> str:
    body = view.record.body
    is_exempt = isinstance(body, FlagBody) and body.exemption is not None
    if not is_exempt and number % DISMISS_EACH:
        press("1")
        return "confirm"
    press(FALSE_ALARM)
    await until(sight.question, "why it is none")
    press(FIRST_REASON)
    return "dismiss"


def _is_new(view: RecordView) -> bool:
    return view.record.kind is Kind.FLAG and view.record.state == FlagState.DETECTED


async def _wrong(verdicts: dict[str, str], server: str) -> list[str]:
    """What the server has otherwise."""
    eye = ServerEye(server, READER)
    found = []
    for record, transition in verdicts.items():
        acts = await eye.acts("flag", record)
        if acts.count(transition) != 1:
            found.append(f"{record} {transition}: {acts}")
    return found


if __name__ == "__main__":
    in_window(Path(sys.argv[1]), play)
