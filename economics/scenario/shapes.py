"""Scenarios of one shape, which differ in nothing but plain numbers: what is the same for all of
them is worked out once.

The shape is which fields are stated and all that is no plain number: words, names, lists, methods,
and the years that say how many periods there are. Of a number it is whether it is 0 or 1, for
nothing else of it decides which formulas are meant.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, compress, repeat
from typing import Any

from msgspec import Struct
from msgspec.structs import astuple

from economics.extensions.contract.names import tranche_name, tranches
from economics.records.revenue import Tranche
from economics.scenario.fields import field_kinds, holders, is_life
from economics.scenario.plan import Plan, compute_alike
from economics.vocabulary.header import About
from kernels.engines.floats.runner import Alike
from kernels.language.caches import cached

MOST_SHAPES = 512
MOST_KEPT = 768  # plans of shapes; a quote has three: targets, all that it looks at, carried losses
TOLD_APART = {None: None, 0.0: 0.0, 1.0: 1.0}
Numbers = tuple[float | None, ...]
Computing = Callable[[Any], dict[str, Any]]  # of inputs


class Layout:
    """The flat names of the plain numbers of some tables, and where those stand in them."""

    def __init__(self, types: tuple[type[Struct], ...]) -> None:
        count, at, names = types.count(Tranche), 0, list[str]()
        self.numbers, self.words = list[bool](), list[bool]()
        for one in types:
            for field, kind in field_kinds(one).items():
                is_number = kind == "number" and not is_life(field)
                self.numbers.append(is_number)
                self.words.append(not is_number and field != "tranches")
                if is_number:
                    names.append(tranche_name(field, at, count) if one is Tranche else field)
            at += one is Tranche
        self.names = tuple(names)


NO_LAYOUT = Layout(())


class Shape:
    """A shape, by what tells it apart; `inputs` are those of its first scenario, once known."""

    def __init__(self, layout: Layout, _: tuple[Any, ...], kinds: Numbers) -> None:
        self.inputs: Any = None
        self.checks: Sequence[Callable[..., None]] = ()
        self._names, self._kinds = layout.names, kinds
        self.places: dict[str | None, int] = {}  # of its numbers, by what formulas call them
        self._beside: dict[tuple[str, str], Shape] = {}

    def beside(self, name: str, option: str) -> "Shape":
        """The shape of its scenarios where another option is chosen."""
        return self._beside.setdefault((name, option), Shape(NO_LAYOUT, (), ()))

    def keep(self, inputs: Any, checks: Sequence[Callable[..., None]]) -> None:
        """What the formulas run on in the first scenario, and what looks at numbers of each."""
        stated = zip(self._names, self._kinds, strict=True)
        self.places = {
            name: place
            for place, (name, kind) in enumerate(stated)
            if kind is not None and name in inputs.values
        }
        self.checks, self.inputs = checks, inputs

    def picker(
        self, names: Sequence[str | None], others: Sequence[float]
    ) -> Callable[[Numbers], list[float]]:
        """What picks the values of names from the numbers of a scenario; `others` stand for those
        that are none of its numbers.
        """
        after = range(len(self._names), len(self._names) + len(names))
        places = [*map(self.places.get, names, after)]

        def pick(numbers: Numbers) -> list[float]:
            found: Any = map((*numbers, *others).__getitem__, places)
            return [*map(float, found)]

        return pick


class Values(Mapping[str, Any]):
    """What the formulas run on in one scenario of a shape."""

    def __init__(self, shape: Shape, numbers: Numbers) -> None:
        self.shape, self.numbers = shape, numbers

    def __contains__(self, name: object) -> bool:
        return name in self.shape.inputs.values

    def __getitem__(self, name: str) -> Any:
        place = self.shape.places.get(name)
        if place is None:
            return self.shape.inputs.values[name]
        return float(self.numbers[place])  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[str]:
        return iter(self.shape.inputs.values)

    def __len__(self) -> int:
        return len(self.shape.inputs.values)


def shape_of(record: About) -> tuple[Shape, Numbers]:
    """The shape of a scenario, and its plain numbers, None for one that is not stated."""
    tables = (*holders(record), *tranches(record))
    layout, held = _layout(tuple(map(type, tables))), [*chain.from_iterable(map(astuple, tables))]
    numbers = tuple(compress(held, layout.numbers))
    kinds = tuple(map(TOLD_APART.get, numbers, repeat(0.5)))
    return _shape(layout, tuple(compress(held, layout.words)), kinds), numbers


_layout = cached(256)(Layout)
_shape = cached(MOST_SHAPES)(Shape)


@cached(MOST_KEPT)
def kept_of(_: Shape, __: Any) -> dict[Any, Any]:
    """What is kept of a shape under a plan, by what works it out."""
    return {}


def computing_alike(inputs: Any, plan: Plan) -> Computing:
    """What computes a plan for all scenarios of the shape of some inputs."""
    alike = Alike(plan.shortcut, inputs.given(plan))
    floats = inputs.values.shape.picker(alike.names, alike.floats)

    def computed(other: Any) -> dict[str, Any]:
        return compute_alike(alike, floats(other.values.numbers), partial(other.given, plan))

    return computed
