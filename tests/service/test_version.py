"""Versions."""

import re

from service.version import installed_version, version


def test_it_is_that_of_the_package():
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", version())


def test_what_is_missing_is_said():
    assert installed_version("no-such-package-of-ours") == "not installed"
