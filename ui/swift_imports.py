"""Imported first by the program: its modules are loaded in three quarters of the CPU time.

no collecting       a module that is being loaded leaves no garbage; ui/garbage.py collects later
PySide6's import    WORKAROUND (PYSIDE-2029): it reads the source of every module that comes after
                    it, to see whether that uses PySide6 for `from __feature__`; none does: Python's
                    own import is put back. Ends when PySide6 can be told that none does
httpx's command     WORKAROUND (encode/httpx, `from ._main import main` in its __init__): is left
                    out, and with it click, rich and pygments. Ends when httpx loads it on demand
"""

import builtins
import gc
import sys

gc.disable()
sys.modules["httpx._main"] = None  # type: ignore[assignment] # httpx catches the ImportError
_plain_import = builtins.__import__

import PySide6.QtCore  # noqa: E402, F401

builtins.__import__ = _plain_import
