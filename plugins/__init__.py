"""Panels: one package each, declared by a manifest.toml before it is imported."""
