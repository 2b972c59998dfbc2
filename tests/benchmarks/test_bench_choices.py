"""Which engine `auto` takes, and what it would have taken on the others.

Each question is asked over cubes of 100 to 10,000,000 cells, of which a share is left, once where
no compiled code is kept ("new") and once where it is. Seconds are those of the run; estimates are
those that `auto` chooses by. The aim: never more than 1.3 times the best engine's time, where it
takes 30 ms or more.
"""

import choices
import ours
import pytest


@pytest.mark.parametrize("cells", choices.SIZES)
@pytest.mark.parametrize("question", choices.QUESTIONS)
def test_choices(benchmark, question, cells):
    """What each engine takes."""
    rows = benchmark.pedantic(choices.measured, (question, cells, ours.here()))
    stated = [{"question": question, "state": state, **row} for state, row in rows.items()]
    benchmark.extra_info.update(cells=cells, choices=stated)
