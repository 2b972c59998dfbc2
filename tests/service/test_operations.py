"""Operations of the document: what each may be answered with, and that it is."""

import pytest
import web

from service.web.examples import EXAMPLES
from service.web.openapi import document
from service.web.operations import HEADERS, kinds_of, response_name
from service.web.problems import FAULT, KINDS, BadRequest


def test_the_problems_of_a_route_are_those_of_what_it_does():
    bare = kinds_of(body=False, names=False, key=False, engine=False)
    assert set(bare) == {400, 405, 406, 408, 431, 500, 503}
    body = kinds_of(body=True, names=False, key=True, engine=True)
    assert set(body) - set(bare) == {401, 413, 415, 422, 429, 504}
    assert [kind.name for kind in body[422]] == ["bad-input", "no-answer"]
    assert {kind.name for kind in body[503]} == {"no-backend", "busy", "ending", "work-lost"}
    assert 404 in kinds_of(body=False, names=True, key=True, engine=False)


def test_a_response_is_called_by_its_kinds():
    assert response_name((KINDS[BadRequest], FAULT)) == "BadRequestOrFault"


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    with web.client(backend="numpy", data=str(tmp_path_factory.mktemp("data"))) as client:
        yield client


def documented(operation, status):
    response = operation["responses"][str(status)]
    if "$ref" in response:
        return document()["components"]["responses"][response["$ref"].rpartition("/")[2]]
    return response


WRONG = [
    {"content": "{", "headers": {"content-type": "application/json"}},
    {"content": "{}", "headers": {"content-type": "text/plain"}},
    {"json": []},
    {"json": {}, "headers": {"accept": "text/html"}},
]


def test_answers_have_the_statuses_formats_and_headers_that_are_documented(found):
    for path, item in document()["paths"].items():
        for method, one in item.items():
            names = {given["name"]: _example(given) for given in one.get("parameters", ())}
            known = path.format_map(names)
            body = EXAMPLES.get(one["operationId"])
            asked = [(method, known, how) for how in (WRONG if body else [{}, WRONG[3]])]
            asked += [(method, known, {"json": body["own"]})] if path == "/v1/quotes" else []
            asked += [("delete", known, {})]
            asked += [(method, path.format_map(dict.fromkeys(names, "x")), {})] if names else []
            for verb, where, how in asked:
                answer = found.request(verb, where, **how)
                said = documented(one, answer.status_code)
                assert answer.headers["content-type"] in said["content"]
                needed = {
                    name.lower()
                    for name in said["headers"]
                    if document()["components"]["headers"][name]["required"]
                }
                assert needed <= {*answer.headers}, (verb, where)
                told = {name.lower() for name in HEADERS} & {*answer.headers}
                assert told <= {name.lower() for name in said["headers"]} | {"vary"}, where


def _example(given):
    return next((one["value"] for one in given.get("examples", {}).values()), "")


def test_who_has_an_answer_is_told_that_it_is_so_still(found):
    for path in ("/v1/catalog", "/v1/quantities"):
        tag = found.get(path).headers["etag"]
        again = found.get(path, headers={"if-none-match": tag})
        said = documented(document()["paths"][path]["get"], again.status_code)
        assert {name.lower() for name in said["headers"]} <= {*again.headers}
