"""The workstation side: api, cache, journal, sync and session behind one engine."""
