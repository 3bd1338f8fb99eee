"""Small bodies around pictures: the ticket of a player, the words of a message."""

from datetime import datetime

from xiuzhou_desktop.domain.envelope import Struct


class MediaTokenAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of `POST /v1/media-token`: the path that a player will open."""

    path: str


class MediaToken(Struct, frozen=True, kw_only=True):
    """Append `?token=` or `&token=`; for that path only. `expires_at` is real time."""

    token: str
    expires_at: datetime


class NoticePreview(Struct, frozen=True, kw_only=True):
    """The message as it would go out."""

    text: str
