"""The server's certificate: read at the start, again at SIGHUP, and said when it ends.

A file that cannot be read at a reload leaves the one in use where it is.
"""

import logging
import ssl
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.domain.envelope import Struct

log = logging.getLogger(__name__)

SOON = timedelta(days=21)  # a district's CA takes some days


class CertificateError(Exception):
    """It cannot be used; the text says why."""


class Certificate(Struct, frozen=True, kw_only=True):
    """Two PEM files: the chain, and the key of its first certificate."""

    chain: Path
    key: Path

    def ends_at(self) -> datetime:
        """When the first certificate ends. Raises CertificateError."""
        try:
            return x509.load_pem_x509_certificate(self.chain.read_bytes()).not_valid_after_utc
        except (OSError, ValueError) as error:
            raise CertificateError(f"{self.chain}: {error}") from error

    def load_into(self, context: ssl.SSLContext) -> None:
        """Connections from now on see it; those that stand go on. Raises CertificateError."""
        try:
            context.load_cert_chain(self.chain, self.key)
        except (OSError, ssl.SSLError) as error:
            raise CertificateError(f"{self.chain}, {self.key}: {error}") from error

    def check(self) -> None:
        """Whether both files belong together. Raises CertificateError."""
        self.load_into(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))

    def say_end(self, now: datetime) -> datetime:
        """When it ends; in the log where that is near or past. Raises CertificateError."""
        ends = self.ends_at()
        said = {"ends_at": ends.isoformat(), "certificate": str(self.chain)}
        if ends <= now:
            log.error("the certificate has expired: workstations refuse to connect", extra=said)
        elif ends <= now + SOON:
            log.warning("the certificate expires soon", extra=said)
        return ends


def certificate_of(settings: Settings) -> Certificate | None:
    """The one that the settings name."""
    if settings.tls_cert is None or settings.tls_key is None:
        return None
    return Certificate(chain=settings.tls_cert, key=settings.tls_key)
