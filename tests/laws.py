"""How much of what takes long is tried at every run: few examples of a law, some of the cases."""

import pytest
from hypothesis import settings

LEAST = 3  # the first example is the simplest one


def examples(count):
    """Settings of a law that is tried so many times in full, and under another profile in
    proportion.
    """
    share = settings.default.max_examples / settings.get_profile("full").max_examples
    return settings(max_examples=max(LEAST, round(count * share)))


def sample(cases, every):
    """Cases, of which only the first of every so many is not slow."""
    return [
        pytest.param(*case, marks=[pytest.mark.slow] if place % every else [])
        for place, case in enumerate(cases)
    ]
