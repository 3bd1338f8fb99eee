"""The map: base, geometry, markers, hand and keyboard."""
