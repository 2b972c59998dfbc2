"""Texts of any language as parts of a row's name, in letters of ASCII.

Accents go and their letters stay ("São" is "Sao"); a word with letters of another script than the
Latin one is written in Punycode after "xn-", so that no two words become one ("東京" is
"xn-1lqs71d"). Source: Unicode, annex 15 (NFKD); RFC 3492.
"""

import re
import unicodedata

WORDS = re.compile(r"[\w.]+")
LATIN = re.compile(
    r"LATIN (SMALL|CAPITAL) (?:LETTER|LIGATURE)(?: DOTLESS)? ([A-Z]{1,2})(?: WITH .*)?"
)
UNLIKE_THEIR_NAMES = {"ETH": "D", "THORN": "TH", "SHARP S": "SS", "ENG": "NG"}


def word(text: str) -> str:
    """A text as a part of a row's name: nothing where it has no letter and no digit."""
    letters = [one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one)]
    words = WORDS.findall("".join(map(_letter, letters)))
    return "-".join(map(_ascii, words)).strip("-")


def _ascii(word: str) -> str:
    return word if word.isascii() else f"xn-{word.lower().encode('punycode').decode()}"


def _letter(one: str) -> str:
    """A Latin letter by the letters that its name in Unicode says; another one as it is."""
    if one.isascii():
        return one
    name = unicodedata.name(one, "")
    for strange, usual in UNLIKE_THEIR_NAMES.items():
        name = name.replace(f"LETTER {strange}", f"LETTER {usual}")
    latin = LATIN.fullmatch(name)
    if latin is None:
        return one
    return latin[2].lower() if latin[1] == "SMALL" else latin[2]
