"""All that a person can do, in one registry."""

from ui.actions.keys import key_name
from ui.actions.registry import ActionRegistry, Region, Registered

__all__ = ["ActionRegistry", "Region", "Registered", "key_name"]
