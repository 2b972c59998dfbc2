"""The examples of the OpenAPI document are answered."""

import example_answers
import msgspec
import pytest
import web
from laws import sample

from service.web import examples

CASES = [(operation, name) for operation, named in examples.EXAMPLES.items() for name in named]


@pytest.fixture(scope="module")
def found():
    with example_answers.service() as client:
        yield client


@pytest.mark.parametrize(("operation", "name"), CASES)
def test_an_example_is_answered(found, operation, name):
    response = found.post(web.PATHS[operation], json=examples.EXAMPLES[operation][name])
    assert response.status_code == 200, response.text


def test_every_question_has_one():
    assert set(examples.EXAMPLES) == set(web.PATHS)
    assert all("value" in one for one in examples.examples_of("quote").values())


def same(kept, now):
    """Whether two answers are the same but for the last digits and the version."""
    if isinstance(kept, dict) and isinstance(now, dict):
        assert kept.keys() == now.keys()
        return all(same(kept[key], now[key]) for key in kept if key != "version")
    if isinstance(kept, list) and isinstance(now, list):
        return len(kept) == len(now) and all(map(same, kept, now))
    if isinstance(kept, float) and isinstance(now, float):
        return kept == pytest.approx(now, rel=1e-9, abs=1e-9)
    return kept == now


def test_kept_answers_are_those_of_now(found):
    kept, now = msgspec.json.decode(examples.ANSWERS.read_bytes()), example_answers.made(found)
    for part in ("answers", "problems"):
        assert kept[part].keys() == now[part].keys()
        for name, one in kept[part].items():
            assert same(one, now[part][name]), f"{name}: `python -m tests.example_answers`"
            assert examples.answer_of(name) or examples.problems_of([name])


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


@pytest.mark.parametrize(("operation", "name"), sample(CASES, 5))
def test_no_value_in_the_wrong_place_is_a_fault(found, operation, name):
    asked = examples.EXAMPLES[operation][name]
    for path in places(asked):
        for junk in JUNK:
            answer = found.post(web.PATHS[operation], json=replaced(asked, path, junk))
            assert answer.status_code < 500, (path, junk, answer.text)
