"""What an answer rests on: the scenario with every default written out, how time is counted, and
what the reader should know.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Annotated as A
from typing import Any

import msgspec

from economics.extensions.contract.names import with_terms
from economics.extensions.extensions import EXTENSIONS
from economics.models.assembly import CONSTANTS, MODEL_VERSION
from economics.models.registry import AnyScenario, name_of
from economics.records.finance import tax_instalments
from economics.scenario import catalog
from economics.scenario.fields import field_paths, life_of
from economics.scenario.inputs import DEBTS, Inputs
from economics.scenario.paths import about_paths, paths_of
from economics.scenario.plan import Lacking, Plan
from economics.scenario.reading import Sourced, rows_named
from economics.vocabulary.header import is_
from economics.vocabulary.values import all_values

WACC_FOR_EQUITY = (
    "finance.cost_of_equity_per_year is not stated: the WACC stands for it, though there is debt"
)
PATH_FOR_PRICE = (
    "revenue.rental_price_usd_per_gpu_hour is ignored: price_path_usd_per_gpu_hour states the price"
    " of every year"
)


class Conventions(msgspec.Struct, frozen=True):
    """How time is counted."""

    periods_per_year: A[int, is_("periods in which the cash flow is counted")]
    timing: A[str, is_("when in its period a flow is paid")]
    hour_per_year: A[float, is_("hours that a year has")] = CONSTANTS["hour_per_year"]


class Basis(msgspec.Struct, frozen=True):
    """All that is needed to reproduce an answer."""

    scenario: A[AnyScenario, is_("with every default filled in")]
    conventions: A[Conventions, is_("how time is counted")]
    notices: A[tuple[str, ...], is_("what the reader should know, in words")]
    catalog: A[dict[str, str], is_("version of each kind of catalog rows that the scenario names")]
    model_version: A[str, is_("of the formulas")] = MODEL_VERSION


def basis(
    sourced: Sourced, inputs: Inputs, targets: tuple[str, ...], more: tuple[str, ...] = ()
) -> Basis:
    """The basis of answers to targets; `more` notices beside its own."""
    finance, rows = getattr(sourced.scenario, "finance", None), sourced.kept(rows_named)
    conventions = Conventions(inputs.periods_per_year, "end" if finance is None else finance.timing)
    versions = {kind: catalog.version(kind, name, sourced.rows) for kind, name in rows.items()}
    return Basis(
        sourced.kept(written_out),
        conventions,
        (*notices(sourced, inputs, targets), *more),
        versions,
    )


def unanswered(lacking: Lacking) -> tuple[str, ...]:
    """What is not answered, in words: a line for each group of fields that are not stated."""
    return tuple(
        f"not answered without {' and '.join(paths)}:"
        f" {', '.join(target for target, own in lacking.items() if own == paths)}"
        for paths in dict.fromkeys(lacking.values())
    )


def written_out(sourced: Sourced) -> Any:
    """The scenario with every default, and those that depend on other fields."""
    return with_defaults(sourced.scenario)


def with_defaults(record: Any) -> Any:
    """The scenario with the defaults that depend on other fields written out."""
    finance = getattr(record, "finance", None)
    if finance is None:
        return record
    sculpted, tenor = finance.amortisation == "sculpted", finance.debt_tenor_years
    changed = {
        "cost_of_equity_per_year": (
            finance.wacc_per_year
            if finance.cost_of_equity_per_year is None
            else finance.cost_of_equity_per_year
        ),
        "debt_fraction": (
            (1.0 if sculpted else 0.0) if finance.debt_fraction is None else finance.debt_fraction
        ),
        "tax_instalments_per_year": tax_instalments(finance),
        "debt_tenor_years": life_of(record) if tenor is None else tenor,
    }
    replaced = {"finance": msgspec.structs.replace(finance, **changed)}
    return msgspec.structs.replace(record, **replaced, **with_terms(record))


def notices(sourced: Sourced, inputs: Inputs, targets: tuple[str, ...]) -> tuple[str, ...]:
    """What the reader of an answer should know: defaults that matter, what is set aside, and what
    `given` does not reach.
    """
    revenue = getattr(sourced.scenario, "revenue", None)
    first, last = inputs.kept(inputs.plan(targets), _of_shape)
    given = _about_given(sourced, inputs, targets) if inputs.computed else ()
    return (*sourced.notices, *first, *_about_price(revenue, sourced), *last, *given)


def _of_shape(inputs: Inputs, plan: Plan) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What all scenarios of a shape are told: first of debt, last of paths and additions."""
    values, paths = inputs.values, paths_of(inputs.values, inputs.model)
    debts = (values.get(name, 0.0) for name in ("debt_fraction", *DEBTS))
    owes = "cost_of_equity_per_year" not in values and any(map(any, map(all_values, debts)))
    said = (
        about_paths(values, inputs.model, plan.needs, inputs.periods_per_year) if paths else (),
        *(one.notices(values) for one in EXTENSIONS),
    )
    return (WACC_FOR_EQUITY,) if owes else (), tuple(chain.from_iterable(said))


def _about_price(revenue: Any, sourced: Sourced) -> list[str]:
    """Which stated prices are not used."""
    prices = ("price_path_usd_per_gpu_hour", "rental_price_usd_per_gpu_hour")
    both = all(getattr(revenue, name, None) is not None for name in prices)
    return [*([PATH_FOR_PRICE] if both else ()), *_about_market(revenue, sourced)]


def _about_market(revenue: Any, sourced: Sourced) -> list[str]:
    """Whether a stated price stands above that of the row that is named."""
    market = getattr(revenue, "market", None)
    if market is None:
        return []
    row = catalog.row("rentals", market, "revenue.market", sourced.rows)
    figure = row["revenue"].get("rental_price_usd_per_gpu_hour")
    price = figure["value"] if isinstance(figure, Mapping) else figure
    stands = price is None or revenue.rental_price_usd_per_gpu_hour == price
    said = (
        f"the price of {market} (revenue.market) is not used:"
        " revenue.rental_price_usd_per_gpu_hour is stated"
    )
    return [] if stands else [said]


def _about_given(sourced: Sourced, inputs: Inputs, targets: tuple[str, ...]) -> list[str]:
    """Stated fields that given quantities make idle, and targets that a given quantity does not
    reach though its inputs do.
    """
    given, said = inputs.computed, list[str]()
    paths = field_paths(name_of(sourced.scenario))
    stated = {
        name: path
        for name, path in paths.items()
        if any(p == path or p.startswith(f"{path}.") for p in sourced.stated)
    }
    bare = {
        **dict.fromkeys(paths, 0.0),
        **{name: value for name, value in inputs.values.items() if name not in given},
    }
    without = Inputs(inputs.choices, bare, inputs.periods_per_year)
    needed, still = without.plan(targets).needs, inputs.plan(targets).needs
    if idle := [path for name, path in sorted(stated.items()) if name in needed - still]:
        said.append(f"{_these_are(idle)} ignored: {_these_are(given)} given")
    for name in given:
        behind = without.plan([name]).needs & set(stated)
        missed = [
            t
            for t in targets
            if name not in inputs.plan([t]).needs and behind & without.plan([t]).needs
        ]
        if missed:
            said.append(
                f"given.{name} does not reach {', '.join(missed)}: computed from what stands"
                " behind it"
            )
    return said


def _these_are(names: Sequence[str]) -> str:
    """The names, and the verb that they need."""
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'}"
