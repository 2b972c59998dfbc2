"""NPV of the project, NPV of its equity and IRR: tax, an NOL carried forward, MACRS, level debt.

pyxirr and numpy-financial get flows that are ready; making them is not counted. Their answers are
compared with ours before anything is timed, to a billionth: NPV, and IRR where ours has one (a flow
with more than one root has none here). SAM computes a project of five years, with 8,760 hours of
generation and losses refunded: one scenario, for its scale.

Every scenario has a flow of its own. With an axis of ten WACCs instead of one of fees, ten
scenarios share a flow and so an IRR, which is searched for once: what a sweep gains that a loop
does not see.
"""

from functools import cache, partial

import numpy as np
import numpy_financial
import ours
import pytest
import pyxirr
import rivals_cashflow
from grid_of_eight import CELLS, RANGES, spec
from racks import asked, reference
from rivals_cashflow import TARGETS
from turns import Entry, Group, in_turns

WITH_RATES = RANGES | {"price_decline_per_year": (0.0, 0.12), "utilisation": (0.5, 1.0)}
ALL_DIFFER = {
    "revenue_overhead_fraction" if f == "wacc_per_year" else f: r for f, r in WITH_RATES.items()
} | {"revenue_overhead_fraction": (0.0, 0.05)}
SAMPLE = 300
FINANCE = {
    "tax_rate": 0.21,
    "tax_depreciation": {"method": "macrs", "recovery_years": 5},
    "loss_treatment": "carry_forward",
    "loss_limit_fraction": 0.8,
    "debt_fraction": 0.6,
    "debt_rate_per_year": 0.09,
}
# life in years, periods a year, residual, cells; a residual, or the tax of the last month would
# leave most flows two roots
QUESTIONS = {
    "10 yearly periods": (10, 1, 0.0, CELLS // 10),
    "60 monthly periods": (5, 12, 0.1, CELLS // 100),
    "10 yearly periods, each flow at ten WACCs": (10, 1, 0.0, CELLS // 10),
    "60 monthly periods, each flow at ten WACCs": (5, 12, 0.1, CELLS // 100),
}


def base(years, periods, residual):
    """The project."""
    hardware = {"economic_life_years": years, "residual_fraction": residual}
    return reference(hardware=hardware, finance=FINANCE | {"periods_per_year": periods})


def ranges(title):
    """The axes of a question: every scenario has a flow of its own, or each flow is looked at with
    ten rates.
    """
    return WITH_RATES if "WACC" in title else ALL_DIFFER


@cache
def jobs(title):
    """Ready flows of a sample of the grid."""
    *terms, cells = QUESTIONS[title]
    return tuple(rivals_cashflow.ready(cells, base(*terms), ranges(title), SAMPLE))


def agrees(title, found):
    """Compare a library's answers with ours."""
    for numbers, (*_, wanted) in zip(found, jobs(title), strict=True):
        assert numbers[:2] == pytest.approx(wanted[:2], rel=1e-9, abs=1e-6)
        assert not np.isfinite(wanted[2]) or numbers[2] == pytest.approx(wanted[2], rel=1e-9)


def sam_agrees(found):
    """Compare SAM's equity with ours."""
    finance = {
        "tax_rate": 0.21,
        "debt_fraction": 0.6,
        "debt_rate_per_year": 0.11,
        "basis_at_disposal": "lost",
    }
    finance["tax_depreciation"] = {"method": "macrs", "recovery_years": 5}
    answers = asked(reference(finance=finance), "equity_npv_usd_per_rack", "equity_irr_per_year")
    assert found[0] == pytest.approx(answers["equity_npv_usd_per_rack"].value, rel=1e-9)
    assert found[1] == pytest.approx(answers["equity_irr_per_year"].value, abs=3e-6)


def mostly_solved(table):
    """Most flows have an IRR: there is something to search for."""
    assert np.isfinite(table.columns["irr_per_year"].values).mean() > 0.8


def group(title):
    """All entries for a question."""
    *terms, cells = QUESTIONS[title]
    swept, check = (
        spec("cells", TARGETS, cells, base(*terms), ranges(title)),
        partial(agrees, title),
    )
    entries = [ours.entry(f"rackrate, {e}", swept, e, cells, mostly_solved) for e in ours.here()]
    for name, library in (("pyxirr", pyxirr), ("numpy-financial", numpy_financial)):
        make = partial(rivals_cashflow.loop, library, partial(jobs, title))
        entries.append(
            Entry(
                f"{name}, ready flows", make, SAMPLE, check=check, note="a sample of the scenarios"
            )
        )
    if title == "10 yearly periods":
        entries.append(
            Entry(
                "SAM (PySAM), single owner",
                rivals_cashflow.system_advisor_project,
                check=sam_agrees,
                note="5 years",
            )
        )
    return Group(f"{title}: {', '.join(TARGETS)}", tuple(entries))


@pytest.mark.parametrize(("group", "entry"), in_turns(*map(group, QUESTIONS)))
def test_cashflows(benchmark, group, entry):
    """Times and scenarios a second."""
    group.replay(benchmark, entry)
