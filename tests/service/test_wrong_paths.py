"""Paths at which there is nothing, and methods that are not taken."""

import pytest
import web


@pytest.fixture(scope="module")
def found():
    with web.client() as client:
        yield client


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/v1/quote", "nothing is at '/v1/quote'; did you mean /v1/quotes or"),
        ("/openapi.json", "did you mean /schema/openapi.json?"),
        ("/v1/catalogue", "did you mean /v1/catalog or /v1/catalog/{kind}"),
        ("/wp-login.php", "nothing is at '/wp-login.php'; /docs lists all paths"),
        (f"/{'a' * 3000}", f"nothing is at '/{'a' * 99}...'; /docs"),
    ],
)
def test_a_path_that_is_none_is_told_with_near_ones(found, path, said):
    details = web.problem(found.get(path), 404, "not-there")
    assert said in details["detail"]
    assert details["detail"].endswith("/docs lists all paths")


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [
        ("GET", "/v1/quotes", "GET of /v1/quotes: expected POST"),
        ("DELETE", "/v1/catalog", "DELETE of /v1/catalog: expected GET"),
    ],
)
def test_a_method_that_is_not_taken_is_told_with_those_that_are(found, method, path, said):
    assert web.problem(found.request(method, path), 405, "wrong-method")["detail"] == said
