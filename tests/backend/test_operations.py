"""What an administrator lives by: each command of docs/operations.md, metrics, TLS, a full disk."""

import asyncio
import json
import shlex
import signal
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography import x509

from tests.backend.at_console import at_console
from tests.backend.certificates import write_certificate
from tests.backend.process import ANSWER_S, PASSWORD, Backend, push, report, with_officer
from tests.e2e.faults import disk
from tests.e2e.waits import until

PAGE = Path(__file__).parents[2] / "docs/operations.md"
PROGRAM = "python -m xiuzhou_desktop.backend "
CAMERAS = "short_no,area,lon,lat\nC-0001,330411002,120.70,30.76\n"
POSITIONS = "vehicle,at,lon,lat\n"
GPX = '<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg></trkseg></trk></gpx>'
VEHICLES = "plate,plate_colour,type\n浙FA3712,yellow,muck\n"
FILES = {
    "cameras.csv": CAMERAS, "vehicles.csv": VEHICLES, "day.csv": POSITIONS, "day.gpx": GPX,
    "rules.json": '{"due_soon_min": 6}',
}  # fmt: skip
APART = {"serve", "init", "move"}
"""A process of its own; only before there is an account; tests/backend/test_move.py."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return with_officer(tmp_path / "data")


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as one:
        yield one


def commands() -> Iterator[list[str]]:
    """Every command of the page's blocks, as words."""
    inside, held = False, ""
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("```"):
            inside = not inside
        elif inside and (held or PROGRAM in line):
            held += line.removesuffix("\\").strip() + " "
            if not line.endswith("\\"):
                words = shlex.split(held.partition(PROGRAM)[2], comments=True)
                yield words[: words.index(">")] if ">" in words else words
                held = ""


def test_every_command_of_the_page_does_what_it_says(folder: Path, tmp_path: Path) -> None:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, "utf-8")
    assert not at_console(folder, "import", "vehicles", str(tmp_path / "vehicles.csv")).returncode
    tried = 0
    for words in commands():
        if words[0] in APART or "--help" in words:
            continue
        asked = [given(word, folder, tmp_path) for word in words]
        at = asked.index("--data")
        done = at_console(folder, *asked[:at], *asked[at + 2 :], stdin=f"{PASSWORD}\n")
        assert done.returncode == 0, (words, done.stderr)
        tried += 1
    assert tried >= 20


def given(word: str, folder: Path, beside: Path) -> str:
    """What the page's names stand for."""
    if word == "HEAD":
        return at_console(folder, "audit", "verify").stdout.split()[3].rstrip(",")
    if word == "SESSION":
        return sign_in(folder)
    is_beside = word == "BACKUP" or word in FILES
    return str(beside / word) if is_beside else word


def sign_in(folder: Path) -> str:
    """The id of a session that somebody opened."""
    with Backend(folder) as backend, backend.client():
        return at_console(folder, "session", "list").stdout.partition("\t")[0]


def test_a_monitor_reads_figures_from_here_or_with_the_token(folder: Path) -> None:
    with Backend(folder) as backend, backend.client() as client:
        push(client, report(), report(expect={"state_version": 3}))
        with client.stream("GET", "/v1/events") as stream:
            lines = stream.iter_lines()
            assert next(lines) == "event: horizon"
            page = httpx.get(f"{backend.url}/metrics", timeout=ANSWER_S).text
        told = dict(line.rsplit(" ", 1) for line in page.splitlines() if line[0] != "#")
        assert told['xiuzhou_commands_total{result="applied"}'] == "1.0"
        assert told['xiuzhou_commands_total{result="gone"}'] == "1.0"
        assert told["xiuzhou_streams"] == "1.0"
        assert 'xiuzhou_effects{state="queued"}' in told
        assert float(told["process_resident_memory_bytes"]) > 1e7
        by_proxy = {"X-Forwarded-For": "10.0.0.7"}
        elsewhere = httpx.get(f"{backend.url}/metrics", headers=by_proxy, timeout=ANSWER_S)
        assert elsewhere.status_code == httpx.codes.UNAUTHORIZED
        token = at_console(folder, "metrics-token").stdout.strip()
        shown = by_proxy | {"Authorization": f"Bearer {token}"}
        assert httpx.get(f"{backend.url}/metrics", headers=shown, timeout=ANSWER_S).is_success


def test_a_new_certificate_is_taken_without_a_stop_and_an_expired_one_is_said(
    folder: Path, tmp_path: Path
) -> None:
    files = ("--tls-cert", str(tmp_path / "cert.pem"), "--tls-key", str(tmp_path / "key.pem"))
    first = write_certificate(tmp_path, "first", timedelta(days=100))
    with Backend(folder, *files) as backend:
        assert backend.url.startswith("https://")
        trusted = ssl.create_default_context(cafile=tmp_path / "cert.pem")
        with httpx.Client(verify=trusted, base_url=backend.url, timeout=ANSWER_S) as client:
            assert client.get("/v1/health").status_code == httpx.codes.OK
        assert serial_at(backend.url) == first
        second = write_certificate(tmp_path, "second", timedelta(hours=-1))
        backend.process.send_signal(signal.SIGHUP)
        seen(lambda: serial_at(backend.url) == second, "the second certificate is shown")
        (tmp_path / "cert.pem").write_text("no certificate")
        backend.process.send_signal(signal.SIGHUP)
        seen(lambda: has_logged(folder, "not read again", 1), "the server says so")
        assert serial_at(backend.url) == second
    said = logged(folder)
    assert said["the certificate has expired: workstations refuse to connect"] == "error"
    assert said["not read again; what held goes on"] == "error"
    refused = at_console(folder, "serve", *files)
    assert "certificate cannot be used" in refused.stderr


def serial_at(url: str) -> int:
    place = urlsplit(url)
    shown = ssl.get_server_certificate((str(place.hostname), int(place.port or 0)))
    return x509.load_pem_x509_certificate(shown.encode()).serial_number


def seen(test: Callable[[], bool], what: str) -> None:
    """Look until it is so. Raises NotSeen."""
    asyncio.run(until(test, what))


def has_logged(folder: Path, event: str, times: int) -> bool:
    """Whether the server has said so."""
    return (folder.parent / "backend.log").read_text("utf-8").count(event) >= times


def logged(folder: Path) -> dict[str, str]:
    """Event → level, of what the ended server wrote."""
    lines = (folder.parent / "backend.log").read_text("utf-8").splitlines()
    told = [json.loads(line) for line in lines if line.startswith("{")]
    return {one["event"]: one["level"] for one in told}


def test_levels_of_the_log_change_at_a_hangup(folder: Path) -> None:
    logger = "xiuzhou_desktop.backend.serve"
    with Backend(folder) as backend:
        assert not at_console(folder, "log-level", logger, "error").returncode
        backend.process.send_signal(signal.SIGHUP)
        twice = partial(has_logged, folder, "read again", 2)  # the first is of the start
        seen(twice, "the levels are read again")
    told = logged(folder)
    assert told["read again"] == "info"
    assert "stopping" not in told  # which that logger says at the end
    assert at_console(folder, "log-level", logger).stdout.startswith("0 levels")


def test_a_full_disk_refuses_commands_clearly_and_reading_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch, stack: ExitStack
) -> None:
    control = folder.parent / "fiu"
    with monkeypatch.context() as patched:
        for name, value in disk.preloaded(control).items():
            patched.setenv(name, value)
        backend = stack.enter_context(Backend(folder))
    with backend.client() as client:
        kept = report()
        push(client, kept)
        epoch = client.get("/v1/sync/session").json()["epoch"]
        disk.fill(backend.process.pid, control)
        again = {"epoch": epoch, "commands": [report()]}
        full = client.post("/v1/commands", json=again)
        assert (full.status_code, full.json()["slug"]) == (503, "disk-full")
        assert full.json()["retryable"]
        assert client.get(f"/v1/records/flag/{kept['record']}").status_code == httpx.codes.OK
        disk.mend(backend.process.pid, control)
        back = client.post("/v1/commands", json=again)
        assert back.json()["results"][0]["status"] == "applied"


def test_the_doctor_names_a_remedy_for_what_is_wrong(folder: Path, tmp_path: Path) -> None:
    well = at_console(folder, "doctor")
    assert well.returncode == 0, well.stdout
    assert "start `backend serve`" in well.stdout
    (folder / "keys/receipt.key").chmod(0o644)
    write_certificate(tmp_path, "old", timedelta(days=-1))
    ill = at_console(
        folder, "doctor", "--tls-cert", str(tmp_path / "cert.pem"),
        "--tls-key", str(tmp_path / "key.pem"),
    )  # fmt: skip
    assert ill.returncode == 1
    assert "chmod 600" in ill.stdout
    assert "kill -HUP" in ill.stdout
    (folder / "district.db").write_bytes(b"the disk broke" * 1000)
    assert "put a backup back" in at_console(folder, "doctor").stdout


def test_rules_that_contradict_each_other_are_refused_with_their_lines(
    folder: Path, tmp_path: Path
) -> None:
    rules = tmp_path / "rules.json"
    for content, told in (
        (
            '{\n"due_soon_min": 6,\n"holidays": ["2027-01-02"],\n"workdays": ["2027-01-02"]\n}',
            "line 4: workdays: day-of-two-kinds (day: 2027-01-02)",
        ),
        (
            '{\n"due_soon_min": 6,\n"due_soon_min": 7\n}',
            "line 2, 3: due_soon_min: stands here twice",
        ),
        ('{\n\n"nonsense": 6}', "line 3: nonsense: unknown name"),
    ):  # fmt: skip
        rules.write_text(content, "utf-8")
        refused = at_console(folder, "config", "import", str(rules))
        assert (refused.returncode, refused.stderr.strip()) == (1, told)
    assert '"due_soon_min": 5' in at_console(folder, "config", "export").stdout
