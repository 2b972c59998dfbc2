"""Laws of sweeps on devices: the bits of numpy for any scenario, grid, target and reduction. On
real devices where there are some.
"""

import math

import numpy as np
import pytest
import tuned
from hypothesis import given
from hypothesis import strategies as st
from laws import examples, sample
from racks import changed, reference
from strategies import scenarios
from tally import compared

from economics.models.assembly import FORMULAS, graph, public_names
from economics.scenario.inputs import Inputs
from economics.scenario.reading import scenario
from kernels.grids.engine_table import CUDA, NUMPY

TARGETS = (
    *(
        "cost_usd_per_gpu_hour",
        "lcoc_usd_per_gpu_hour",
        "npv_usd_per_rack",
        "equity_npv_usd_per_rack",
        "irr_per_year",
        "mirr_per_year",
    ),
    *(
        "equity_irr_per_year",
        "payback_years",
        "discounted_payback_years",
        "moic",
        "min_dscr",
        "llcr",
        "breakeven_utilisation",
    ),
    *("mean_dscr", "after_tax_min_dscr", "dscr_by_year[1]", "plcr", "debt_average_life_years"),
    "equity_payback_years",
    *(
        "equity_breakeven_utilisation",
        "breakeven_price_usd_per_gpu_hour",
        "accounting_breakeven_utilisation",
        "root_count",
    ),
    *(
        "retirement_age_years",
        "tax_usd_per_rack_by_year[1]",
        "debt_balance_usd_per_rack_by_year[1]",
    ),
)
AXES = {
    "economic_life_years": [2, 1, 3],
    "wacc_per_year": [0.0, 0.09],
    "tax_rate": [0.25, 0.0],
    "utilisation": [0.4, 0.0, 0.9],
    "gpu_price_usd_per_gpu": [3e4, 9e3, 6e4],
    "ramp_years": [0.6, 0.0],
    "availability": [0.95, 0.8],
    "residual_fraction": [0.1, 0.0],
}
KINDS = {
    "yearly": (1, 6, 10),
    "quarterly": (4, 3, 5),
    "monthly": (12, 2, 4),
}  # periods a year, longest life, examples
LOAN = {"debt_fraction": 0.6, "debt_rate_per_year": 0.09}
LOSSES = {"tax_rate": 0.21, "loss_treatment": "carry_forward", "loss_limit_fraction": 0.8}
MACRS = {"method": "macrs", "recovery_years": 5}
BY_USE = {"method": "units_of_production", "life_years": 2}
LINEAR = {"method": "straight_line", "life_years": 2}
PATH = {"price_path_usd_per_gpu_hour": [3.5, 2.0], "rental_price_usd_per_gpu_hour": 3.5}
ORBIT = {
    "satellite_mass_kg_per_kw": 10,
    "launch_price_usd_per_kg": 300,
    "satellite_price_usd_per_kw": 2e3,
    "satellite_life_years": 5,
}
OWNED = {"facility_capex_usd_per_kw": 1e4, "facility_life_years": 20, "pue": 1.2}
RATES = {"output_token_per_second_per_gpu": 133, "input_token_per_second_per_gpu": 1330}
TOKENS = RATES | {
    "kind": "tokens",
    "output_price_usd_per_mtok": 60,
    "input_price_usd_per_mtok": 15,
    "input_token_per_output_token": 3,
}
GENERATED = {name: one for name, one in TOKENS.items() if "input" not in name}
USERS = {
    "price_usd_per_user_month": 20,
    "request_per_user_month": 500,
    "input_token_per_request": 8000,
    "output_token_per_request": 1000,
}
SUBSCRIPTION = RATES | USERS | {"kind": "subscription", "use_sigma": 1.0}
ASKED = {name: one for name, one in SUBSCRIPTION.items() if "input" not in name} | {
    "input_token_per_request": 0
}
DEFAULTS = {
    "default_probability_per_year": 0.1,
    "vacancy_years": 1,
    "recovery_fraction": 0.4,
    "backstop_fraction": 0.25,
}
TRANCHE = {
    "hours_fraction": 0.8,
    "contract_price_usd_per_gpu_hour": 3.2,
    "contract_term_years": 1,
    "prepayment_fraction": 0.1,
    **DEFAULTS,
}
CONTRACT = {
    "kind": "contract",
    "rental_price_usd_per_gpu_hour": 2.5,
    "utilisation": 0.7,
    "tranches": [TRANCHE],
}
FINANCES = (  # facility, finance, revenue: between them every formula there is
    (
        None,
        LOAN
        | LOSSES
        | {
            "amortisation": "level",
            "tax_depreciation": MACRS,
            "book_depreciation": LINEAR,
        },
        {},
    ),
    (
        OWNED | {"kind": "owned"},
        LOAN | LOSSES | {"amortisation": "straight", "timing": "mid", "basis_at_disposal": "lost"},
        PATH,
    ),
    (
        ORBIT | {"kind": "orbital"},
        LOAN | {"tax_rate": 0.3, "amortisation": "sculpted", "target_dscr": 1.4},
        {"ramp_years": 0.5},
    ),
    (None, LOAN | {"tax_rate": 0.3, "amortisation": "bullet"}, {"price_decline_per_year": 0.1}),
    (None, {"tax_depreciation": BY_USE, "book_depreciation": BY_USE}, {}),
    (None, LOAN, TOKENS | {"utilisation": 0.6}),
    (None, LOSSES, SUBSCRIPTION | {"utilisation": 0.6}),
    (None, LOAN, GENERATED | {"utilisation": 0.6}),
    (None, LOSSES, ASKED | {"utilisation": 0.6}),
    (None, LOAN | LOSSES, CONTRACT),
    (None, LOAN | LOSSES | {"book_depreciation": LINEAR}, {"ramp_years": 0.25}),
)
LIVES = {
    "server_life_years": 1,
    "network_life_years": 2,
    "network_price_usd_per_gpu": 5e3,
    "storage_life_years": 4,
}  # of the last


SHORT = tuned.with_rows(CUDA, 2)


def bits(values):
    return np.ascontiguousarray(values, dtype=float).view(np.int64)


def alike(there, spec, **how):
    """Whether a sweep has the bits of numpy on a device, statuses and all; returns numpy's
    table.
    """
    ours, theirs = (tuned.sweep(spec, engine, **how) for engine in (SHORT, NUMPY))
    assert (ours.backend, theirs.backend) == ("cuda", "numpy")
    assert list(ours.columns) == list(theirs.columns)
    for name, column in theirs.columns.items():
        found, wanted = ours.columns[name], column
        assert found.categories == wanted.categories, name
        if wanted.values.dtype.kind == "f":
            both_missing = np.isnan(wanted.values) & np.isnan(found.values)
            assert (both_missing | (bits(wanted.values) == bits(found.values))).all(), name
        else:
            assert (wanted.values == found.values).all(), name
    compared(there, sum(theirs.columns[target].values.size for target in spec["targets"]))
    return theirs


def axes(lengths):
    return [
        {"kind": "values", "field": field, "values": AXES[field][:length]}
        for field, length in lengths.items()
    ]


def grids():
    """One to eight axes in any order, some of one value."""
    lengths = st.fixed_dictionaries(
        {field: st.integers(1, len(values)) for field, values in AXES.items()}
    )
    return st.builds(
        lambda order, count, each: {field: each[field] for field in order[:count]},
        st.permutations(list(AXES)),
        st.integers(1, len(AXES)),
        lengths,
    )


def without_tenor(tables):
    """The tables with a tenor that every life of the axes allows."""
    return {
        **tables,
        "finance": {
            name: value for name, value in tables["finance"].items() if name != "debt_tenor_years"
        },
    }


@pytest.mark.hypothesis
@pytest.mark.parametrize("kind", sample([(kind,) for kind in KINDS], 3))
def test_scenarios_by_chance_have_the_bits_of_numpy(cuda, kind):
    periods, life, tries = KINDS[kind]

    @examples(tries)
    @given(
        scenarios(periods=(periods,), max_life=life),
        grids(),
        st.integers(1, 3),
        st.none() | st.integers(5, 60),
    )
    def law(tables, lengths, processors, tile_cells):
        lengths = {
            field: min(length, life) if field == "economic_life_years" else length
            for field, length in lengths.items()
        }
        spec = {"scenario": without_tenor(tables), "axes": axes(lengths), "targets": TARGETS}
        alike(
            cuda(processors=processors), spec, tile_cells=tile_cells if kind == "yearly" else None
        )

    law()


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_losses_debt_and_macrs_have_the_bits_of_numpy(cuda, kind):
    periods, *_ = KINDS[kind]
    finance = LOAN | LOSSES | {"tax_depreciation": MACRS, "periods_per_year": periods}
    spec = {
        "scenario": reference(finance=finance),
        "axes": axes(dict.fromkeys(AXES, 2)),
        "targets": TARGETS,
    }
    alike(cuda(), spec)


# powers of what is searched for are left to other engines
REFUSED = "breakeven_default_probability_per_year"
FAILING = {"job_gpu": 1024, "mtbf_gpu_hour": 26_446, "hours_lost_per_interruption": 1.5}


def stated(case):
    """One of the scenarios that have every formula between them."""
    place, finance, revenue = case
    hardware = {"rack_count": 3, "idle_load_fraction": 0.2} | (
        LIVES if case is FINANCES[-1] else {}
    )
    tables = reference(finance=finance, revenue=revenue, hardware=hardware, operations=FAILING)
    if "kind" in revenue:
        tables = {
            **tables,
            "revenue": revenue,
            "operations": {**tables["operations"], "delay_years": 1},
        }
    return (
        {**tables, "facility": place or tables["facility"]}
        if (place or {}).get("kind") != "orbital"
        else in_orbit(tables, place)
    )


def in_orbit(tables, place):
    return {name: table for name, table in {**tables, "facility": place}.items() if name != "power"}


def formulas(tables):
    """Each quantity that can be asked for with its formula."""
    nodes = graph(Inputs.of(scenario(tables)).choices).nodes
    return {name: nodes[name] for name in public_names(nodes)}


IDLE = changed(reference(), hardware={"idle_load_fraction": 1.0}, revenue={"utilisation": None})


def test_a_draw_that_no_use_decides_has_the_bits_of_numpy(cuda):
    swept = axes({"gpu_price_usd_per_gpu": 3, "wacc_per_year": 2})
    targets = ["load_factor", "cost_usd_per_rack_year", "cost_usd_per_available_gpu_hour"]
    alike(cuda(), {"scenario": IDLE, "axes": swept, "targets": targets})


def test_every_formula_is_asked_for():
    scenarios = [*map(stated, FINANCES), IDLE]
    asked = {id(one.formula) for one in scenarios for one in formulas(one).values()}
    assert [one.name for one in FORMULAS if not one.inner and id(one.formula) not in asked] == []


NAMES = (
    "level",
    "straight",
    "sculpted",
    "bullet",
    "by_use",
    "tokens",
    "users",
    "generated",
    "asked",
    "contract",
    "lives",
)


@pytest.mark.parametrize("case", sample([(case,) for case in FINANCES], len(FINANCES)), ids=NAMES)
def test_everything_that_can_be_asked_for_has_the_bits_of_numpy(cuda, case):
    tables, there = stated(case), cuda()
    known = {name: one for name, one in formulas(tables).items() if name != REFUSED}
    named = [f"{name}[1]" if one.first_year is not None else name for name, one in known.items()]
    targets, _ = Inputs.of(scenario(tables)).stated(named)
    over = axes(
        {
            "economic_life_years": 2,
            "wacc_per_year": 2,
            "utilisation": 3,
            "gpu_price_usd_per_gpu": 3,
            "residual_fraction": 2,
        }
    )
    for start in range(0, len(targets), 24):
        alike(there, {"scenario": tables, "axes": over, "targets": targets[start : start + 24]})


REDUCED = ("npv_usd_per_rack", "cost_usd_per_gpu_hour", "irr_per_year", "min_dscr")


@pytest.mark.slow
@pytest.mark.hypothesis
def test_reductions_are_those_of_numpy(cuda):
    ran = set()

    @examples(6)
    @given(
        scenarios(periods=(1, 4), max_life=3),
        grids(),
        st.sampled_from(REDUCED),
        st.integers(1, 40),
        st.none() | st.integers(5, 60),
    )
    def law(tables, lengths, target, count, tile_cells):
        there = cuda()
        values = reduced(without_tenor(tables), axes(lengths), target, count, tile_cells)
        compared(there, values.size)
        ran.update({kernel for _, kernel, *_ in there.launches} if there else KERNELS)

    law()
    assert ran >= KERNELS


KERNELS = {"fill", "moments", "share", "bins", "candidates", "bests"}


def reduced(tables, over, target, count, tile_cells):
    """Compare each reduction of a target with numpy, and moments with sums that are exact; returns
    all values.
    """
    spec = {"scenario": tables, "axes": over, "targets": [target, "moic"]}
    values = tuned.sweep(spec, NUMPY).columns[target].values
    finite = values[np.isfinite(values)]
    level = float(np.median(finite)) if finite.size else 0.0
    kinds = [{"kind": "summary"}, {"kind": "top", "count": count}, {"kind": "bottom", "count": 1}]
    kinds += [{"kind": "histogram", "bins": bins} for bins in (7, 5000)]
    kinds += [{"kind": "share", "condition": f"{target} {sign} {level!r}"} for sign in ("<", ">=")]
    for kind in kinds:
        ours, theirs = (
            tuned.sweep({**spec, "reduce": kind}, engine, tile_cells=tile_cells)
            for engine in (SHORT, NUMPY)
        )
        for part in ("rows", "met", "no_value", "edges", "counts", "missing", "ahead"):
            assert getattr(ours, part) == getattr(theirs, part), (kind, part)
        for name, one in ours.targets.items():
            other = theirs.targets[name]
            exact = [(s.count, s.missing, s.least, s.greatest, s.quantiles) for s in (one, other)]
            assert exact[0] == exact[1], name
        if kind["kind"] == "summary" and finite.size:
            near(ours.targets[target], finite)
    return values


def near(found, values):
    """Mean and deviation to 1e-12 of the largest value, or of the deviation."""
    mean = math.fsum(values) / values.size
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / values.size)
    largest = float(np.abs(values).max())
    assert abs(found.mean - mean) <= 1e-12 * largest
    assert abs(found.standard_deviation - spread) <= max(1e-12 * spread, 1e-15 * largest)
