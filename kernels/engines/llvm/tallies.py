"""What compiled plans make of a row of values while it lies in the nearest cache: moments, bins, a
count, candidates for the best.

Each is a function `use(n, row, first, state, counts)`: `n` values at `row`, the first of which has
number `first` in its tile. All values are finite: a tile with one that is not is done again by
numpy.
"""

from collections.abc import Iterator

from kernels.engines.llvm.ir import ORDERED, Function, number
from kernels.engines.partials import CANDIDATES, LANES, Tally

WIDTH = LANES
PLACES = ", ".join(f"i64 {k}" for k in range(WIDTH))
WORDS = f"<{WIDTH} x i64>"
USE = "i64 %n, ptr noalias %row, i64 %first, ptr noalias %state, ptr noalias %counts"
INFINITY = float("inf")


class Row(Function):
    """A function over the values of a row."""

    def __init__(self) -> None:
        super().__init__(WIDTH)

    def vectors(self) -> Iterator[tuple[str, str, str]]:
        """Twice what follows, for whole vectors and for the rest: the values, which lanes are in
        the row, the number of the first.
        """
        whole = self.put(f"and i64 %n, {-WIDTH}", self.entry)
        with self.times(whole, WIDTH) as at:
            yield self.load(self.at("%row", at)), f"<{', '.join(['i1 true'] * WIDTH)}>", at
        rest = self.put(f"sub i64 %n, {whole}")
        with self.only_if(self.put(f"icmp ne i64 {rest}, 0")):
            live = self.put(f"icmp ult {WORDS} <{PLACES}>, {self.splat(rest, 'i64')}")
            yield self.load(self.at("%row", whole)), live, whole

    def choose(self, condition: str, a: str, b: str) -> str:
        """`a` in the lanes in which a condition holds, else `b`."""
        return self.put(f"select {self.mask} {condition}, {self.real} {a}, {self.real} {b}")

    def scalar(self, place: int) -> str:
        """A number of the state."""
        return self.get("double", self.at("%state", place))

    def change(self, place: int, value: str) -> None:
        """Change a number of the state."""
        self.set("double", self.at("%state", place), value)

    def across(self, op: str, vector: str, start: str) -> str:
        """One number from all lanes and a start, lane by lane: "+", "<" (the least) or ">"."""
        for lane in range(WIDTH):
            one = self.put(f"extractelement {self.real} {vector}, i64 {lane}")
            if op == "+":
                start = self.put(f"fadd double {start}, {one}")
            else:
                start = self.put(
                    f"select i1 {self.put(f'fcmp {ORDERED[op]} double {one}, {start}')}, double"
                    f" {one}, double {start}"
                )
        return start


def moments() -> str:
    """State: count, least, greatest, mean, sum of squared deviations; rows are joined as in
    `kernels.engines.partials.Moments`.
    """
    made = Row()
    least, most, total, squares = (made.variable(made.real) for _ in range(4))
    for place, start in ((least, INFINITY), (most, -INFINITY), (total, 0.0), (squares, 0.0)):
        made.set(made.real, place, made.constant(start))
    for values, live, _ in made.vectors():
        for place, op, none in ((least, "olt", INFINITY), (most, "ogt", -INFINITY)):
            before, one = made.get(made.real, place), made.choose(live, values, made.constant(none))
            made.set(
                made.real,
                place,
                made.choose(made.put(f"fcmp {op} {made.real} {one}, {before}"), one, before),
            )
        one = made.choose(live, values, made.constant(0.0))
        made.set(
            made.real, total, made.put(f"fadd {made.real} {made.get(made.real, total)}, {one}")
        )
    count = made.put("uitofp i64 %n to double")
    mean = made.put(
        f"fdiv double {made.across('+', made.get(made.real, total), number(0.0))}, {count}"
    )
    middle = made.splat(mean)
    for values, live, _ in made.vectors():
        apart = made.choose(
            live, made.put(f"fsub {made.real} {values}, {middle}"), made.constant(0.0)
        )
        square = made.put(f"fmul {made.real} {apart}, {apart}")
        made.set(
            made.real,
            squares,
            made.put(f"fadd {made.real} {made.get(made.real, squares)}, {square}"),
        )
    before = made.scalar(0)
    after = made.put(f"fadd double {before}, {count}")
    shift, share = (
        made.put(f"fsub double {mean}, {made.scalar(3)}"),
        made.put(f"fdiv double {count}, {after}"),
    )
    made.change(0, after)
    made.change(1, made.across("<", made.get(made.real, least), made.scalar(1)))
    made.change(2, made.across(">", made.get(made.real, most), made.scalar(2)))
    made.change(
        3, made.put(f"fadd double {made.scalar(3)}, {made.put(f'fmul double {shift}, {share}')}")
    )
    between = made.put(
        f"fmul double {made.put(f'fmul double {shift}, {shift}')},"
        f" {made.put(f'fmul double {before}, {share}')}"
    )
    within = made.across("+", made.get(made.real, squares), made.scalar(4))
    made.change(4, made.put(f"fadd double {within}, {between}"))
    return made.text("use", USE)


def bins() -> str:
    """State: low, high, bins a unit, the last bin, how far the tables of two lanes lie apart; a
    table ends with what is outside.
    """
    made = Row()
    low, high, scale = (made.splat(made.scalar(place)) for place in range(3))
    last, apart = (made.put(f"fptosi double {made.scalar(place)} to i64") for place in (3, 4))
    limit, outside = made.splat(last, "i64"), made.splat(made.put(f"add i64 {last}, 1"), "i64")
    tables = made.put(f"mul {WORDS} <{PLACES}>, {made.splat(apart, 'i64')}")
    for values, live, _ in made.vectors():
        above = made.put(f"fcmp oge {made.real} {values}, {low}")
        within = made.put(
            f"and {made.mask} {above}, {made.put(f'fcmp ole {made.real} {values}, {high}')}"
        )
        counted = made.put(f"and {made.mask} {within}, {live}")
        scaled = made.put(
            f"fmul {made.real} {made.put(f'fsub {made.real} {values}, {low}')}, {scale}"
        )
        place = made.put(
            f"fptosi {made.real} {made.choose(counted, scaled, made.constant(0.0))} to {WORDS}"
        )
        over = made.put(f"icmp sgt {WORDS} {place}, {limit}")
        place = made.put(f"select {made.mask} {over}, {WORDS} {limit}, {WORDS} {place}")
        under = made.put(f"icmp slt {WORDS} {place}, zeroinitializer")
        place = made.put(f"select {made.mask} {under}, {WORDS} zeroinitializer, {WORDS} {place}")
        place = made.put(f"select {made.mask} {counted}, {WORDS} {place}, {WORDS} {outside}")
        place = made.put(f"add {WORDS} {place}, {tables}")
        for lane in range(WIDTH):
            at = made.at("%counts", made.put(f"extractelement {WORDS} {place}, i64 {lane}"), "i64")
            made.set("i64", at, made.put(f"add i64 {made.get('i64', at)}, 1"))
    return made.text("use", USE)


def share(relation: str) -> str:
    """State: the level; how many values stand in a relation to it is added to the first count."""
    made = Row()
    level, met = made.splat(made.scalar(0)), made.variable("i64")
    made.set("i64", met, "0")
    for values, live, _ in made.vectors():
        meets = made.put(
            f"and {made.mask} {live},"
            f" {made.put(f'fcmp {ORDERED[relation]} {made.real} {values}, {level}')}"
        )
        word = made.put(
            f"zext i{WIDTH} {made.put(f'bitcast {made.mask} {meets} to i{WIDTH}')} to i64"
        )
        some = made.put(f"call i64 @llvm.ctpop.i64(i64 {word})")
        made.set("i64", met, made.put(f"add i64 {made.get('i64', met)}, {some}"))
    made.set(
        "i64", "%counts", made.put(f"add i64 {made.get('i64', '%counts')}, {made.get('i64', met)}")
    )
    return "declare i64 @llvm.ctpop.i64(i64)\n" + made.text("use", USE)


def candidates(relation: str) -> str:
    """State: the limit to which candidates stand in a relation, then their values; counts: how many
    there are, then their numbers.
    """
    made = Row()
    limit = made.splat(made.scalar(0))
    for values, live, at in made.vectors():
        reaches = made.put(f"fcmp {ORDERED[relation]} {made.real} {values}, {limit}")
        word = made.put(
            f"bitcast {made.mask} {made.put(f'and {made.mask} {live}, {reaches}')} to i{WIDTH}"
        )
        with made.only_if(made.put(f"icmp ne i{WIDTH} {word}, 0")), made.times(WIDTH) as lane:
            bit = made.put(f"lshr i{WIDTH} {word}, {made.put(f'trunc i64 {lane} to i{WIDTH}')}")
            found = made.get("i64", "%counts")
            room = made.put(f"icmp ult i64 {found}, {CANDIDATES}")
            place = made.put(f"select i1 {room}, i64 {found}, i64 {CANDIDATES - 1}")
            one = made.put(f"add i64 {at}, {lane}")
            made.set(
                "double",
                made.at("%state", made.put(f"add i64 {place}, 1")),
                made.get("double", made.at("%row", one)),
            )
            made.set(
                "i64",
                made.at("%counts", made.put(f"add i64 {place}, 1"), "i64"),
                made.put(f"add i64 {one}, %first"),
            )
            taken = made.put(f"zext i1 {made.put(f'trunc i{WIDTH} {bit} to i1')} to i64")
            made.set("i64", "%counts", made.put(f"add i64 {found}, {taken}"))
    return made.text("use", USE)


def tally_function(tally: Tally) -> str:
    """The function of a tally."""
    match tally.kind:
        case "moments":
            return moments()
        case "bins":
            return bins()
        case "share":
            return share(tally.relation)
        case "candidates":
            return candidates(tally.relation)
