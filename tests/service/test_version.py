"""Versions."""

import re

from service.version import installed_version, requirements, version


def test_it_is_that_of_the_package():
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", version())


def test_what_is_missing_is_said():
    assert installed_version("no-such-package-of-ours") == "not installed"


def test_what_it_needs_is_told_by_extra():
    found = requirements()
    assert ("numpy", "") in found
    assert ("llvmlite", "jit") in found
    assert ("nvidia-cuda-nvrtc-cu12", "cuda") in found
