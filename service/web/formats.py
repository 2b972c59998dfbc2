"""Formats of bodies and answers, chosen by Content-Type and Accept: JSON and MessagePack, and for
tables three more, which `?format=` may name.
"""

from typing import Any, NamedTuple

import msgspec

from economics.vocabulary.problems import UnknownProblem
from service.web.problems import NotAcceptable, UnsupportedBody

JSON = "application/json"
MSGPACK = "application/msgpack"
ALL_MSGPACK = (MSGPACK, "application/vnd.msgpack", "application/x-msgpack")
ENCODERS: dict[str, Any] = {
    JSON: msgspec.json.Encoder().encode,
    **dict.fromkeys(ALL_MSGPACK, msgspec.msgpack.Encoder().encode),
}


def _no_extension(code: int, _: memoryview) -> Any:
    raise ValueError(f"it has a value of an extension type ({code})")


DECODERS: dict[str, Any] = {
    JSON: msgspec.json.Decoder().decode,
    **dict.fromkeys(ALL_MSGPACK, msgspec.msgpack.Decoder(ext_hook=_no_extension).decode),
}
OFFERED = tuple(ENCODERS)
ACCEPTED = {"Accept-Post": f"{JSON}, {MSGPACK}"}  # of bodies
ARROW = "application/vnd.apache.arrow.stream"
PARQUET = "application/vnd.apache.parquet"
CSV = "text/csv"
OF_TABLES = {"json": JSON, "msgpack": MSGPACK, "arrow": ARROW, "parquet": PARQUET, "csv": CSV}


class Range(NamedTuple):
    """One media range of an Accept header."""

    media: str
    quality: float

    def rank(self, media: str) -> int:
        """How closely the range names a media type; 0 if it does not."""
        if self.media == media:
            return 3
        if self.media == media.split("/")[0] + "/*":
            return 2
        return int(self.media == "*/*")


def table_format(name: str | None, header: str | None) -> str:
    """The media type of a table: the one of the format that is named, whatever the Accept header
    says, and without a name the one that the header likes best. Errors: UnknownProblem,
    NotAcceptable.
    """
    if name is None:
        return answer_format(header, (*OFFERED, ARROW, PARQUET, CSV))
    if name not in OF_TABLES:
        raise UnknownProblem("format", name, f"format ({', '.join(OF_TABLES)})", OF_TABLES)
    return OF_TABLES[name]


def answer_format(header: str | None, offered: tuple[str, ...] = OFFERED) -> str:
    """The offered media type that an Accept header likes best, JSON where it does not mind. Errors:
    NotAcceptable.
    """
    if not header or header == "*/*" or header == JSON:
        return JSON
    liked = ranges(header)
    qualities = {media: _quality(media, liked) for media in offered}
    best = max(offered, key=lambda media: qualities[media])
    if liked and not qualities[best]:
        known = [media for media in offered if media not in ALL_MSGPACK[1:]]
        raise NotAcceptable(f"Accept: {header[:100]} has none of {', '.join(known)}")
    return best


def ranges(header: str) -> list[Range]:
    """What a header such as Accept lists, each with its quality."""
    return [_range(part) for part in header.split(",") if part.strip()]


def _quality(media: str, liked: list[Range]) -> float:
    closest = max(liked, key=lambda one: one.rank(media), default=Range("*/*", 1.0))
    return closest.quality if closest.rank(media) else 0.0


def _range(part: str) -> Range:
    media, *parameters = (word.strip().lower() for word in part.split(";"))
    stated = next((word[2:] for word in parameters if word.startswith("q=")), "1")
    try:
        quality = float(stated)
    except ValueError:
        quality = 0.0
    return Range(media, min(max(quality, 0.0), 1.0) if quality == quality else 0.0)


def body_format(header: str | None) -> str:
    """The media type of a body by its Content-Type header. Errors: UnsupportedBody."""
    media, *parameters = (word.strip().lower() for word in (header or "").split(";"))
    charsets = {word[8:].strip('"') for word in parameters if word.startswith("charset=")}
    if media not in DECODERS or charsets - {"utf-8", "utf8"}:
        found = f"is {header[:100]}" if header else "is not stated"
        raise UnsupportedBody(
            f"Content-Type {found}; read are {JSON} and {MSGPACK}",
            headers=ACCEPTED,
        )
    return media
