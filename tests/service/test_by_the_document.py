"""The service against its OpenAPI document, by schemathesis: all checks, all phases, in process,
the same cases on every run.
"""

from collections import Counter
from itertools import islice

import msgspec
import pytest
import schemathesis
from schemathesis.engine import from_schema

from service.settings import Settings
from service.web.app import create_app

PHASES = ("examples", "coverage", "fuzzing", "stateful")
CHECKS = {
    # a name that is in no catalog, and what is sound but makes no sense together
    "positive_data_acceptance": {"expected-statuses": ["2xx", 304, 404, 413, 422, 503, 504]},
    # that no worker is free, or no time
    "not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx", 503, 504]},
}
WORK = "/v1/(s[eio]|sweeps|compar|dep|cash|explain|.*batch)"
LONG = {"include-path-regex": WORK, "enabled": False}
# a row that is wrong is told in its place, among the answers of the others
BATCH = {
    "include-path": "/v1/quotes/batch",
    "checks": {"negative_data_rejection": {"enabled": False}},
}
SMALL = Settings(max_inline_cells=20_000, max_sweep_cells=200_000, max_waiting=1000)
COVERED = 150  # cases of each operation of the phase "coverage", which has tens of thousands


@schemathesis.serializer("application/msgpack")
def packed(_, value):
    """A body as MessagePack, whose whole numbers have 64 bits."""
    return value if isinstance(value, bytes) else msgspec.msgpack.encode(shortened(value))


def shortened(value):
    if isinstance(value, dict):
        return {name: shortened(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shortened(inner) for inner in value]
    return float(value) if isinstance(value, int) and not -(2**63) <= value < 2**64 else value


def described(*phases, examples=1, operations=(BATCH,)):
    """The document of a service in this process, tried in some phases."""
    config = schemathesis.Config.from_dict(
        {
            "seed": 7,
            "phases": {one: {"enabled": one in phases} for one in PHASES},
            "generation": {"max-examples": examples},
            "checks": CHECKS,
            "operations": list(operations),
        }
    )
    return schemathesis.openapi.from_asgi("/schema/openapi.json", create_app(SMALL), config=config)


def failures(schema):
    """What failed, and how many cases there were."""
    found, cases = Counter(), 0
    for event in from_schema(schema).execute():
        if recorder := getattr(event, "recorder", None):
            cases += len(recorder.cases)
            for case, checks in recorder.checks.items():
                for one in checks:
                    if one.failure_info:
                        sent = recorder.cases[case].value
                        said = f"{one.failure_info.failure} {sent.as_curl_command():.500}"
                        found[f"{recorder.label} {said}"] += 1
        if error := getattr(event, "value", None) or getattr(event, "exception", None):
            found[repr(error)] += 1
    return found, cases


def test_what_the_document_shows_holds():
    found, cases = failures(described("examples", operations=[LONG]))
    assert not found, found
    assert cases > 5


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_whatever_the_document_allows_or_forbids():
    found, cases = failures(described("examples", "fuzzing", "stateful", examples=80))
    assert not found, found
    assert cases > 2000


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_each_bound_of_the_document():
    schema = described("coverage")
    cases = 0
    for operation in (one.ok() for one in schema.get_all_operations()):
        generation = schema.config.generation_for(operation=operation, phase="coverage")
        each = schema.iter_coverage_cases(
            operation, generation_modes=generation.modes, generation_config=generation
        )
        for case in islice(each, COVERED):
            case.call_and_validate()
            cases += 1
    assert cases > 1000
