"""A window on servers that are none, and on a cache that is broken: it says so, and what was saved
stays."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import RunInWindow
from tests.e2e.hands import bring_to_front, press, type_text
from tests.e2e.product import Product
from tests.e2e.real_backend import RealBackend, ran, serving
from tests.e2e.sight import Sight, status_words, words
from tests.e2e.waits import until
from tests.ports import lasting_port
from ui.records import FormSheet
from xiuzhou_desktop.client.views import Link

PASSWORD = "correct horse battery"
PROBLEM = b'{"slug":"schema-unsupported","title":"Another schema version","status":426}'
PAGE = b"<!doctype html><title>Sign in to the hotel</title>"


class OtherSchema(http.server.BaseHTTPRequestHandler):
    """A district server some versions ahead."""

    status, kind, body = 426, "application/problem+json", PROBLEM

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer()

    def _answer(self) -> None:
        self.send_response(self.status)
        self.send_header("Content-Type", self.kind)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class WebPage(OtherSchema):
    """What answers for every address in a hotel."""

    status, kind, body = 200, "text/html", PAGE


def served(handler: type[OtherSchema], port: int = 0) -> http.server.ThreadingHTTPServer:
    """Answer on a port of this computer until `shutdown`."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture
def other_schema() -> Iterator[str]:
    """Address of a server of another schema version."""
    server = served(OtherSchema)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A district with one officer."""
    folder = tmp_path / "district"
    ran(folder, "init")
    ran(folder, "user", "add", "zhangmin", "--role", "duty_officer", said=f"{PASSWORD}\n")
    return folder


async def sign_in(product: Product, server: str) -> None:
    application = product.begin("--server", server)
    asked = application.sign_in
    await until(asked.isVisible, "the sign-in window stands")
    asked.user.setText("zhangmin")
    asked.password.setText(PASSWORD)
    asked.password.setFocus()
    await bring_to_front(asked)
    press("Return")


async def report(sight: Sight, address: str) -> None:
    """A new flag by keys."""
    sight.queue.setFocus()
    press("Ctrl+N")
    form = await until(sight.form, "the form stands")
    assert isinstance(form, FormSheet)
    type_text("违停")
    press("Tab")
    type_text(address)
    press("Tab")
    press("1")
    press("Ctrl+Return")
    await until(lambda: sight.form() is None, f"the form is sent: {words(form)}")


def test_a_server_of_another_schema_version_is_named(
    other_schema: str, tmp_path: Path, run_in_window: RunInWindow
) -> None:
    product = Product(tmp_path / "profile")

    async def play() -> None:
        await sign_in(product, other_schema)
        asked = product.application.sign_in
        await until(lambda: "版本" in words(asked), f"what is wrong: {words(asked)}")
        await product.close()

    run_in_window(play)


def test_a_web_page_in_the_servers_place_and_a_broken_cache_lose_nothing(
    data: Path, tmp_path: Path, run_in_window: RunInWindow
) -> None:
    product = Product(tmp_path / "profile")

    async def online(server: RealBackend) -> None:
        await sign_in(product, server.address)
        await until(lambda: product.is_open, "the window opens", 60)
        engine = product.window.place.engine
        await until(lambda: engine.link.link is Link.ONLINE, "online")
        await product.close()

    async def before_a_web_page() -> None:
        await product.open()
        window = product.window
        await bring_to_front(window)
        await until(lambda: "离线" in status_words(window), "it says that it is offline")
        await report(Sight(window), "王江泾镇")
        await until(lambda: window.place.engine.outbox_summary.pending == 1, "the report waits")
        await product.close()

    async def with_a_broken_cache() -> None:
        for cache in (tmp_path / "profile").rglob("cache-*.db"):
            cache.write_bytes(b"no database " * 500)
        await product.open()
        entries = await product.window.place.engine.outbox()
        assert [entry.command.transition for entry in entries] == ["report"]
        await product.close()

    port = lasting_port()
    with serving(data, "--port", str(port)) as server:
        run_in_window(lambda: online(server))
    page = served(WebPage, port)
    run_in_window(before_a_web_page)
    run_in_window(with_a_broken_cache)
    page.shutdown()
    page.server_close()
