"""The only place that knows httpx: calls with typed bodies, streams, and its errors in our words."""

from .calls import Api, TokenStore
from .transport import Transport

__all__ = ["Api", "TokenStore", "Transport"]
