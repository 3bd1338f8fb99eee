"""Notices, decisions and reports from templates and data."""
