"""A named quantity: a function's name is the quantity, its parameters are its inputs, and what else
must be known of it is said on it.

Marks: `part_of` (an addend of a total), `adds_to` and `taken_from` (a line of a statement, and of
which total), `when` (a variant for a choice), `named` (another name than the function's), `probe`
(a quantity asked again with one input changed), `one_of` (one of several numbers, which answers of
one scenario list), `statuses` (why a cell may have no answer, in words; `above`, `below`,
`either_side` and `any_side` say on which side of every value it then lies), `by_year` (a series by
operating year), `inner` (not asked for by users), `signed` (may be below 0 where it is given),
`whole_years` (not where a life ends within a year), `helper` (a function that formulas share, no
quantity).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from inspect import getdoc, getmembers, isfunction, signature
from types import ModuleType
from typing import Any, NamedTuple

Formula = Callable[..., Any]


class Why(NamedTuple):
    """A status in words, and of each code that stands for it the side of every value on which such
    a cell lies: 1.0 above, -1.0 below, 0.0 on none, for then nothing is known.
    """

    words: str
    sides: tuple[float, ...] = (0.0,)


def above(words: str) -> Why:
    """A status of cells that are above every value: `>` is met, `<` is not."""
    return Why(words, (1.0,))


def below(words: str) -> Why:
    """A status of cells that are below every value: `<` is met, `>` is not."""
    return Why(words, (-1.0,))


def either_side(words: str) -> Why:
    """A status with two codes in turn, for cells above and for cells below every value."""
    return Why(words, (1.0, -1.0))


def any_side(words: str) -> Why:
    """A status with three codes in turn, for cells above and below every value, and for those of
    which nothing is known.
    """
    return Why(words, (1.0, -1.0, 0.0))


class Probe(NamedTuple):
    """A formula's parameter that is a function: `target` when `unknown` has the argument's value
    and `held` stay as they are.

    `others` have the argument's value too.
    """

    target: str
    unknown: str
    held: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def unknowns(self) -> tuple[str, ...]:
        """The names that have the argument's value."""
        return (self.unknown, *self.others)


class Listing(NamedTuple):
    """All the numbers of which a quantity is one: `every` gives them, by floats for one scenario,
    of the inputs of the quantity `search`; the quantity `counted` says how many they are.
    """

    every: Formula
    search: str
    counted: str


@dataclass(frozen=True)
class Node:
    """A named quantity: its formula, the names of its inputs and its marks."""

    name: str
    formula: Formula
    needs: tuple[str, ...]
    doc: str = ""
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    total: str | None = None
    marks: Mapping[str, Any] = field(default_factory=dict)
    probes: Mapping[str, Probe] = field(default_factory=dict)
    listing: Listing | None = None
    statuses: tuple[str, ...] = ()
    sides: tuple[float, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    first_year: int | None = None
    missing: str | None = None  # the status of a year of a series that has no value
    line_in: Mapping[str, float] = field(default_factory=dict)  # 1.0 or -1.0 by total
    inner: bool = False
    signed: bool = False
    whole_years: bool = False

    @property
    def inputs(self) -> frozenset[str]:
        """What it needs of a graph: its inputs, and the targets of its probes in their place."""
        return frozenset(self.probes[n].target if n in self.probes else n for n in self.needs)


def _marked(**marks: Any) -> Callable[[Formula], Formula]:
    def mark(formula: Formula) -> Formula:
        formula.__dict__.setdefault("marks_of_quantity", {}).update(marks)
        return formula

    return mark


def part_of(total: str, **marks: Any) -> Callable[[Formula], Formula]:
    """The quantity is an addend of `total`; `marks` say what else its users must know."""
    return _marked(total=total, marks=marks)


def adds_to(total: str) -> Callable[[Formula], Formula]:
    """The quantity is a line of a statement: `total`, which has a formula of its own, is the sum of
    its lines too.
    """
    return _marked(line_in={total: 1.0})


def taken_from(total: str) -> Callable[[Formula], Formula]:
    """The quantity is a line of a statement that counts against `total`."""
    return _marked(line_in={total: -1.0})


def named(name: str) -> Callable[[Formula], Formula]:
    """The quantity's name, where several formulas of one module define it for different choices."""
    return _marked(name=name)


def when(**choices: str | tuple[str, ...]) -> Callable[[Formula], Formula]:
    """The formula holds only for these choices."""
    return _marked(
        when={
            name: (value,) if isinstance(value, str) else value for name, value in choices.items()
        }
    )


def probe(**probes: Probe) -> Callable[[Formula], Formula]:
    """Parameters of these names are functions of one value (see `Probe`)."""
    return _marked(probes=probes)


def one_of(every: Formula, search: str, counted: str) -> Callable[[Formula], Formula]:
    """The quantity is one of several numbers, all of which answers of one scenario list."""
    return _marked(listing=Listing(every, search, counted))


def statuses(**words: str | Why) -> Callable[[Formula], Formula]:
    """The formula returns (value, code): code 0 is "ok", code k the k-th status named (one of
    `either_side` takes two codes), and then the value is NaN. Users read each status in the words
    that it is given.
    """
    return _marked(**status_marks(words))


def status_marks(words: Mapping[str, str | Why]) -> dict[str, Any]:
    """What a quantity knows of its statuses: their names and sides by code, and their words."""
    whys = {name: Why(why) if isinstance(why, str) else why for name, why in words.items()}
    return {
        "statuses": ("ok", *(name for name, why in whys.items() for _ in why.sides)),
        "sides": (0.0, *(side for why in whys.values() for side in why.sides)),
        "words": {name: why.words for name, why in whys.items()},
    }


def by_year(first: int, **missing: str) -> Callable[[Formula], Formula]:
    """The quantity is a series, one value an operating year from year `first` (0: there is one for
    the start). A year may be NaN where a status for it is `missing`, in words.
    """
    return _marked(first_year=first, missing=next(iter(missing), None), words=missing)


def inner(formula: Formula) -> Formula:
    """The quantity serves others: nobody asks for it or gives it."""
    return _marked(inner=True)(formula)


def signed(formula: Formula) -> Formula:
    """The quantity may be below 0 where it is given."""
    return _marked(signed=True)(formula)


def whole_years(formula: Formula) -> Formula:
    """The quantity is not defined where a life ends within a year."""
    return _marked(whole_years=True)(formula)


def helper(function: Formula) -> Formula:
    """The function is none of a quantity: formulas share it."""
    function.__dict__["is_helper"] = True
    return function


def formulas_of(module: ModuleType) -> list["Node"]:
    """The quantities that a module's public functions define, in the order of its text."""
    own = [
        function
        for name, function in getmembers(module, isfunction)
        if function.__module__ == module.__name__
        and name[0] != "_"
        and "is_helper" not in function.__dict__
    ]
    return [node(one) for one in sorted(own, key=lambda f: f.__code__.co_firstlineno)]


def node(formula: "Formula | Node") -> Node:
    """The quantity that a formula defines."""
    if isinstance(formula, Node):
        return formula
    marks = {"name": formula.__name__, **formula.__dict__.get("marks_of_quantity", {})}
    if "statuses" in marks and "first_year" in marks:
        raise ValueError(f"{marks['name']}: a series by year has no statuses of its own")
    return Node(
        formula=formula,
        needs=tuple(signature(formula).parameters),
        doc=getdoc(formula) or "",
        **marks,
    )


def renamed(
    formula: "Formula | Node", names: Mapping[str, str], doc: str, held: tuple[str, ...] = ()
) -> Node:
    """The same formula for other quantities: `names` maps its name, inputs and choices to new ones;
    probes hold `held` too.
    """
    old = node(formula)

    def moved(p: Probe) -> Probe:
        kept, others = (tuple(names.get(n, n) for n in given) for given in (p.held, p.others))
        return Probe(
            names.get(p.target, p.target), names.get(p.unknown, p.unknown), (*kept, *held), others
        )

    probes = {parameter: moved(p) for parameter, p in old.probes.items()}
    listing = old.listing and Listing(
        old.listing.every, *(names.get(n, n) for n in (old.listing.search, old.listing.counted))
    )
    allowed = {names.get(choice, choice): values for choice, values in old.when.items()}
    return replace(
        old,
        name=names[old.name],
        needs=tuple(names.get(n, n) for n in old.needs),
        doc=doc,
        probes=probes,
        listing=listing,
        when=allowed,
        line_in={names.get(total, total): sign for total, sign in old.line_in.items()},
    )


def in_order(*addends: Any) -> Any:
    """The sum of addends in their declared order."""
    first, *others = addends
    for addend in others:
        first = first + addend
    return first
