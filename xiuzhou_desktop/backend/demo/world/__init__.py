"""The demonstration district: one world from a seed and a date, and the pictures of it."""

from xiuzhou_desktop.backend.demo.world.world import World

__all__ = ["World"]
