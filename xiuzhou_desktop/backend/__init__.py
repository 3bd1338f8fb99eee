"""The reference district backend: the judge of every command."""
