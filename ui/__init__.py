"""The Qt shell and what its panels share: theme, widgets, records, map, video."""
