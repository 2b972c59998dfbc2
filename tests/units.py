"""Formulas run on unit carriers: what each gives must have the unit that its name says."""

from functools import cached_property

from economics.extensions.contract.names import TRANCHE
from economics.formulas.depreciation import StraightLine
from economics.models.assembly import CONSTANTS
from economics.scenario.fields import field_paths
from economics.vocabulary.unit_carrier import UNITS, Unit, check, parsed
from economics.vocabulary.units import SERIES, STRUCTURE
from kernels.language.profile import Profile
from kernels.language.timeline import Calendar

YEARS, ONE = parsed("x_years"), Unit({})
STATED_OR_NOT = ("debt_tenor_years", "cost_of_equity_per_year", "target_irr_per_year")


class UnitCalendar(Calendar):
    """A calendar whose years are so many years; its periods count."""

    @cached_property
    def year(self):
        return Profile((YEARS,) * self.years)

    @cached_property
    def year_start(self):
        return Profile((YEARS,) * self.years)


def carriers(model, formulas):
    """What the formulas of a graph take, as units: the fields that it does not compute, constants,
    calendar, methods.
    """
    fields = {*field_paths(model), *(TRANCHE if model == "rack" else ()), *CONSTANTS} - {
        *STRUCTURE,
        *STATED_OR_NOT,
        *formulas.nodes,
    }
    given = {name: parsed(name) for name in fields}
    given |= {
        name: (parsed(name),) * 12
        for name in SERIES
        if name in field_paths(model) and name.endswith(("_usd", "_month"))
    }
    methods = {
        name: StraightLine(YEARS, ONE)
        for name in ("book_depreciation", "tax_depreciation", "compared_depreciation")
    }
    return {
        **given,
        **methods,
        "periods_per_year": parsed("period_per_year"),
        "calendar": UnitCalendar(4, 2, False),
    }


def checked(formulas, given):
    """Run every formula of a graph on unit carriers, checking each result against its name; how
    many there were.
    """
    values = {**given, "xp": UNITS}
    steps = formulas.plan(formulas.nodes, given)
    for name, call, needs, named, _ in steps:
        value = call(*[values[need] for need in needs])
        if named:
            value, values[f"{name}_status"] = value
        values[name] = value
        if not name.endswith("_search") and name not in STRUCTURE:
            check(name, value)
            values[name] = parsed(name) if parsed(name).rate else value
    return len(steps)


def units_of(formulas, model="rack"):
    """How many formulas of a graph have the unit of their name; an error at the first that
    has not.
    """
    return checked(formulas, carriers(model, formulas))
