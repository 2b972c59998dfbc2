"""The examples of the OpenAPI document are answered."""

import pytest
import web
from laws import sample

from service.web import examples

CASES = [(operation, name) for operation, named in examples.EXAMPLES.items() for name in named]


@pytest.fixture(scope="module")
def found():
    with web.client() as client:
        yield client


@pytest.mark.parametrize(("operation", "name"), CASES)
def test_an_example_is_answered(found, operation, name):
    response = found.post(web.PATHS[operation], json=examples.EXAMPLES[operation][name])
    assert response.status_code == 200, response.text


def test_every_question_has_one():
    assert set(examples.EXAMPLES) == set(web.PATHS)
    assert all("value" in one for one in examples.examples_of("quote").values())


JUNK = (None, True, -1, 1e18, "x", [], {}, {"kind": "contract"})


def places(body, path=()):
    """The path of every value of a body."""
    inside = (
        body.items()
        if isinstance(body, dict)
        else enumerate(body)
        if isinstance(body, list)
        else ()
    )
    return [path, *(place for key, inner in inside for place in places(inner, (*path, key)))]


def replaced(body, path, value):
    """The body with another value at a path."""
    if not path:
        return value
    copied = dict(body) if isinstance(body, dict) else list(body)
    copied[path[0]] = replaced(body[path[0]], path[1:], value)
    return copied


@pytest.mark.parametrize(("operation", "name"), sample(CASES, 3))
def test_no_value_in_the_wrong_place_is_a_fault(found, operation, name):
    asked = examples.EXAMPLES[operation][name]
    for path in places(asked):
        for junk in JUNK:
            answer = found.post(web.PATHS[operation], json=replaced(asked, path, junk))
            assert answer.status_code < 500, (path, junk, answer.text)
