"""Requests that nobody should send, as tables of generators: bodies, heads, framing, and clients
that are slow, greedy or gone.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import msgspec

SHIPPED = (b"nvl72-neocloud", b"reference-project")  # that are asked for here
JSON, MSGPACK = b"application/json", b"application/msgpack"
NPV = "npv_usd_per_rack"
GOOD = {"scenario": "nvl72-neocloud", "targets": [NPV]}
HOST = b"Host: a\r\n"
CLOSE = HOST + b"Connection: close\r\n"
SLOW = {408, 413, 431}  # what a client that is too slow or too long may be told


class Case(NamedTuple):
    """What is sent, in parts (a number is a pause), and which statuses may come back: the first
    answer's, and none if the connection may be closed without a word.
    """

    name: str
    parts: tuple[bytes | float, ...]
    statuses: frozenset[int | None]


def case(name: str, *parts: bytes | float, statuses: Any = (200, 400, 404, 405, 422)) -> Case:
    """A case by its parts."""
    return Case(name, parts, frozenset(statuses))


def post(body: bytes, media: bytes = JSON, path: bytes = b"/v1/quotes", more: bytes = b"") -> bytes:
    """A sound request with any body."""
    head = b"POST %s HTTP/1.1\r\n%sContent-Type: %s\r\n%s" % (path, CLOSE, media, more)
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def get(path: bytes = b"/health/live", more: bytes = b"", method: bytes = b"GET") -> bytes:
    """A sound request without a body."""
    return b"%s %s HTTP/1.1\r\n%s%s\r\n" % (method, path, CLOSE, more)


def plain(asked: Any) -> bytes:
    """As JSON."""
    return msgspec.json.encode(asked)


STRANGE: dict[str, bytes] = {  # values as JSON writes them
    "null": b"null",
    "true": b"true",
    "zero": b"-0.0",
    "huge": b"1e308",
    "beyond": b"1e999",
    "digits": b"9" * 5000,
    "deep fraction": b"0." + b"0" * 4000 + b"1",
    "tiny": b"5e-324",
    "nan": b"NaN",
    "text": b'"x"',
    "empty": b'""',
    "percent": b'"1e400%"',
    "number in words": b'"0x10"',
    "unicode": '"\u202e\u0000\ufeff\U0001f4a9"'.replace("\0", "\\u0000").encode(),
    "surrogate": b'"\\ud800"',
    "long text": b'"' + b"a" * 100_000 + b'"',
    "list": b"[]",
    "lists": b"[[[]]]",
    "object": b"{}",
    "objects": b'{"value": {"value": {"value": 1}}}',
    "own value": b'{"value": 1, "source": 5}',
}
FIELDS = (
    b'{"scenario": %s}',
    b'{"scenario": "nvl72-neocloud", "targets": %s}',
    b'{"scenario": "nvl72-neocloud", "targets": [%s]}',
    b'{"scenario": "nvl72-neocloud", "overrides": %s}',
    b'{"scenario": "nvl72-neocloud", "overrides": {"finance": %s}}',
    b'{"scenario": "nvl72-neocloud", "overrides": {"finance": {"wacc_per_year": %s}}}',
    b'{"scenario": "nvl72-neocloud", "overrides": {"hardware": {"economic_life_years": %s}}}',
    b'{"scenario": "nvl72-neocloud", "overrides": {"revenue": {"utilisation": %s}}}',
)


def bodies() -> Iterator[tuple[str, bytes, bytes]]:
    """Bodies by name, with their media types."""
    for (name, value), (at, field) in product(STRANGE.items(), enumerate(FIELDS)):
        yield f"{name} in field {at}", field % value, JSON
    for name, body in {
        "nothing": b"",
        "space": b" " * 9000,
        "half": plain(GOOD)[:20],
        "twice": plain(GOOD) * 2,
        "no text": b"\xff\xfe\x00",
        "byte order mark": b"\xef\xbb\xbf" + plain(GOOD),
        "utf-16": plain(GOOD).decode().encode("utf-16"),
        "name twice": b'{"scenario": "a", "scenario": "nvl72-neocloud"}',
        "name twice within": b'{"scenario": {"finance": {"a": 1, "a": 2}}}',
        "names of nothing": b'{"": {"": ""}, "\\u0000": 1}',
        "nested emptiness": b'{"scenario": {"hardware": [' + b"{}," * 33_000 + b"{}]}}",
        "wide emptiness": b"[" + b"[]," * 49_000 + b"[]]",
        "too many values": b"[" + b"0," * 300_000 + b"0]",
        "many names": plain({"scenario": {f"n{at}": at for at in range(20_000)}}),
        "names alike": plain({f"scenari{at}": at for at in range(3000)}),
        "depth of lists": b"[" * 5000 + b"]" * 5000,
        "depth of objects": b'{"scenario":' * 4000 + b"1" + b"}" * 4000,
        "deep overrides": b'{"scenario": "nvl72-neocloud", "overrides": '
        + b'{"finance":' * 30
        + b"1"
        + b"}" * 31,
        "targets without end": plain({**GOOD, "targets": [NPV] * 20_000}),
        "targets alike": plain({**GOOD, "targets": [f"npv_usd_per_rac{at}" for at in range(3000)]}),
        "name alike": plain({"scenario": "nvl72-neoclout" * 500}),
        "path for a name": plain({"scenario": "../../etc/passwd"}),
        "above the limit": b" " * 2**20 + plain(GOOD),
    }.items():
        yield name, body, JSON
    for name, body in {
        "extension": b"\x82\xa8scenario\xd4\x05\x00",
        "time": b"\x81\xa8scenario\xd6\xff\x00\x00\x00\x00",
        "list without end": b"\xdd\xff\xff\xff\xff",
        "map without end": b"\xdf\xff\xff\xff\xff",
        "text without end": b"\xdb\xff\xff\xff\xff",
        "names that are numbers": b"\x81\x01\x02",
        "names that are lists": b"\x81\x90\x02",
        "nan": b"\x81\xa8scenario\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00",
        "bytes": b"\x81\xa8scenario\xc4\x02ab",
        "never used": b"\xc1",
        "depth": b"\x91" * 5000 + b"\xc0",
        "no utf-8": b"\x81\xa8scenario\xa2\xff\xfe",
        "name twice": b"\x82\xa8scenario\xa1a\xa8scenario\xa1b",
        "many nils": b"\xdc\xff\xff" + b"\xc0" * 65_535,
    }.items():
        yield f"packed {name}", body, MSGPACK


def of_bodies() -> Iterator[Case]:
    """Each body by the short way, by the framework, and to another route."""
    told = (200, 400, 413, 415, 422)
    for name, body, media in bodies():
        yield case(f"{name}, short", post(body, media), statuses=told)
        yield case(f"{name}, long", post(body, media + b"; charset=utf-8"), statuses=told)
    for name, body, media in bodies():
        if " in field " not in name:
            for path in (b"/v1/sweeps", b"/v1/quotes/batch", b"/v1/solve"):
                yield case(f"{name}, {path.decode()}", post(body, media, path), statuses=told)


def of_agents() -> Iterator[Case]:
    """Calls of tools that no agent makes."""
    many = {f"n{at}": at for at in range(20_000)}
    known = {"scenario": SHIPPED[0].decode()}
    for name, tool, arguments in (
        ("a tool without end", "q" * 900_000, {}),
        ("no name", None, {}),
        ("many names", "quote", many),
        ("a scenario of many names", "quote", {"scenario": many}),
        ("targets without end", "quote", {**known, "targets": [NPV] * 20_000}),
        ("scenarios without end", "compare", {"scenarios": ["a"] * 20_000}),
        ("a query without end", "search_catalog", {"query": "a " * 400_000}),
        ("a list", "quote", [0] * 90_000),
        ("a text", "quote", "x" * 900_000),
        ("more about it", "quote", {**known, "_meta": many}),
    ):
        asked = {"name": tool, "arguments": arguments}
        body = plain({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": asked})
        more = b"Accept: application/json, text/event-stream\r\n"
        sent = post(body, path=b"/mcp", more=more).replace(HOST, b"Host: localhost\r\n")
        yield case(f"agent: {name}", sent, statuses=(200, 400, 413))


WORDS = ("content-type", "accept", "content-encoding", "accept-encoding", "x-request-id")
WORDS += ("if-none-match", "cookie", "authorization", "origin", "range", "te", "trailer", "date")
WORDS += ("expect", "forwarded", "x-forwarded-for", "traceparent", "prefer", "if-modified-since")
VALUES = {
    "empty": b"",
    "commas": b"," * 900,
    "semicolons": b";" * 900,
    "high bytes": bytes(range(0xA0, 0x100)),
    "quoted": b'"' + b"\\" * 99,
    "quality": b"*/*;q=nan, application/json;q=1e999, a/b;q=-1;q",
}
ACCEPTED = (200, 304, 400, 406, 413, 415, 417, 422)


def heads() -> Iterator[Case]:
    """Headers of all kinds, on both ways."""
    body = plain(GOOD)
    for name, (what, value) in product(WORDS, VALUES.items()):
        own = b"%s: %s\r\n" % (name.encode(), value)
        parts = post(body, more=own) if name != "if-none-match" else get(b"/v1/catalog", own)
        yield case(f"{name}: {what}", parts, statuses=ACCEPTED)
    for name, more in {
        "many cookies": b"Cookie: a=b\r\n" * 900,
        "many names": b"".join(b"X-%d: y\r\n" % at for at in range(1500)),
        "content types": b"Content-Type: text/plain\r\n" * 3,
        "a long name": b"X" * 20_000 + b": y\r\n",
        "a long value": b"X: " + b"y" * 30_000 + b"\r\n",
        "above the limit": b"X: " + b"y" * 70_000 + b"\r\n",
        "no name": b": y\r\n",
        "a space": b"X : y\r\n",
        "folded": b"X: a\r\n b\r\n",
        "nul": b"X: a\0b\r\n",
        "bare return": b"X: a\rY: b\r\n",
        "bare line": b"X: a\nY: b\r\n",
        "two hosts": HOST,
        "gzip": b"Content-Encoding: gzip\r\n",
        "continue": b"Expect: 100-continue\r\n",
        "keep and close": b"Connection: keep-alive\r\n",
        "upgrade to websocket": b"Connection: upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
        "upgrade to h2c": b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
        b"HTTP2-Settings: AAMAAABkAAQAAP__\r\n",
        "upgrade to nothing": b"Connection: upgrade\r\nUpgrade: \r\n",
    }.items():
        for way, sent in {"post": post(body, more=more), "get": get(more=more)}.items():
            yield case(f"{name}, {way}", sent, statuses={*ACCEPTED, *SLOW})


TARGETS = {
    "absolute": b"http://elsewhere.example/v1/catalog",
    "absolute without path": b"http://elsewhere.example",
    "authority": b"elsewhere.example:443",
    "asterisk": b"*",
    "double slash": b"//v1/catalog",
    "dots": b"/v1/../../etc/passwd",
    "dots percent": b"/v1/%2e%2e/%2e%2e/etc",
    "slash percent": b"/v1/catalog%2Faccelerators",
    "nul percent": b"/v1/catalog/%00",
    "bad percent": b"/v1/catalog/%zz%",
    "no utf-8": b"/v1/catalog/%ff%fe",
    "surrogate": b"/v1/catalog/%ed%a0%80",
    "high bytes": b"/v1/catalog/\xff\xfe",
    "unicode": b"/v1/scenarios/%F0%9F%92%A9%E2%80%AE",
    "newline percent": b"/v1/catalog/%0d%0aSet-Cookie:%20a=b",
    "fragment": b"/health/live#x",
    "long": b"/v1/catalog/" + b"a" * 30_000,
    "too long": b"/v1/catalog/" + b"a" * 70_000,
    "long and percent": b"/v1/scenarios/" + b"%41" * 9000,
    "many parts": b"/a" * 9000,
    "query": b"/health/live?" + b"a=b&" * 5000,
    "query of nothing": b"/v1/catalog?%",
    "space": b"/a b",
    "tab": b"/a\tb",
    "empty": b"",
}
METHODS = (b"HEAD", b"OPTIONS", b"PUT", b"DELETE", b"PATCH", b"TRACE", b"CONNECT", b"PROPFIND")
METHODS += (b"QUERY", b"M-SEARCH", b"SOURCE", b"get", b"G\0T", b"X" * 300, b"\xff")


def lines() -> Iterator[Case]:
    """First lines of requests."""
    told = {200, 204, 400, 404, 405, *SLOW}
    for name, target in TARGETS.items():
        for method in (b"GET", b"HEAD", b"POST"):
            sent = get(target, method=method)
            yield case(f"{method.decode()} {name}", sent, statuses=told)
    for method, path in product(METHODS, (b"/v1/quotes", b"/v1/catalog", b"/health/ready")):
        name = f"{method[:20]!r} {path.decode()}"
        yield case(name, get(path, method=method), statuses={*told, None})
    for name, line in {
        "no version": b"GET /health/live\r\n",
        "version 1.0": b"GET /health/live HTTP/1.0\r\n",
        "version 2": b"GET /health/live HTTP/2.0\r\n",
        "version 9": b"GET /health/live HTTP/9.99999\r\n",
        "other protocol": b"GET /health/live ICY/1.0\r\n",
        "lines before": b"\r\n\r\n\r\nGET /health/live HTTP/1.1\r\n",
        "line feeds": b"GET /health/live HTTP/1.1\n",
        "two spaces": b"GET  /health/live  HTTP/1.1\r\n",
        "preface of HTTP 2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    }.items():
        yield case(name, line + CLOSE + b"\r\n", statuses={*told, 505})
    for name, junk in {
        "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
        "nothing but nul": bytes(9000),
        "ssh": b"SSH-2.0-OpenSSH_9.6\r\n",
        "redis": b"*1\r\n$4\r\nPING\r\n",
        "lines without end": b"\r\n" * 40_000,
        "proxy": b"PROXY TCP4 1.2.3.4 1.2.3.4 1 1\r\n" + get(),
    }.items():
        yield case(name, junk, statuses={400, *SLOW, None})


CHUNKED = b"Transfer-Encoding: chunked\r\n"


def framing() -> Iterator[Case]:
    """Lengths and chunks that two readers may understand in two ways."""
    body = plain(GOOD)
    one = b"%x\r\n%s\r\n" % (len(body), body)
    two = get(b"/v1/catalog")
    for name, (own, sent) in {
        "chunks": (CHUNKED, one + b"0\r\n\r\n"),
        "chunks of a byte": (CHUNKED, b"".join(b"1\r\n%c\r\n" % c for c in body) + b"0\r\n\r\n"),
        "extensions": (CHUNKED, one.replace(b"\r\n", b";a=b\r\n", 1) + b"0\r\n\r\n"),
        "long extension": (CHUNKED, one.replace(b"\r\n", b";" + b"a" * 70_000 + b"\r\n", 1)),
        "trailers": (CHUNKED, one + b"0\r\nX: y\r\nContent-Length: 5\r\n\r\n"),
        "trailers without end": (CHUNKED, one + b"0\r\n" + b"X: y\r\n" * 20_000),
        "negative": (CHUNKED, b"-1\r\n" + body),
        "huge": (CHUNKED, b"ffffffffffffffffff\r\n" + body),
        "large": (CHUNKED, b"7fffffff\r\n" + body),
        "hexadecimal": (CHUNKED, b"0x%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)),
        "no end of line": (CHUNKED, one.replace(b"\r\n", b"\n") + b"0\n\n"),
        "spilled": (CHUNKED, b"%x\r\n%sXX\r\n0\r\n\r\n" % (len(body), body)),
        "length too": (CHUNKED + b"Content-Length: 4\r\n", one + b"0\r\n\r\n" + two),
        "length first": (b"Content-Length: 4\r\n" + CHUNKED, one + b"0\r\n\r\n" + two),
        "length alone": (b"Content-Length: %d\r\n" % (len(body) + len(two)), body + two),
        "two lengths": (b"Content-Length: 1\r\nContent-Length: %d\r\n" % len(body), body),
        "lengths in a list": (b"Content-Length: %d, %d\r\n" % ((len(body),) * 2), body),
        "negative length": (b"Content-Length: -5\r\n", body),
        "signed length": (b"Content-Length: +%d\r\n" % len(body), body),
        "length in words": (b"Content-Length: ten\r\n", body),
        "length beyond": (b"Content-Length: " + b"9" * 40 + b"\r\n", body),
        "large length": (b"Content-Length: 999999999\r\n", body),
        "no length": (b"", body),
        "length of less": (b"Content-Length: 5\r\n", body),
        "identity": (b"Transfer-Encoding: identity\r\n", one + b"0\r\n\r\n"),
        "chunked twice": (b"Transfer-Encoding: chunked, chunked\r\n", one + b"0\r\n\r\n"),
        "chunked then gzip": (b"Transfer-Encoding: chunked, gzip\r\n", one + b"0\r\n\r\n"),
        "gzip then chunked": (b"Transfer-Encoding: gzip, chunked\r\n", one + b"0\r\n\r\n"),
        "chunked in quotes": (b'Transfer-Encoding: "chunked"\r\n', one + b"0\r\n\r\n"),
        "chunked with a tab": (b"Transfer-Encoding:\tchunked\r\n", one + b"0\r\n\r\n"),
        "xchunked": (b"Transfer-Encoding: xchunked\r\n", one + b"0\r\n\r\n"),
        "space before the colon": (b"Transfer-Encoding : chunked\r\n", one + b"0\r\n\r\n"),
    }.items():
        for media in (JSON, JSON + b"; charset=utf-8"):
            head = b"POST /v1/quotes HTTP/1.1\r\n%sContent-Type: %s\r\n" % (CLOSE, media)
            way = "short" if media == JSON else "long"
            statuses = {200, 400, 415, 422, 501, *SLOW}
            yield case(f"{name}, {way}", head + own + b"\r\n" + sent, statuses=statuses)


def turns() -> Iterator[Case]:
    """Several requests at once, slow ones, and clients that leave."""
    body = plain(GOOD)
    open_get = b"GET /health/live HTTP/1.1\r\n" + HOST + b"\r\n"
    open_post = post(body).replace(b"Connection: close\r\n", b"")
    yield case("pipelined", open_get * 9 + get(), statuses={200})
    yield case("pipelined posts", open_post * 9 + post(body), statuses={200})
    yield case("pipelined without end", open_get * 4000, statuses={200})
    yield case("pipelined posts without end", open_post * 300, statuses={200})
    yield case("pipelined and then no HTTP", open_get * 3 + b"no HTTP\r\n\r\n", statuses={200})
    yield case("pipelined and then too long", open_get + b"X" * 80_000, statuses={200})
    upgrade = b"Connection: upgrade\r\nUpgrade: h2c\r\n"
    first = b"GET /health/live HTTP/1.1\r\n" + HOST + upgrade + b"\r\n"
    yield case("after an upgrade", first + get(), statuses={200})
    yield case("a moment after an upgrade", first, 0.2, get(), statuses={200})
    yield case("a body that is not awaited", post(b" " * 90_000, b"text/plain"), statuses={415})
    yield case("a body after its refusal", post(b" " * 2**21), get(), statuses={413})
    drip = [part for at in range(40) for part in (get()[at : at + 1], 0.01)]
    yield case("head by bytes", *drip, get()[40:], statuses={200})
    slow = [part for at in range(60) for part in (b"X-%d: y\r\n" % at, 0.05)]
    yield case("head that drips", get()[:-2], *slow, statuses=SLOW)
    dripping = [part for _ in range(60) for part in (b" ", 0.05)]
    much = b" " * 60 + body
    for media in (JSON, JSON + b"; charset=utf-8"):
        yield case(
            f"body that drips, {media[16:]!r}",
            post(much, media)[: -len(much)],
            *dripping,
            statuses=SLOW,
        )
    yield case("half a head", get()[:30], statuses=SLOW)
    yield case("half a body", post(body)[:-5], statuses=SLOW)
    yield case("nothing at all", b"", statuses={None})
    yield case(
        "continue and then nothing",
        post(body, more=b"Expect: 100-continue\r\n")[: -len(body)],
        statuses=SLOW,
    )


def corpus() -> list[Case]:
    """All of them."""
    return [*of_bodies(), *of_agents(), *heads(), *lines(), *framing(), *turns()]
