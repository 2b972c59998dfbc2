"""An answer as JSON: the bytes of the quote encoded, of which those that stay the same for the
targets of a shape are written once.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from economics.questions.quote import Asked, Quantity, Quote, Work, asked, worked
from economics.scenario.inputs import Inputs
from economics.scenario.plan import Plan
from economics.scenario.reading import Sourced

HOLE: Any = msgspec.Raw(b"\0")  # stands for what differs: a byte that no JSON has
encode = msgspec.json.Encoder().encode


def written(sourced: Sourced, targets: Iterable[str] | None = None) -> bytes:
    """The JSON of a scenario's quote. Errors: those of the quote."""
    found = worked(sourced, targets)
    return found.inputs.kept(found.plan, _form) % tuple(_pieces(found))


def _pieces(found: Work) -> Iterator[bytes]:
    """What differs, in the order in which it stands."""
    rests = found.basis
    yield encode(rests.scenario)
    for one, value, status in found.quantities():
        yield encode(value)
        if one.first_year is not None:
            yield encode(one.years(value))
        yield encode(status)
        if one.name in found.roots:
            yield encode(found.roots[one.name])
    yield from map(encode, (rests.notices, rests.conventions, rests.catalog, found.lacking))


def _form(inputs: Inputs, plan: Plan) -> bytes:
    """The JSON with a place for each of the pieces."""
    quantities = {
        one.name: _with_holes(one, one.name in plan.listings) for one in inputs.kept(plan, asked)
    }
    whole = Quote(HOLE, quantities, HOLE, HOLE, HOLE, sums=plan.sums, unanswered=HOLE)
    return encode(whole).replace(b"%", b"%%").replace(b"\0", b"%b")


def _with_holes(one: Asked, has_roots: bool) -> Quantity:
    about: dict[str, Any] = {"unit": one.unit, "description": one.description}
    if one.first_year is not None:
        return Quantity(values=HOLE, index=HOLE, status=HOLE, **about)
    return Quantity(value=HOLE, status=HOLE, roots=HOLE if has_roots else msgspec.UNSET, **about)
