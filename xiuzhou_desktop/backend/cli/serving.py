"""`backend serve`."""

import argparse

from xiuzhou_desktop.backend.cli.refused import RefusedError
from xiuzhou_desktop.backend.logs import log_to_stderr
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import UnavailableError
from xiuzhou_desktop.backend.tls import CertificateError, certificate_of
from xiuzhou_desktop.heaps import share_heaps

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def run(asked: argparse.Namespace) -> int:
    """Serve until a signal."""
    # The web framework costs each word of the command line more than its own work: it is loaded
    # by the one that serves.
    from xiuzhou_desktop.backend.build import build  # noqa: PLC0415
    from xiuzhou_desktop.backend.serve import serve  # noqa: PLC0415

    if asked.demo and asked.host not in LOOPBACK:
        raise RefusedError("a demonstration serves this computer only: leave out --host")
    if asked.speed < 1 or (asked.speed != 1 and not asked.demo):
        raise RefusedError("--speed is for a demonstration, and at least 1")
    if (asked.tls_cert is None) != (asked.tls_key is None):
        raise RefusedError("--tls-cert and --tls-key go together")
    share_heaps()
    log_to_stderr()
    settings = settings_of(asked)
    certificate = certificate_of(settings)
    try:
        if certificate is not None:
            certificate.check()
    except CertificateError as error:
        raise RefusedError(f"the certificate cannot be used: {error}") from error
    try:
        parts = build(settings)
    except UnavailableError as error:
        raise RefusedError(f"the database cannot be opened: {error}") from error
    try:
        serve(parts, say)
    except OSError as error:
        raise RefusedError(f"cannot listen on {settings.host}:{settings.port}: {error}") from error
    return 0


def settings_of(asked: argparse.Namespace) -> Settings:
    """The settings that the arguments say."""
    return Settings(
        folder=asked.data, host=asked.host, port=asked.port, database=asked.database,
        demo=asked.demo, seed=asked.seed, demo_date=asked.demo_date, speed=asked.speed,
        tls_cert=asked.tls_cert, tls_key=asked.tls_key,
    )  # fmt: skip


def say(lines: str) -> None:
    """On stdout, at once."""
    print(lines, flush=True)
