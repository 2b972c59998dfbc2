"""The OpenAPI document as it is served."""

import msgspec
import web

from service.web.openapi import document


def test_the_document_is_served_without_scripts_of_others():
    with web.client() as found:
        for path in ("/schema", "/schema/openapi.json"):
            response = found.get(path)
            assert response.json() == msgspec.json.decode(msgspec.json.encode(document()))
            assert response.headers["content-type"] == "application/json"
            assert (
                found.get(path, headers={"if-none-match": response.headers["etag"]}).status_code
                == 304
            )
        assert "<script" not in found.get("/schema").text
