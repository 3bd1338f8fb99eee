"""The protocol core, sans-I/O: view, save, push, pull, resolve over the Store port (sync.md §4.4)."""
