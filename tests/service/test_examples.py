"""The examples of the OpenAPI document are answered."""

import pytest
import web

from service import examples

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
    assert all("value" in one for one in examples.of("quote").values())
