"""A certificate that expired tonight: a sentence that says so, work that goes on, and nothing lost
once the server has a new one.
"""

import asyncio
import signal
import ssl
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from urllib.parse import urlsplit

from tests.backend.certificates import write_certificate
from tests.backend.process import PASSWORD, Backend, with_officer
from tests.e2e.twin import Twin
from tests.e2e.waits import until

VALID = {"old": timedelta(days=1), "tonight": timedelta(hours=-1), "new": timedelta(days=365)}


def take(backend: Backend, certificate: Path, used: Path) -> None:
    """Put it in its place and tell the server; returns once it shows it."""
    copytree(certificate, used, dirs_exist_ok=True)
    backend.process.send_signal(signal.SIGHUP)
    place = urlsplit(backend.url)
    address = (str(place.hostname), int(place.port or 0))
    wanted = (certificate / "cert.pem").read_text("ascii").split()
    asyncio.run(until(lambda: ssl.get_server_certificate(address).split() == wanted, "it is shown"))


def test_work_goes_on_without_a_certificate_and_is_delivered_with_the_next(tmp_path: Path) -> None:
    made, used, ca = tmp_path / "made", tmp_path / "used", tmp_path / "ca.pem"
    for name, valid in VALID.items():
        (made / name).mkdir(parents=True)
        write_certificate(made / name, name, valid)
    ca.write_bytes(b"".join((made / name / "cert.pem").read_bytes() for name in VALID))
    copytree(made / "old", used)
    files = ("--tls-cert", str(used / "cert.pem"), "--tls-key", str(used / "key.pem"))
    duty = Twin(tmp_path / "profile")
    with Backend(with_officer(tmp_path / "data"), *files) as backend:
        said = ("--server", backend.url, "--user", "duty", "--ca", str(ca))
        assert duty.run("login", *said, stdin=f"{PASSWORD}\n").code == 0
        assert duty.run("sync").code == 0

        take(backend, made / "tonight", used)
        refused = duty.run("sync")
        duty.report("中山西路 1 号")
        waiting = [one["status"] for one in duty.run("outbox").json]

        take(backend, made / "new", used)
        assert duty.run("sync").code == 0
        delivered = [one["status"] for one in duty.run("outbox").json]
    assert (refused.code, refused.json["problem"]["slug"]) == (1, "certificate-expired")
    assert (waiting, delivered) == (["queued"], ["applied"])
