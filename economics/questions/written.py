"""An answer as JSON: the bytes of the quote encoded, of which those that are the same for all
scenarios of a shape are written once.
"""

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

import msgspec
from msgspec import Struct

from economics.questions.quote import Asked, Quantity, Quote, Work, asked, look_at, worked
from economics.questions.remarks import remarks
from economics.questions.roots import roots
from economics.scenario.basis import notices, written_out
from economics.scenario.inputs import Inputs
from economics.scenario.plan import status_of
from economics.scenario.reading import Sourced
from economics.scenario.shapes import MOST_KEPT, Shape
from kernels.language.caches import cached

HOLE: Any = msgspec.Raw(b"\0")  # stands for what differs: a byte that no JSON has
OK, NULL = b'"ok"', b"null"
encode = msgspec.json.Encoder().encode


class Form:
    """What the answers to some targets have in common, known from the first of them on."""

    def __init__(self, _: Shape, __: tuple[str, ...], record: type[Struct]) -> None:
        self._text, self._record = b"", record
        self._has_scenario = "scenario" in record.__struct_fields__

    def learn(self, sourced: Sourced, found: Work) -> None:
        """Know it from the first answer, if numbers are all that differs from it."""
        inputs, plan = found.inputs, found.plan
        listed = inputs.kept(plan, asked)
        by_year = any(one.first_year is not None for one in listed)
        if by_year or not listed or found.lacking or found.basis.catalog or sourced.notices:
            return
        self._plan, self._compute = plan, look_at(inputs, plan)
        self._notices = notices(sourced, inputs, plan.targets)
        count, order = len(listed), list[int]()
        for at, one in enumerate(listed):
            order += (at, count + at)
            if one.name in plan.listings:
                order.append(2 * count + [*plan.listings].index(one.name))
        self._order = itemgetter(*order)
        quantities = {one.name: _with_holes(one, plan.listings) for one in listed}
        about, sums = found.basis.conventions, plan.sums
        whole = Quote(HOLE, quantities, HOLE, about, {}, sums=sums, unanswered={})
        text = encode(as_record(whole, self._record))
        self._text = text.replace(b"%", b"%%").replace(b"\0", b"%b")

    def write(self, sourced: Sourced, inputs: Inputs) -> bytes:
        """Another answer; nothing until the first is known. Errors: NoAnswer."""
        if not self._text or sourced.notices:
            return b""
        plan, values = self._plan, self._compute(inputs)
        more = remarks(sourced.scenario, inputs, values)
        numbers = encode([*map(values.__getitem__, plan.targets)])[1:-1].split(b",")
        statuses = [OK] * len(numbers)
        for at, number in enumerate(numbers if NULL in numbers else ()):
            if number == NULL:
                statuses[at] = encode(status_of(plan.targets[at], plan.nodes, values))
        lists = map(encode, roots(inputs, plan, values).values())
        scenario = (encode(sourced.kept(written_out)),) if self._has_scenario else ()
        return self._text % (
            *scenario,
            *self._order((*numbers, *statuses, *lists)),
            encode((*self._notices, *more)),
        )


_form = cached(MOST_KEPT)(Form)


def written(
    sourced: Sourced, targets: Iterable[str] | None = None, record: type[Struct] = Quote
) -> bytes:
    """The JSON of a scenario's quote, or of a record that has some of its fields. Errors: those of
    the quote.
    """
    inputs = Inputs.of(sourced)
    if inputs.shape is None or not isinstance(targets, tuple):
        return encode(as_record(worked(sourced, targets).quote(), record))
    form = _form(inputs.shape, targets, record)
    if whole := form.write(sourced, inputs):
        return whole
    found = worked(sourced, targets)
    whole = encode(as_record(found.quote(), record))
    form.learn(sourced, found)
    return whole


def as_record(quote: Quote, record: type[Struct]) -> Struct:
    """What a record has of a quote."""
    shared = [name for name in record.__struct_fields__ if name in quote.__struct_fields__]
    return record(**{name: getattr(quote, name) for name in shared})


def _with_holes(one: Asked, listings: Mapping[str, Any]) -> Quantity:
    has_roots = HOLE if one.name in listings else msgspec.UNSET
    return Quantity(
        value=HOLE, unit=one.unit, status=HOLE, description=one.description, roots=has_roots
    )
