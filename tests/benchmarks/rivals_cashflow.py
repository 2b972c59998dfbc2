"""Rivals for returns: pyxirr and numpy-financial over flows that are ready, and NREL's System
Advisor Model on a whole project.
"""

import system_advisor
from grid_of_eight import cell, sample

from economics.scenario.inputs import Inputs
from economics.scenario.reading import scenario
from kernels.language.graph import run
from kernels.language.verbs import FLOATS

TARGETS = ("npv_usd_per_rack", "equity_npv_usd_per_rack", "irr_per_year")


def ready(cells, base, ranges, count):
    """Of some cells of a grid: flows of the project and of equity by period, the periods of a year,
    WACC, and our answers.
    """
    for index in sample(cells, count):
        inputs = Inputs.of(scenario(cell(index, cells, base, ranges)))
        plan = inputs.plan((*TARGETS, "equity_irr_per_year"))
        values = run(plan.steps, inputs.given(plan), FLOATS)
        project = [
            -values["it_capex_usd_per_rack"],
            *values["project_flow_usd_per_rack_by_date"].values,
        ]
        equity = [
            -values["equity_outlay_usd_per_rack"],
            *values["equity_flow_usd_per_rack_by_date"].values,
        ]
        yield (
            project,
            equity,
            inputs.periods_per_year,
            inputs.values["wacc_per_year"],
            tuple(values[target] for target in TARGETS),
        )


def loop(library, jobs):
    """NPV of the project, NPV of equity and IRR of each job, one call each."""
    ready = jobs()

    def evaluated():
        for project, equity, periods, wacc, _ in ready:
            rate = (1.0 + wacc) ** (1.0 / periods) - 1.0
            root = library.irr(project)
            yield (
                library.npv(rate, project),
                library.npv(rate, equity),
                None if root is None else (1.0 + root) ** periods - 1.0,
            )

    return lambda: list(evaluated())


def system_advisor_project():
    """One project of SAM's model of a single owner, at one price after another."""
    model = system_advisor.project(tax_rate=0.21, macrs=True, debt_fraction=0.6)

    def evaluated():
        model.value("ppa_price_input", [3.5])
        return system_advisor.executed(model)

    return evaluated
