"""`make lint` fails when one of the programs it asks fails, and shows what that one said."""

import sys

from tests.lint.__main__ import run_command


def test_a_failing_program_fails_and_is_heard(capsys):
    command = [sys.executable, "-c", "print('line 7 is wrong'); raise SystemExit(1)"]
    assert run_command("sample", command) is False
    shown = capsys.readouterr().out
    assert "line 7 is wrong" in shown
    assert "FAIL  sample" in shown


def test_a_passing_program_is_one_line(capsys):
    command = [sys.executable, "-c", "print('much talk')"]
    assert run_command("sample", command) is True
    assert capsys.readouterr().out.startswith("ok    sample")
