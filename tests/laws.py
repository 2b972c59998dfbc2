"""How often a law is tried whose examples take long."""

from hypothesis import settings

LEAST = 3  # the first example is the simplest one


def examples(count):
    """Settings of a law that is tried so many times in full, and under another profile in
    proportion.
    """
    share = settings.default.max_examples / settings.get_profile("full").max_examples
    return settings(max_examples=max(LEAST, round(count * share)))
