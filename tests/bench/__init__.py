"""The product's figures, measured: `python -m tests.bench`."""
