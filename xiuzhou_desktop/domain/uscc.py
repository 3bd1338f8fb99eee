"""统一社会信用代码 (GB 32100): 18 characters of a 31-letter alphabet, the last a check.

Real codes that fail the check exist: a wrong one warns, it does not block (domain.md §4).
"""

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, i, 31) for i in range(17))


def normalise_uscc(text: str) -> str:
    """Upper case without spaces."""
    return "".join(text.split()).upper()


def check_character(first_17: str) -> str | None:
    """The check character of the first 17, or None where a character is outside the alphabet."""
    values = [ALPHABET.find(char) for char in first_17]
    if len(values) != 17 or min(values) < 0:
        return None
    total = sum(value * weight for value, weight in zip(values, WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def is_uscc(text: str) -> bool:
    """Whether the code is well formed and its check character fits."""
    code = normalise_uscc(text)
    return len(code) == 18 and check_character(code[:17]) == code[17]
