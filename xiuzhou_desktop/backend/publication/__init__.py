"""Publication at the backend: portals, and the ledger that compares decided with published."""
