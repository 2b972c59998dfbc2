"""A yearly inspection: a fee, and hours in which the rack cannot be sold."""

from typing import Annotated as A

from msgspec import Struct

from economics.extensions.extension import Extension
from economics.formulas.power import EXPENSE
from economics.vocabulary.bounds import Amount
from economics.vocabulary.header import is_
from kernels.language.instance import rewired
from kernels.language.node import node, part_of, when


class Inspection(Struct, frozen=True, kw_only=True):
    """What `operations` states of inspections."""

    inspection_fee_usd_per_rack_year: A[Amount, is_("what inspecting a rack costs")] = 0.0
    inspection_hour_per_year: A[Amount, is_("hours of a year in which it stands still")] = 0.0


@part_of(EXPENSE, escalates_by="opex", cash=True, with_use=False)
@when(inspection="stated")
def inspection_cost_usd_per_rack_year(inspection_fee_usd_per_rack_year):
    """Yearly cost of inspecting a rack."""
    return inspection_fee_usd_per_rack_year


def inspected_availability(availability, inspection_hour_per_year, hour_per_year):
    """Share of installed hours in which the rack could be sold, inspections taken off."""
    return availability * (1.0 - inspection_hour_per_year * (1.0 / hour_per_year))


def choose(record, swept):
    """Whether inspections are stated."""
    return {"inspection": "stated"} if getattr(record, "operations", None) else {}


def changes(graph, choices):
    """The hours that are left."""
    yield node(inspected_availability)
    hours = graph.nodes["available_gpu_hour_per_rack_year"]
    yield rewired(hours, availability="inspected_availability")


INSPECTION = Extension(
    name="inspection",
    choice="inspection",
    values=("stated",),
    choose=choose,
    changes=changes,
    formulas=(inspection_cost_usd_per_rack_year,),
    fields={"operations": Inspection},
)
