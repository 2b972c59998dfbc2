"""Plans with known hashes: numpy has them, devices have them, and what is changed in a plan changes
its hash.
"""

import numpy as np
import pytest

from kernels.engines.cuda.device import Session
from kernels.engines.cuda.operations import is_light
from kernels.engines.cuda.runner import LONG_ROW
from kernels.engines.rows.layout import in_rows
from kernels.gpu_check import known
from kernels.gpu_check.known import KNOWN, digest
from kernels.trace.tracer import Tracer


def named(plan):
    return plan.name


@pytest.mark.parametrize("plan", KNOWN, ids=named)
def test_numpy_has_the_known_hash(plan):
    assert digest(plan.by_numpy()) == plan.sha256


@pytest.mark.parametrize("plan", KNOWN, ids=named)
@pytest.mark.parametrize("processors", [1, 5])
def test_a_device_has_it(machine, plan, processors):
    machine(processors=processors)
    assert digest(plan.by_device(Session())) == plan.sha256


def test_one_bit_of_one_answer_makes_another_hash():
    answers = KNOWN[0].by_numpy()
    answers[1] = answers[1].copy()
    answers[1][-1, -1, -1] = np.nextafter(answers[1][-1, -1, -1], np.inf)
    assert digest(answers) != KNOWN[0].sha256


def test_what_is_no_number_is_the_same_however_it_came_about():
    with np.errstate(all="ignore"):
        made = [np.array([one]) for one in (np.nan, -np.nan, np.inf - np.inf)]
    assert len({digest([one]) for one in made}) == 1
    assert digest([np.array([0.0])]) != digest([np.array([-0.0])])


def test_tables_hold_whole_numbers_of_few_bits():
    for table in known.inputs():
        assert (table == table.round()).all()
        assert np.abs(table).max() <= 504.0


def test_plans_take_every_way_through_the_kernels():
    seen = set()
    for plan in KNOWN:
        tracer = Tracer(known.SHAPE, 0, known.arrays(), rolls=True)
        _, layout = in_rows(
            plan.formula(*map(tracer.lift, known.inputs()), tracer), known.SHAPE, LONG_ROW
        )
        kinds = {kind for kind, tables in layout.tables.items() if tables}
        seen |= (
            kinds
            | {name for name in ("turns", "folds") if getattr(layout, name)}
            | {f"light {is_light(layout)}"}
        )
    assert seen == {"outer", "inner", "mixed", "turns", "folds", "light True", "light False"}


def test_answers_have_infinities_and_few_that_are_the_same():
    answers = KNOWN[0].by_numpy()
    assert np.isinf(answers[0]).any()
    assert all(len(np.unique(one)) > 1000 for one in answers)
