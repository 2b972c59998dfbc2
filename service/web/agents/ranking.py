"""Which of some texts are meant by a few words, best first: by the words that they share, the rarer
the better, however a word is misspelt.
"""

import math
import re
from collections.abc import Mapping
from typing import NamedTuple

WORD = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]+)?")
MOST_WORDS = 8  # of a query that are looked for
SPELT_ALIKE = 0.75
NAME, BEGINNING = 3.0, 0.9  # what a word counts in a name, and one that is begun only


class Index(NamedTuple):
    """Texts by name, ready to be searched."""

    names: Mapping[str, frozenset[str]]
    texts: Mapping[str, frozenset[str]]
    weights: Mapping[str, float]


def words(text: str) -> tuple[str, ...]:
    """The words of a text, each once: `irr_per_year` has three, `gb200` two."""
    return tuple(dict.fromkeys(WORD.findall(text.lower())))


def index(texts: Mapping[str, str]) -> Index:
    """Texts by name, to be searched."""
    names = {name: frozenset(words(name)) for name in texts}
    whole = {name: names[name] | frozenset(words(text)) for name, text in texts.items()}
    having: dict[str, int] = {}
    for one in whole.values():
        for word in one:
            having[word] = having.get(word, 0) + 1
    count = len(texts)
    return Index(names, whole, {word: math.log(1 + count / n) for word, n in having.items()})


def ranked(query: str, known: Index) -> list[str]:
    """The names of texts that have some of a query's words, best first; those alike by name."""
    scores = dict.fromkeys(known.names, 0.0)
    for word in words(query)[:MOST_WORDS]:
        meant = _meant(word, known)
        for name, found in known.texts.items():
            own = known.names[name]
            shares = (
                share * known.weights[one] * (NAME if one in own else 1.0)
                for one, share in meant.items()
                if one in found
            )
            scores[name] += max(shares, default=0.0)
    asked = frozenset(words(query))
    hits = [name for name, score in scores.items() if score > 0.0]
    extra = {name: len(known.names[name] - asked) for name in hits}
    return sorted(hits, key=lambda name: (-scores[name], extra[name], name))


def _meant(word: str, known: Index) -> dict[str, float]:
    """The words that somebody who wrote one may have meant, each with how likely it is."""
    if word in known.weights:
        alike = {word: 1.0}
    else:
        from difflib import SequenceMatcher, get_close_matches

        close = get_close_matches(word, sorted(known.weights), n=3, cutoff=SPELT_ALIKE)
        alike = {one: SequenceMatcher(None, one, word).ratio() ** 2 for one in close}
    begun = (one for one in known.weights if len(word) > 2 and one.startswith(word) and one != word)
    return {**alike, **dict.fromkeys(begun, BEGINNING)}
