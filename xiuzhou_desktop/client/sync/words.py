"""Chinese full text without a dictionary: uni- and bigrams, and whole runs of Latin letters and
digits.

    违停车辆  →  违 停 车 辆 违停 停车 车辆          浙F·D8K31  →  浙 f d8k31 8k31 k31 …

The trigram tokenizer finds nothing for two-character words such as 违停. A searched word of one
character is a unigram, a longer one all its bigrams; letters and digits match from the start of a
run, and inside a plate.
"""

import re
from functools import lru_cache

from xiuzhou_desktop.domain.canonical import Json

RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
HAS_HAN = re.compile(r"[\u3400-\u9fff]")
PLATE_LIKE = re.compile(r"(?=.*\d)(?=.*[a-z])[a-z0-9]{4,8}")
WRITTEN = ("plate", "object_text")  # body fields that are words though they may hold no Chinese
KNOWN_RUNS = 16_384  # streets, categories and units come again and again: half of a bulk load


def words_of(*texts: str) -> set[str]:
    """Every word under which these texts are found."""
    found: set[str] = set()
    for text in texts:
        for run in RUN.findall(text.lower()):
            found.update(_indexed(run))
    return found


def asked_words(text: str) -> tuple[tuple[str, bool], ...]:
    """The words that must all be there, each with whether it may go on (a prefix)."""
    asked: dict[tuple[str, bool], None] = {}
    for run in RUN.findall(text.lower()):
        if not HAS_HAN.match(run):
            asked[run, len(run) > 1] = None
        elif len(run) == 1:
            asked[run, False] = None
        else:
            asked.update(dict.fromkeys((pair, False) for pair in _pairs(run)))
    return tuple(asked)


def has_words(words: set[str], asked: tuple[tuple[str, bool], ...]) -> bool:
    """Whether a text with these words is found."""
    return all(
        any(word.startswith(one) for word in words) if is_prefix else one in words
        for one, is_prefix in asked
    )


def written_texts(envelope: tuple[str | None, ...], body: Json) -> tuple[str, ...]:
    """What people wrote in a record: the envelope's texts, and every text of the body's first
    level.
    """
    texts = [text for text in envelope if text]
    if isinstance(body, dict):
        for name, value in body.items():
            if isinstance(value, str) and _is_written(name, value):
                texts.append(value)
    return tuple(texts)


def forget_words() -> None:
    """Names among them are of records that may no longer be read."""
    _indexed.cache_clear()


def _is_written(name: str, value: str) -> bool:
    return name in WRITTEN or (not value.isascii() and HAS_HAN.search(value) is not None)


@lru_cache(KNOWN_RUNS)
def _indexed(run: str) -> tuple[str, ...]:
    if HAS_HAN.match(run):
        return (*run, *_pairs(run))
    if not PLATE_LIKE.fullmatch(run):
        return (run,)
    return (run, run[0], *(run[start:] for start in range(1, len(run) - 1)))


def _pairs(run: str) -> tuple[str, ...]:
    return tuple(run[at : at + 2] for at in range(len(run) - 1))
