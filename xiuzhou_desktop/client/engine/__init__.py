"""The one façade of the client: `EngineCore` on a loop of its own (the twin), `EngineThread` for a
window.
"""

from .core import EngineCore
from .thread import EngineThread

__all__ = ["EngineCore", "EngineThread"]
