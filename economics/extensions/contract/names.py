"""The tranches of a scenario's contracts as the model takes them: their flat names, their values,
what can be wrong with them.

A field of a lone tranche goes by its own name, `hours_fraction`; one of several by
`tranches[0].hours_fraction`.
"""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from economics.formulas.depreciation import kind_of
from economics.records.revenue import Contract, Tranche
from economics.vocabulary.problems import Problem

TRANCHE = tuple(field for field in Tranche.__struct_fields__ if field != "label")
MOST = 20
ALL_HOURS = 1.0 + 1e-9  # of the hours, but for rounding


def tranche_name(field: str, at: int, count: int) -> str:
    """The name of a field or a quantity of a tranche."""
    return field if count == 1 else f"tranches[{at}].{field}"


def tranche_names(choices: Mapping[str, str], field: str) -> tuple[str, ...]:
    """The names of a field of all tranches of a scenario that makes these choices."""
    count = int(choices.get("tranches", "0"))
    return tuple(tranche_name(field, at, count) for at in range(count))


def tranche_path(name: str) -> str:
    """The dotted path of a tranche's field by its flat name."""
    return f"revenue.{name}" if "]." in name else f"revenue.tranches[0].{name}"


def tranches(record: Any) -> tuple[Tranche, ...]:
    """The tranches of a scenario; none where its hours are not sold under contract."""
    revenue = getattr(record, "revenue", None)
    return revenue.tranches if isinstance(revenue, Contract) else ()


def tranche_fields(record: Any) -> Mapping[str, str]:
    """The dotted path of each field of a scenario's tranches by its flat name."""
    count = len(tranches(record))
    return {
        tranche_name(field, at, count): f"revenue.tranches[{at}].{field}"
        for at in range(count)
        for field in TRANCHE
    }


def tranche_values(record: Any) -> dict[str, float]:
    """What is stated of the tranches by flat name."""
    found, stated = {}, tranches(record)
    for at, tranche in enumerate(stated):
        for field in TRANCHE:
            if (value := getattr(tranche, field)) is not None:
                found[tranche_name(field, at, len(stated))] = float(value)
    return found


def with_terms(record: Any) -> dict[str, Any]:
    """The revenue with the term and the use of each tranche written out, where hours are sold under
    contract.
    """
    filled = tuple(
        replace(
            one,
            contract_term_years=record.hardware.economic_life_years
            if one.contract_term_years is None
            else one.contract_term_years,
            use_fraction=record.revenue.utilisation
            if one.use_fraction is None
            else one.use_fraction,
        )
        for one in tranches(record)
    )
    return {"revenue": replace(record.revenue, tranches=filled)} if filled else {}


def tranche_choices(record: Any) -> dict[str, str]:
    """Which formulas contracts pick."""
    return (
        {"revenue": "contract", "tranches": str(len(record.revenue.tranches))}
        if isinstance(record.revenue, Contract)
        else {}
    )


def check_tranches(record: Any) -> None:
    """What no single field can tell. Errors: Problem."""
    if not isinstance(record.revenue, Contract):
        return
    if not 1 <= len(record.revenue.tranches) <= MOST:
        raise Problem("revenue.tranches", len(record.revenue.tranches), f"1 to {MOST} tranches")
    for name in ("book_depreciation", "tax_depreciation"):
        if kind_of(getattr(record.finance, name)) == "by_use":
            raise Problem(
                f"finance.{name}.method",
                "units_of_production",
                "a method by time, because hours under contract depend on defaults",
            )
