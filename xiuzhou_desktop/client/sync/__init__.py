"""The protocol core without I/O, over the Store port (sync.md §4.4)."""
