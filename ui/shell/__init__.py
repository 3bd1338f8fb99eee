"""The window around the panels: bars, rail, docks, palette, outbox, sign-in, error cards.

It knows no panel by name: panels are found, declared and imported as docs/writing-a-panel.md says.
"""
