"""Values of a cell as expressions: what decides is refused, what is true or false is known."""

import numpy as np
import pytest

from kernels.language.verbs import arrays
from kernels.trace.expressions import is_condition, raw
from kernels.trace.tracer import Tracer


@pytest.fixture
def trace():
    return Tracer((3,), 3, arrays())


@pytest.fixture
def few(trace):
    return trace.table(np.array([1.0, 2.0, 3.0]))


def test_a_value_that_decides_is_refused_by_name(few):
    x = few.tracer.input("x")
    with pytest.raises(TypeError, match=r"branches on a value \(<\): use xp.where"):
        bool(x < 2.0)
    with pytest.raises(TypeError, match=r"branches on a value \(table\)"):
        max(few, 1.0) if few else None


def test_conditions_are_known(trace, few):
    x = trace.input("x")
    conditions = [few < 1.0, x < 1.0, (x < 1.0) & (x > 0.0), (x == 1.0) ^ True]
    conditions += [True & (x < 1.0), False | (x < 1.0)]
    assert all(one.is_condition for one in conditions)
    assert all(map(is_condition, (*conditions, True)))
    assert not any(map(is_condition, (few, x, x + 1.0, 1.0)))


def test_the_array_of_a_table_and_other_values_as_they_are(few):
    assert raw(few).tolist() == [1.0, 2.0, 3.0]
    assert raw(2.0) == 2.0
