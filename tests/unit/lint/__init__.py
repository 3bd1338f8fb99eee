"""The checks of tests/lint, each seen to fail once."""
