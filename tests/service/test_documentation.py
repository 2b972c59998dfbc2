"""Pages about the API: every one of them, as a browser without scripts gets it."""

import html
import re
import shlex
from html.parser import HTMLParser

import pytest
import web

from service.web.openapi import document
from service.web.pages import rendering
from service.web.pages.views import SERVER, operations
from service.web.problems import KINDS, type_of
from service.web.quantities import quantities

RECORDS = "/docs/records/"
VOID = {"meta", "link", "br"}
CURL = re.compile(r'<pre class="curl"[^>]*><code>(.*?)</code>', re.DOTALL)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    data = str(tmp_path_factory.mktemp("data"))
    with web.client(backend="numpy", workers=1, data=data) as client:
        yield client


class Page(HTMLParser):
    """The links of a page, and whether its tags are closed in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.links, self.ids = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        assert not {"style", "onclick", "src"} & named.keys()
        assert tag != "script"
        self.links += [named["href"]] if "href" in named else []
        self.ids += [named["id"]] if "id" in named else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_every_page_is_reached_from_the_first_and_is_whole(found):
    waiting, seen = ["/docs"], set()
    while waiting:
        path = waiting.pop()
        seen.add(path)
        if path.startswith(RECORDS) and path != f"{RECORDS}Quote":
            Page(rendering.record_page(path.removeprefix(RECORDS)).decode())
            continue
        answer = found.get(path)
        assert answer.status_code == 200, path
        if answer.headers["content-type"].startswith("text/html"):
            page = Page(answer.text)
            assert len(page.ids) == len(set(page.ids)), path
            assert all(link.startswith("/") for link in page.links), path
            waiting += {link for link in page.links if link not in seen} - {*waiting}
    assert {f"/docs/operations/{one.name}" for one in operations()} <= seen
    assert {f"{RECORDS}{name}" for name in document()["components"]["schemas"]} <= seen
    assert {"/docs/quantities", "/docs/fields", "/docs/problems", "/docs/style.css"} <= seen


def test_the_command_of_each_page_is_answered(found):
    for one in operations():
        page = found.get(f"/docs/operations/{one.name}").text
        command = html.unescape(CURL.search(page).group(1)).replace("\\\n", "")
        program, *words = shlex.split(command)
        assert (program, words[0]) == ("curl", "-s")
        options = dict(zip(words[2::2], words[3::2], strict=True))
        name, _, value = options.get("-H", "Accept: */*").partition(": ")
        answer = found.request(
            options.get("-X", "POST" if "-d" in options else "GET"),
            words[1].removeprefix(SERVER),
            content=options.get("-d"),
            headers={name: value},
        )
        if "{job}" in one.path:  # there is none of the id that is shown
            web.problem(answer, 404, "no-job")
        else:
            assert answer.status_code == 200, answer.text


def test_a_command_says_how_to_send_a_key_where_one_may_be_asked_for(found):
    for name, needed in (("quote", True), ("ready", False)):
        page = found.get(f"/docs/operations/{name}").text
        assert ("add <code>-H 'Authorization: Bearer KEY'</code>" in page) == needed


def test_a_page_says_how_an_operation_may_be_answered(found):
    for one in operations():
        page = found.get(f"/docs/operations/{one.name}").text
        assert all(f"<b>{status}</b>" in page for status in one.said["responses"])
        assert one.said["summary"] in html.unescape(page)


def test_a_field_has_its_type_bounds_unit_and_default(found):
    page = " ".join(found.get("/docs/records/StatedFinance").text.split())
    row = page.split("<code>tax_rate</code>")[1].split("</tr>")[0]
    for said in (
        "number from 0 to 1",
        "percentage",
        "SourcedNumber",
        "tax on profit; default: 0.0",
    ):
        assert said in row
    assert "<code>carry_forward</code> or <code>refund</code>" in page
    assert "needed" in found.get("/docs/operations/solve").text


def test_the_lists_have_everything(found):
    told = found.get("/docs/quantities").text
    assert all(f'id="{name}"' in told for name in quantities().quantities)
    told = found.get("/docs/fields").text
    assert all(f'id="{name}"' in told for name in quantities().fields)
    told = found.get("/docs/problems").text
    assert all(type_of(kind.name) in told for kind in KINDS.values())


def test_the_first_page_is_where_people_look(found):
    answer = found.get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "/docs")


def test_pages_last_and_need_their_styles_only(found):
    for path in ("/docs", "/docs/style.css"):
        answer = found.get(path)
        assert "style-src 'self'" in answer.headers["content-security-policy"]
        again = found.get(path, headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/docs/x", "/docs/operations/x", "/docs/records/<b>"])
def test_other_pages_are_not_there(found, path):
    web.problem(found.get(path), 404, "not-there")


def test_pages_need_no_key(tmp_path):
    keys = tmp_path / "keys"
    keys.write_text("0" * 64)
    with web.client(api_keys_file=str(keys)) as locked:
        assert locked.get("/docs").status_code == locked.get("/schema").status_code == 200
        assert locked.get("/v1/catalog").status_code == 401
