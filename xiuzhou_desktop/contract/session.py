"""Signing in: `POST /v1/session`, `POST /v1/session/refresh`, `DELETE /v1/session`."""

from datetime import datetime

from xiuzhou_desktop.domain.envelope import Struct


class SignIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person's name and password at a named workstation; its key, where it was enrolled."""

    user: str
    password: str
    workstation: str
    workstation_key: str | None = None


class Refresh(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A refresh token is used once; the answer holds the next one (rotation)."""

    refresh: str


class Tokens(Struct, frozen=True, kw_only=True):
    """Bearer `access` until `expires_at`, then `refresh`."""

    access: str
    refresh: str
    expires_at: datetime


class Health(Struct, frozen=True, kw_only=True):
    """`GET /v1/health`, open to everyone."""

    status: str
    server_time: datetime
    schema_min: int
    schema_max: int
    demo: bool
    version: str
