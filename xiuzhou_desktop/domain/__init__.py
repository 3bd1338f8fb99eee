"""Kinds, states, transitions, deadlines and validators: pure, without I/O or a clock."""
