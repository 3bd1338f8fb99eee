"""SIGHUP: the certificate and the levels of the log are read again, nothing is interrupted."""

import logging
import ssl

from xiuzhou_desktop.backend.clock import wall_clock
from xiuzhou_desktop.backend.logs import LevelError, apply_levels
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.tls import CertificateError, certificate_of

log = logging.getLogger(__name__)


def reload(parts: Parts, context: ssl.SSLContext | None) -> None:
    """At the start and at each SIGHUP; what cannot be read is said, and what held goes on."""
    certificate = certificate_of(parts.settings)
    try:
        apply_levels(parts.settings.log_levels_file)
        if certificate is not None and context is not None:
            certificate.load_into(context)
            parts.metrics.certificate_ends(certificate.say_end(wall_clock()).timestamp())
    except (LevelError, CertificateError) as error:
        log.error("not read again; what held goes on", extra={"error": str(error)})
    else:
        log.info("read again")
