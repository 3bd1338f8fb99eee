"""Tests, in the shape of the tree they test; each directory can be run by itself."""
