"""What the service answers to the first example of each operation, and to what is wrong in some
usual ways: kept for the OpenAPI document. Renew them with `python -m tests.example_answers`.
"""

import hashlib
import tempfile
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import msgspec
from litestar.testing import TestClient

from service.settings import Settings
from service.web import job_examples
from service.web.app import create_app
from service.web.examples import ANSWERS, EXAMPLES, PRICES, SCENARIO
from service.web.openapi import document

NAMES = {
    "sweep": "stargate-rack-grid",
    "kind": "accelerators",
    "row": "hgx-h100",
    "name": "reference-project",
}
# The long tables of an answer, of which the first entries are kept; "" is the answer itself.
LONG = {
    "readCatalogKind": ("",),
    "listQuantities": ("quantities", "fields"),
    "depreciation": ("quantities",),
    "cashflow": ("quantities", "sums"),
}
SECONDS = 0.01  # in place of the time that an answer took
SHOWN = 2  # entries of a long table
CUT = "The first entries of its tables."
JSON = {"Content-Type": "application/json"}
MISSPELT = {"scenario": {**SCENARIO, "finance": {"wac_per_year": 0.1, "tax_rate": 1.5}}}
HUGE = {"scenario": SCENARIO, "axes": [{**PRICES, "count": 1_000_000}] * 3, "targets": ["pue"]}
PROBLEMS = {
    "bad-body": ("POST", "/v1/quotes", {"content": b'{"scenario": ', "headers": JSON}),
    "no-key": ("GET", "/v1/catalog", {}),
    "not-there": ("GET", "/v1/catalog/accelerators/h1000", {}),
    "no-job": ("GET", f"/v1/jobs/{job_examples.QUEUED.id}", {}),
    "wrong-method": ("DELETE", "/v1/quotes", {}),
    "not-acceptable": ("GET", "/v1/catalog", {"headers": {"Accept": "text/html"}}),
    "too-large": ("POST", "/v1/sweeps", {"json": HUGE}),
    "unsupported-body": ("POST", "/v1/quotes", {"content": b"{}"}),
    "bad-input": ("POST", "/v1/quotes", {"json": MISSPELT}),
}


def operations():
    """Every operation of the document: path, method and what it says."""
    return [
        (path, method, one)
        for path, item in document()["paths"].items()
        for method, one in item.items()
    ]


@contextmanager
def service():
    """The service by which they are answered."""
    with tempfile.TemporaryDirectory() as data:
        given = Settings(backend="numpy", workers=1, data=data)
        with TestClient(create_app(given)) as client:
            yield client


def made(client):
    """The answers as they are now, as examples of OpenAPI."""
    answers = {name: _example(name, _answer(client, *rest)) for name, *rest in _asked()}
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder) / "keys"
        keys.write_text(hashlib.sha256(b"key").hexdigest())
        with TestClient(create_app(Settings(api_keys_file=str(keys), workers=1))) as locked:
            problems = {
                name: {
                    "value": (locked if name == "no-key" else client).request(*how, **body).json()
                }
                for name, (*how, body) in PROBLEMS.items()
            }
    return {"answers": answers, "problems": problems}


def _asked():
    for path, method, one in operations():
        name = one["operationId"]
        body = next(iter(EXAMPLES.get(name, {}).values()), None)
        if name not in {**job_examples.EXAMPLES, **job_examples.ANSWERED_AS}:
            yield name, path.format(**NAMES), method, body


def _answer(client, path, method, body):
    found = client.request(method, path, json=body)
    assert found.status_code == 200, (path, found.text)
    answer = found.json()
    return {**answer, "seconds": SECONDS} if "seconds" in answer else answer


def _example(name, answer):
    if name not in LONG:
        return {"value": answer}
    if LONG[name] == ("",):
        return {"summary": CUT, "value": _first(answer)}
    short = {key: _first(inner) for key, inner in answer.items() if key in LONG[name]}
    return {"summary": CUT, "value": {**answer, **short}}


def _first(table):
    return dict(islice(table.items(), SHOWN))


if __name__ == "__main__":
    with service() as asked:
        text = msgspec.json.format(msgspec.json.encode(made(asked)), indent=1)
    ANSWERS.write_bytes(text + b"\n")
