"""The group of a record that asks over HTTP."""

import hashlib
import json
import os
from pathlib import Path
from unittest import mock

from cases import (
    LIFE,
    NPV,
    PRICE,
    USE,
)
from entries import (
    MASKED,
    client,
    group,
    parted,
    sha,
)
from typed_lines import (
    BAD_POSTS,
    BODIES,
    POSTS,
    SHIPPED,
)


@group
def http(record):
    """Every route, good and bad bodies, limits and keys."""
    with client() as found:
        for path in readable(found):
            asked(record, found, "GET", path)
        asked(record, found, "HEAD", "/v1/quantities")
        asked(record, found, "GET", "/v1/scenarios", headers={"if-none-match": "*"})
        asked(record, found, "OPTIONS", "/v1/quotes")
        asked(record, found, "DELETE", "/v1/quotes")
        asked(record, found, "GET", "/v1/quotes")
        for path, body in (*POSTS, *BAD_POSTS):
            asked(record, found, "POST", f"/v1/{path}", json=body)
        for media in ("application/json", "application/msgpack", "text/plain"):
            for body in BODIES:
                headers = {"content-type": media}
                asked(record, found, "POST", "/v1/quotes", content=body, headers=headers)
        for media in ("application/msgpack", "text/html", "*/*;q=0", "nonsense"):
            headers = {"accept": media}
            asked(record, found, "POST", "/v1/quotes", json={**SHIPPED}, headers=headers)
    limits(record)


def limits(record):
    """A service of small limits, behind keys."""
    Path("keys.txt").write_text(hashlib.sha256(b"secret").hexdigest() + "\n")
    stated = {"MAX_BODY_BYTES": "2048", "MAX_INLINE_CELLS": "10", "MAX_SWEEP_CELLS": "100"}
    stated |= {"API_KEYS_FILE": "keys.txt", "BACKEND": "numpy"}
    key = {"authorization": "Bearer secret"}
    stated = {f"RACKRATE_{one}": value for one, value in stated.items()}
    with mock.patch.dict(os.environ, stated), client() as found:
        asked(record, found, "GET", "/v1/scenarios", "no key ")
        asked(record, found, "GET", "/health/ready", "no key ")
        asked(record, found, "GET", "/v1/scenarios", "key ", headers=key)
        wrong = {"authorization": "Bearer wrong"}
        asked(record, found, "GET", "/v1/scenarios", "wrong key ", headers=wrong)
        for axes in ([USE], [USE, PRICE], [LIFE]):
            for reduce in ({"kind": "cells"}, {"kind": "summary"}):
                body = {**SHIPPED, "axes": axes, "reduce": reduce, "targets": [NPV]}
                asked(record, found, "POST", "/v1/sweeps", "limits ", json=body, headers=key)
        body = {**SHIPPED, "targets": ["x" * 3000]}
        asked(record, found, "POST", "/v1/quotes", "limits ", json=body, headers=key)


def readable(found):
    """The paths that can be read: those of the description, and of the catalog and scenarios."""
    document = found.get("/schema/openapi.json").json()
    paths = [path for path, one in document["paths"].items() if "get" in one and "{" not in path]
    paths += ["/schema", "/schema/openapi.json", "/nothing", "/v1/catalog/x", "/v1/catalog/x/y"]
    paths += ["/v1/catalog/rentals/x", "/v1/scenarios/nvl72", "/"]
    for kind, rows in found.get("/v1/catalog").json().items():
        paths += [f"/v1/catalog/{kind}", *(f"/v1/catalog/{kind}/{row}" for row in rows[:3])]
    return [*paths, *(f"/v1/scenarios/{one}" for one in found.get("/v1/scenarios").json())]


def asked(record, found, method, path, before="", **options):
    """An entry of a request."""
    response = found.request(method, path, **options)
    sent = options.get("json", options.get("content", ""))
    sent = json.dumps(sent) if isinstance(sent, dict | list) else repr(sent) if sent else ""
    short = sent if len(sent) < 120 else f"{sent[:100]}... {sha(sent)[:8]}"
    stated = options.get("headers", {})
    headers = " ".join(f"{k}={v}" for k, v in stated.items() if k != "authorization")
    key = " ".join(one for one in (f"{before}{method} {path}", short, headers) if one)
    text, body = {}, bodied(response)
    kept = {k: v for k, v in response.headers.items() if k not in ("content-length", "date")}
    kept |= {one: MASKED for one in ("etag", "x-request-id") if one in kept}
    values = {"status": response.status_code, "headers": dict(sorted(kept.items()))}
    record.add(key, {**values, "body": parted(body, text)}, text)


def bodied(response):
    """What an answer's body holds."""
    import msgspec

    media = response.headers.get("content-type", "")
    if "json" in media and response.content:
        return json.loads(response.content)
    return msgspec.msgpack.decode(response.content) if "msgpack" in media else response.text
