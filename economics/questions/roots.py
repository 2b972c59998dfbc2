"""The rates of which an IRR is one: all at which the present value is 0, listed beside it."""

from collections.abc import Mapping
from typing import Annotated as A
from typing import Any, Literal

import msgspec

from economics.scenario.inputs import Inputs
from economics.scenario.plan import Plan, finite, interpret
from economics.vocabulary.header import is_
from kernels.language.node import Listing


class Root(msgspec.Struct, frozen=True):
    """A rate at which the present value is 0: it `falls` through 0 there as the rate rises, as that
    of a return does, or `rises`, as that of a loan does.
    """

    rate_per_year: A[float, is_("the rate, as a fraction a year")]
    npv: A[Literal["falls", "rises"], is_("what the present value does there as the rate rises")]


def counts(plan: Plan) -> tuple[str, ...]:
    """The quantities that count what is to be listed of a plan's targets."""
    return tuple(one.counted for one in plan.listings.values())


def roots(inputs: Inputs, plan: Plan, values: Mapping[str, Any]) -> dict[str, tuple[Root, ...]]:
    """All rates of which each such target is one, the lowest first. They are searched for where
    there are others beside it.
    """
    found: dict[str, tuple[Root, ...]] = {}
    everything: Mapping[str, Any] = {}
    for target, listing in plan.listings.items():
        own, count = finite(values[target]), values[listing.counted]
        if own is not None and count == 1.0:
            found[target] = (_root(own, True),)
        elif count > 0.0:
            everything = everything or interpret(plan, inputs.given(plan))
            found[target] = every(listing, plan, everything)
        else:
            found[target] = ()
    return found


def every(listing: Listing, plan: Plan, values: Mapping[str, Any]) -> tuple[Root, ...]:
    """All rates of a listing, by all values of its plan."""
    inputs = (values[need] for need in plan.nodes[listing.search].needs)
    return tuple(_root(*one) for one in listing.every(*inputs))


def _root(rate: float, falls: bool) -> Root:
    return Root(rate, "falls" if falls else "rises")
