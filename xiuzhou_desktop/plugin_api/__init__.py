"""Manifest, discovery and the protocols of what a panel is given."""
