"""Budgets of processor time, on machines of any speed."""

import time

STATED_SECONDS = 0.038  # what `work` took where the budgets were stated (best of many)


def work() -> float:
    """Processor seconds of a fixed piece of plain Python."""
    began, texts = time.process_time(), {}
    for number in range(300_000):
        texts[number & 1023] = f"{number}"
    return time.process_time() - began


def budget(seconds: float) -> float:
    """A budget stated for a machine of the usual speed, on this one, as fast as it is now."""
    return seconds * max(1.0, min(work() for _ in range(5)) / STATED_SECONDS)
