"""Tests: backend."""
