"""The codes that the house style names are in force: one sample breaks each of them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PYPROJECT = Path(__file__).parents[3] / "pyproject.toml"

SAMPLES = {
    "ANN401": "from typing import Any\ndef f(x: Any) -> None: ...\n",
    "ASYNC251": "import time\nasync def f() -> None:\n    time.sleep(1)\n",
    "BLE001": "try:\n    f()\nexcept Exception:\n    g()\n",
    "C901": "def f(x):\n" + "".join(f"    if x == {n}:\n        g()\n" for n in range(11)),
    "D100": "x = 1\n",
    "DTZ005": "import datetime\nx = datetime.datetime.now()\n",
    "E722": "try:\n    f()\nexcept:\n    g()\n",
    "ERA001": "# x = f(1)\n",
    "F403": "from math import *\n",
    "FBT001": "def f(loud: bool) -> None: ...\n",
    "G004": "import logging\nlogging.getLogger(__name__).info(f'{x}')\n",
    "N802": "def doIt() -> None: ...\n",
    "PGH003": "x = f()  # type: ignore\n",
    "PLC0415": "def f():\n    import math\n    return math\n",
    "PLR0904": "class A:\n" + "".join(f"    def m{n}(self): ...\n" for n in range(16)),
    "PLR0913": "def f(a, b, c, d, e, f): ...\n",
    "PLR0915": "def f():\n" + "    g()\n" * 41,
    "PLR1702": "def f():\n"
    + "".join(f"{' ' * depth}for x{depth} in y:\n" for depth in range(1, 5))
    + "     g()\n",
    "RUF002": '"""A Cyrillic \u0430."""\n',
    "RUF006": "import asyncio\nasync def f():\n    asyncio.create_task(g())\n",
    "S110": "try:\n    f()\nexcept Exception:\n    pass\n",
    "S608": "def f(x):\n    return f'SELECT a FROM t WHERE b = {x}'\n",
    "SLF001": "def f(x):\n    return x._secret\n",
    "T201": "print(1)\n",
    "TID251": "from time import sleep\n",
}


@pytest.fixture(scope="module")
def codes_by_sample(tmp_path_factory) -> dict[str, set[str]]:
    folder = tmp_path_factory.mktemp("samples")
    for code, text in SAMPLES.items():
        (folder / f"{code}.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=json"]
    command += ["--config", str(PYPROJECT), str(folder)]
    done = subprocess.run(command, capture_output=True, check=False)
    found: dict[str, set[str]] = {}
    for one in json.loads(done.stdout):
        found.setdefault(Path(one["filename"]).stem, set()).add(one["code"])
    return found


@pytest.mark.parametrize("code", SAMPLES)
def test_a_sample_that_breaks_the_rule_is_reported(codes_by_sample, code):
    assert code in codes_by_sample[code]


def test_full_width_punctuation_in_a_docstring_passes(tmp_path):
    sample = tmp_path / "sample.py"
    sample.write_text('"""责令限期改正：先告知，再复查（两次）。"""\n', encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--config", str(PYPROJECT)]
    assert subprocess.run([*command, str(sample)], check=False).returncode == 0
