"""The version."""

import re

from service.version import version


def test_it_is_that_of_the_package():
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", version())
