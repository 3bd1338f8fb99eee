"""What a person is asked before a district file changes whom this computer believes.

A file comes by mail or on a stick; whoever can have it opened could otherwise stand between the
workstation and its server. The fingerprint is what an administrator can be asked about.
"""

from collections.abc import Callable
from pathlib import Path

from xiuzhou_desktop.client.errors import WrongServer
from xiuzhou_desktop.client.trust import fingerprints, load_trust

NOTHING = "—"


def trust_question(text: Callable[..., str], root: Path, file: str, offered: Path) -> str | None:
    """The question; None where that authority is trusted already. Raises WrongServer."""
    wanted, known = fingerprints(offered), _known(root)
    if wanted == known:
        return None
    key = "shell.trust.first" if known is None else "shell.trust.other"
    return text(key, file=file, known=_listed(known or ()), offered=_listed(wanted))


def _known(root: Path) -> tuple[str, ...] | None:
    """Of the authority trusted so far; None: the public ones. Empty: its file is gone."""
    kept = load_trust(root).ca
    if kept is None:
        return None
    try:
        return fingerprints(Path(kept))
    except WrongServer:
        return ()


def _listed(prints: tuple[str, ...]) -> str:
    return "\n".join(prints) or NOTHING
