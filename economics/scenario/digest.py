"""What a scenario is, as one short text: the same for scenarios whose inputs are the same."""

from hashlib import sha256

import msgspec

from economics.scenario.basis import with_defaults
from economics.scenario.differences import ABOUT
from economics.vocabulary.header import About

LENGTH = 32  # hexadecimal digits


def digest(*records: About) -> str:
    """The start of the SHA-256 of all that the answers of scenarios are computed from, every
    default filled in; what is said of them (names, sources) does not count.
    """
    return sha256(b"\n".join(map(_inputs, records))).hexdigest()[:LENGTH]


def _inputs(record: About) -> bytes:
    plain = msgspec.to_builtins(with_defaults(record))
    kept = {name: value for name, value in plain.items() if name not in ABOUT}
    return msgspec.json.encode(kept, order="sorted")
