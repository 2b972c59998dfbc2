"""Sobol indices of targets that are known."""

import numpy as np
import pytest
from racks import reference

from economics import Problem, scenario
from economics.sweeps.answers import Column
from economics.sweeps.distributions import Correlation, Drawn, Uniform
from economics.uncertainty.indices import indices, mixed_rows, most_rows

FIELDS = {
    "pue": Uniform(low=1.0, high=2.0),
    "tax_rate": Uniform(low=0.0, high=0.5),
    "utilisation": Uniform(low=0.0, high=1.0),
}
HOW = Drawn(fields=FIELDS, count=1024)


def rows(how=HOW):
    return mixed_rows(how, scenario(reference()))


def test_rows_are_two_matrices_and_the_first_with_each_column_of_the_other():
    found = {name: values.reshape(5, 1024) for name, values in rows().items()}
    for place, name in enumerate(sorted(FIELDS)):
        one, other, *mixed = found[name]
        assert (one != other).any()
        for at, values in enumerate(mixed):
            assert (values == (other if at == place else one)).all()


def test_rows_are_fewer_the_more_fields_there_are():
    assert (most_rows(1), most_rows(3)) == (20_000_000 // 3, 20_000_000 // 15)
    with pytest.raises(Problem, match=r"at most \d+ with 3 fields: 5 evaluations for each"):
        rows(Drawn(fields=FIELDS, count=1_000_000 + 400_000))


def test_indices_of_a_sum_are_shares_of_its_variance():
    """pue + 4 tax_rate: variances 1/12 and 16/48, of which the third field has nothing."""
    drawn = rows()
    found, missing, notes = indices(HOW, drawn["pue"] + 4.0 * drawn["tax_rate"], None)
    assert (missing, notes) == ({}, ())
    assert [one.field for one in found] == ["tax_rate", "pue", "utilisation"]
    for one, share in zip(found, (0.8, 0.2, 0.0), strict=True):
        assert one.first_order.value == pytest.approx(share, abs=0.01)
        assert one.total_order.value == pytest.approx(share, abs=0.01)


def test_rows_without_a_value_are_left_out():
    drawn = rows()
    codes = np.zeros((5, 1024), dtype=np.int16)
    codes[:, 7], codes[3, 5], codes[2:, 9] = 1, 2, [2, 1, 1]
    values = np.where(codes.ravel(), np.nan, drawn["pue"])
    why = Column(codes.ravel(), "1", "", ("ok", "never", "no_debt"))
    found, missing, _ = indices(HOW, values, why)
    assert (found[0].field, missing) == ("pue", {"never": 1, "no_debt": 2})


def test_there_are_none_where_nothing_varies_or_inputs_go_together():
    found, missing, notes = indices(HOW, np.ones(5 * 1024), None)
    assert (found, missing) == ((), {})
    assert "does not vary" in notes[0]
    pair = Correlation(between=("pue", "tax_rate"), coefficient=0.5)
    how = Drawn(fields=FIELDS, count=1024, correlations=(pair,))
    assert "correlated" in indices(how, np.ones(5 * 1024), None)[2][0]
