"""What a panel may rely on: its manifest, and the context that it is given.

docs/writing-a-panel.md shows one in fewer than sixty lines.
"""
