"""The only place that knows httpx: typed calls, streams, and its errors in our words."""

from .calls import Api, TokenStore
from .transport import Transport

__all__ = ["Api", "TokenStore", "Transport"]
