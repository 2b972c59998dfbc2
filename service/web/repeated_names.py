"""Names that stand twice in an object of a body: decoders keep the last value and say nothing."""

import json
from typing import Any

from economics.vocabulary.problems import shown
from service.web.formats import JSON
from service.web.problems import BadBody

# MessagePack: bytes of what begins with a byte from 0xC0 on, and of the length that it states
FIXED = {0xC0: 1, 0xC2: 1, 0xC3: 1, 0xCA: 5, 0xCB: 9, 0xDC: 3, 0xDD: 5}
FIXED |= {first + place: 1 + 2**place for first in (0xCC, 0xD0) for place in range(4)}
FIXED |= {0xD4 + place: 2 + 2**place for place in range(5)}
STATED = {first + place: 2**place for first in (0xC4, 0xC7, 0xD9) for place in range(3)}
EXTENSIONS = (0xC7, 0xC8, 0xC9)  # have a byte for their type too
MAPS = {0xDE: 2, 0xDF: 4}


def check_names(body: bytes, media: str, names: int) -> None:
    """Whether each name of an object stands there once, in a body that is sound, of which a decoder
    kept so many names. Errors: BadBody.
    """
    if media != JSON:
        if _pairs(body, names) > names:
            raise BadBody("an object of the body has a name twice")
    elif body.count(b":") > names:  # as in a text, or a name that stands twice
        json.loads(body, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> None:
    seen = set[str]()
    for name, _ in pairs:
        if name in seen:
            raise BadBody(f"an object of the body has {shown(name)} twice")
        seen.add(name)


def _pairs(body: bytes, most: int) -> int:
    """How many pairs the maps of MessagePack have, until there are more than `most`."""
    at = found = 0
    while at < len(body) and found <= most:
        first = body[at]
        if first < 0x80 or first >= 0xE0 or 0x90 <= first < 0xA0:  # a small number, a short list
            at += 1
        elif first < 0x90:  # a short map
            found, at = found + (first & 0x0F), at + 1
        elif first < 0xC0:  # a short text
            at += 1 + (first & 0x1F)
        elif first in FIXED:
            at += FIXED[first]
        else:
            width = MAPS.get(first) or STATED[first]
            length = int.from_bytes(body[at + 1 : at + 1 + width], "big")
            at += 1 + width
            if first in MAPS:
                found += length
            else:
                at += length + (first in EXTENSIONS)
    return found
