"""Pages are made once each, of templates that miss nothing."""

import pytest

from service.web.pages import rendering
from service.web.problems import NotThere


def test_a_page_is_made_once_and_escapes_what_it_shows():
    assert rendering.page("index") is rendering.page("index")
    assert b"{{" not in rendering.operation_page("quote")
    assert b'"8%"' in rendering.record_page("Linspace")


def test_prose_is_escaped_and_has_code():
    assert rendering.prose("`a<b` & c") == "<code>a&lt;b</code> &amp; c"


@pytest.mark.parametrize("make", [rendering.page, rendering.operation_page, rendering.record_page])
def test_what_there_is_no_page_of_is_said(make):
    with pytest.raises(NotThere, match="no page is called nothing"):
        make("nothing")
