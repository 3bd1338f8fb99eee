"""TLS beyond this computer: what is refused before a byte is sent, and whose certificate counts."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from xiuzhou_desktop.client.api import Transport
from xiuzhou_desktop.client.api.transport import Ask
from xiuzhou_desktop.client.errors import WrongServer
from xiuzhou_desktop.client.profile import normal_server
from xiuzhou_desktop.client.session import sign_in, trust_said
from xiuzhou_desktop.client.trust import Trust, keep_trust, load_trust

FAR = "http://192.0.2.7:8443"  # RFC 5737: nobody's


def certificate_of(folder: Path, name: str) -> Path:
    """A CA that vouches for 127.0.0.1 with its own certificate; PEM with key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    path = folder / f"{name}.pem"
    path.write_bytes(made.public_bytes(pem) + secret)
    return path


class Answering(BaseHTTPRequestHandler):
    """Says an empty object."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


class Quiet(ThreadingHTTPServer):
    """A handshake that a client breaks off is what the tests want."""

    def handle_error(self, *_: object) -> None:
        """Not worth a word."""


def served(certificate: Path | None) -> Iterator[int]:
    server = Quiet(("127.0.0.1", 0), Answering)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def district_ca(tmp_path: Path) -> Path:
    return certificate_of(tmp_path, "district")


@pytest.fixture
def encrypted(district_ca: Path) -> Iterator[str]:
    for port in served(district_ca):
        yield f"https://127.0.0.1:{port}"


@pytest.fixture
def plain_port() -> Iterator[int]:
    yield from served(None)


def asked(server: str, trust: Trust) -> bytes:
    async def run() -> bytes:
        transport = Transport(server, "test", trust=trust)
        try:
            return (await transport.send(Ask(path="/v1/health"), None)).content
        finally:
            await transport.close()

    return asyncio.run(run())


def refused(server: str, trust: Trust) -> str:
    with pytest.raises(WrongServer) as told:
        asked(server, trust)
    return told.value.slug


def test_the_districts_own_ca_is_believed_and_no_other(
    encrypted: str, district_ca: Path, tmp_path: Path
) -> None:
    assert asked(encrypted, Trust(ca=str(district_ca))) == b"{}"
    assert refused(encrypted, Trust()) == "certificate"
    other = certificate_of(tmp_path, "other")
    assert refused(encrypted, Trust(ca=str(other))) == "certificate"
    assert refused(encrypted, Trust(ca=str(tmp_path / "none.pem"))) == "bad-ca"


def test_a_server_without_tls_where_tls_was_asked(plain_port: int) -> None:
    assert refused(f"https://127.0.0.1:{plain_port}", Trust()) == "no-tls"


def test_neither_proxy_nor_certificates_come_from_the_environment(
    plain_port: int, encrypted: str, district_ca: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("SSL_CERT_FILE", str(district_ca))
    assert asked(f"http://127.0.0.1:{plain_port}", Trust()) == b"{}"
    assert refused(encrypted, Trust()) == "certificate"


def test_a_password_does_not_cross_the_network_unencrypted(tmp_path: Path) -> None:
    with pytest.raises(WrongServer) as told:
        asyncio.run(sign_in(FAR, "duty", "secret", "here", tmp_path))
    assert (told.value.slug, told.value.facts["server"]) == ("plain-http", FAR)


def test_an_address_is_allowed_by_whoever_installs_and_stays_so(tmp_path: Path) -> None:
    trust = trust_said(tmp_path, FAR, None, is_plain_allowed=True)
    assert trust.verification(FAR) is True
    keep_trust(tmp_path, trust)
    assert load_trust(tmp_path) == trust
    with pytest.raises(WrongServer):
        trust.verification("http://192.0.2.8")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("district.example:8443", "https://district.example:8443"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("localhost", "http://localhost"),
        ("[::1]:80", "http://[::1]:80"),
        ("http://10.1.2.3/x", "http://10.1.2.3"),
    ],
)
def test_an_address_without_scheme_means_tls_beyond_this_computer(typed: str, meant: str) -> None:
    assert normal_server(typed) == meant
