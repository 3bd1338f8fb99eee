"""How keys are written for people: F8, Ctrl+K, J, ←."""

NAMES = {
    "Return": "Enter",
    "Left": "←",
    "Right": "→",
    "Up": "↑",
    "Down": "↓",
    "PgDown": "PgDn",
    "Delete": "Del",
    "Backspace": "⌫",
    "Escape": "Esc",
}


def key_name(key: str) -> str:
    """The name on a key cap of a Qt key sequence."""
    parts = key.split("+") if not key.endswith("+") else [*key[:-2].split("+"), "+"]
    return "+".join(NAMES.get(part, part) for part in parts if part)
