"""Requests' bodies: read to a limit, decoded strictly, checked against the type that a
route takes.
"""

from collections.abc import Iterable, Mapping
from itertools import chain, islice
from typing import Any, get_args

import msgspec
from litestar import Request
from litestar.exceptions import InternalServerException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from msgspec import Struct

from economics import Problem
from economics.scenario.checking import checked
from economics.vocabulary.problems import MOST_AT_ONCE, UnknownField, as_one
from kernels.language.caches import cached
from service.web.compression import check_encoding, unpacked
from service.web.formats import DECODERS, ENCODERS, JSON, body_format
from service.web.problems import ASKED, BadBody, ClientLeft, TooLarge
from service.web.repeated_names import check_names

HOLDERS = (dict, list)
DEEPEST = 32  # levels of a body; a sweep's scenario has nine


class StrictRequest(Request[Any, Any, Any]):
    """A request whose body is read by its Content-Type and nothing else."""

    async def body(self) -> bytes:
        """The whole body, unpacked. Errors: BadBody if there is none, TooLarge, UnsupportedBody,
        ClientLeft.
        """
        is_packed, most = check_encoding(self.headers.get("content-encoding")), self._most
        try:
            found = await super().body()
        except RequestEntityTooLarge:
            raise TooLarge(f"the body is larger than {most} bytes") from None
        except InternalServerException:
            raise ClientLeft("the client left before its body was read") from None
        if found and is_packed:
            found = unpacked(found, most)
        if not found:
            raise BadBody("the body is empty")
        return found

    @property
    def _most(self) -> int:
        return self.route_handler.resolve_request_max_body_size() or 0

    async def json(self) -> Any:
        """The body as what the route takes. Errors: BadBody, UnsupportedBody, Problem."""
        field = self.route_handler.parsed_data_field
        media, wanted = self.headers.get("content-type"), field.annotation if field else Any
        found = read(await self.body(), media, wanted, self.app.state.max_body_items)
        self.scope.setdefault("state", {})[ASKED] = found
        return found


def read(body: bytes, content_type: str | None, wanted: Any, most: int) -> Any:
    """A body as what a route takes, of `most` values. Errors: BadBody, TooLarge, UnsupportedBody,
    Problem.
    """
    return as_record(decode(body, body_format(content_type), most), wanted)


def decode(body: bytes, media: str, most: int) -> Any:
    """Plain values from the bytes of a body, `most` at all depths together. Errors: BadBody,
    TooLarge.
    """
    language = "JSON" if media == JSON else "MessagePack"
    try:
        plain = DECODERS[media](body)
    except UnicodeDecodeError:
        raise BadBody("the body is not UTF-8 text") from None
    except RecursionError:
        raise BadBody(f"the body is nested deeper than {DEEPEST} levels") from None
    except (msgspec.MsgspecError, ValueError, OverflowError, MemoryError) as error:
        raise BadBody(f"the body is not valid {language}: {error}") from None
    if media != JSON or not is_small(plain, body, most):
        check_names(body, media, _check(plain, media, most))
    return plain


def is_small(plain: Any, body: bytes, most: int) -> bool:
    """Whether a body of JSON shows that its values are neither too many, for each takes a byte, nor
    too deep, and that no name stands twice: one that did would have lost a colon.
    """
    return (
        len(body) <= most
        and body.count(b"{") + body.count(b"[") < DEEPEST
        and b"\\" not in body
        and body.count(b":") == ENCODERS[JSON](plain).count(b":")
    )


def _check(plain: Any, media: str, most: int) -> int:
    """What a decoder lets pass and no route takes: deep nesting, too many values, and of
    MessagePack NaN, infinity and names that are no texts. Counted before it is looked into; how
    many names there are.
    """
    level, seen, names = [plain], 1, 0
    for _ in range(DEEPEST):
        if media != JSON and any(value - value != 0.0 for value in level if type(value) is float):
            raise BadBody("NaN and infinity are no numbers of a request")
        objects = [value for value in level if type(value) is dict]
        lists = [value for value in level if type(value) is list]
        seen += sum(map(len, objects)) + sum(map(len, lists))
        if seen > most:
            raise TooLarge(f"the body has {seen} values or more, at most {most} are read")
        if media != JSON and not all(type(name) is str for one in objects for name in one):
            raise BadBody("names of fields are texts")
        names += sum(map(len, objects))
        level = [*chain.from_iterable(map(dict.values, objects)), *chain.from_iterable(lists)]
        if not level:
            return names
    raise BadBody(f"the body is nested deeper than {DEEPEST} levels")


def inside(value: Any) -> Iterable[Any]:
    """The values of an object or a list."""
    return value.values() if isinstance(value, dict) else value


def as_record(plain: Any, wanted: Any) -> Any:
    """A body as the record that a route takes. Errors: Problem with the path of what is wrong."""
    kinds = get_args(wanted) or (wanted,)
    if not all(isinstance(kind, type) and issubclass(kind, Struct) for kind in kinds):
        return plain
    if not isinstance(plain, Mapping):
        fields = " or ".join(", ".join(kind.__struct_fields__) for kind in kinds)
        raise Problem("body", plain, f"an object: {fields}")
    wanted = _of_kind(plain, kinds) if len(kinds) > 1 else wanted
    try:
        return msgspec.convert(plain, wanted)
    except msgspec.ValidationError:
        known = {name: value for name, value in plain.items() if name in wanted.__struct_fields__}
    unknown = (
        UnknownField(name, name, value, "part of the request", wanted.__struct_fields__)
        for name, value in plain.items()
        if name not in known and name != wanted.__struct_config__.tag_field
    )
    faults: list[Problem] = [*islice(unknown, MOST_AT_ONCE)]
    faults += [Problem(name, None, "a value") for name in _required(wanted) if name not in known]
    told = {fault.where for fault in faults}
    try:
        record = checked(known, wanted, "")
    except Problem as problem:
        faults += [one for one in problem.each if one.where not in told]
    if faults:
        raise as_one(faults)
    return record


def _of_kind(plain: Mapping[Any, Any], kinds: tuple[Any, ...]) -> Any:
    """The record of the kind that a body states. Errors: Problem."""
    tags = {kind.__struct_config__.tag: kind for kind in kinds}
    stated = plain.get("kind")
    if not isinstance(stated, str) or stated not in tags:
        raise Problem("kind", stated, " or ".join(map(repr, tags)))
    return tags[stated]


@cached(64)
def _required(wanted: type[Struct]) -> tuple[str, ...]:
    return tuple(field.name for field in msgspec.structs.fields(wanted) if field.required)
