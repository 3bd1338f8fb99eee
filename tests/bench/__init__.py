"""Benchmarks with limits, written to build/bench.json by `make bench`."""
