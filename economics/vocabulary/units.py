"""Names and units: a quantity's name says its unit, and a formula must agree with it.

`<subject>_<unit>[_<unit>]...[_per_<unit>...]`; pure ratios end in a word of a short list, in
`_fraction` or `_factor`; a yearly rate may only be compounded.
"""

from collections.abc import Mapping
from typing import Any

from kernels.language.caches import cached

WORDS: dict[str, dict[str, int]] = {
    **{
        word: {word: 1}
        for word in ("usd", "kw", "hour", "second", "month", "year", "gpu", "rack", "kg", "l")
    },
    **{word: {word: 1} for word in ("token", "mtok", "request", "user", "gb")},
    "kwh": {"kw": 1, "hour": 1},
    "mw": {"mw": 1},
    "years": {"year": 1},
    "hours": {"hour": 1},
    "period": {},
    "interruption": {},
}
RATIOS = (
    "pue",
    "utilisation",
    "availability",
    "dscr",
    "llcr",
    "plcr",
    "moic",
    "lgd",
    "sigma",
    "fraction",
    "factor",
    "rate",
    "count",
)
RATES = (
    "wacc",
    "irr",
    "mirr",
    "cost_of_equity",
    "rate",
    "escalation",
    "decline",
    "spread",
    "probability",
)
SERIES = (
    "price_path_usd_per_gpu_hour",
    "spend_usd",
    "committed_usd",
    "revenue_usd",
    "revenue_usd_per_month",
)  # fields that are paths
STRUCTURE = (
    "calendar",
    "xp",
    "book_depreciation",
    "tax_depreciation",
    "compared_depreciation",
    "dates_per_year",
    *SERIES,
)
ADJECTIVES = ("available", "installed", "good", "output", "input")  # of a unit in a denominator
PERCENT = ("fraction", "utilisation", "availability", "rate", "lgd")  # last words of names
SHARES = ("probabilities",)
# Fields whose numbers are those of another, and where that is named; of all others: in `field`.
BESIDE = {**dict.fromkeys(("level", "low", "high", "value"), "target"), "between": "unknown"}
SUFFIXES = ("_by_period", "_by_year", "_by_date")


class UnitError(TypeError):
    """A name without a unit, or a formula that adds or compares unlike units."""


@cached(4096)
def unit_words(name: str) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """(units above, units below, whether it is a yearly rate) that a name says. Errors:
    UnitError.
    """
    name = name.rpartition("].")[2].partition("[")[0]
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    head, *below = name.split("_per_")
    denominators = tuple(
        word for part in below for word in part.split("_") if word not in ADJECTIVES
    )
    if any(word not in WORDS for word in denominators):
        raise UnitError(f"{name}: {[w for w in denominators if w not in WORDS]} are not units")
    words, above = head.removesuffix("_lost").split("_"), []
    while words and words[-1] in WORDS:
        above.append(words.pop())
    if head in ("rack_count",):
        return ("rack",), denominators, False
    if not above:
        if denominators == ("year",) and any(
            head == rate or head.endswith(f"_{rate}") for rate in RATES
        ):
            return (), denominators, True
        if not words or words[-1] not in RATIOS:
            raise UnitError(f"{name} says no unit")
    return tuple(reversed(above)), denominators, False


def unit_text(name: str) -> str:
    """The unit that a name says, to be read: `usd/(gpu hour)`, `1/year`, `1` for a pure ratio."""
    above, below, _ = unit_words(name)
    if not below:
        return " ".join(above) or "1"
    one_word = len(below) == 1 and "_" not in below[0]
    per = below[0] if one_word else f"({' '.join(below)})"
    return f"{' '.join(above) or '1'}/{per}"


def unit_shown(name: str) -> str:
    """`unit_text`, and "1" for a name that says none: an axis of rows, the structure of time."""
    try:
        return unit_text(name)
    except UnitError:
        return "1"


def last_word(name: str) -> str:
    """What a name of a pure ratio ends in."""
    name = name.rpartition(".")[2].partition("[")[0]
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name.rpartition("_")[2]


def is_in_percent(name: str, unit: str) -> bool:
    """Whether a number is read in hundredths: a fraction, or a yearly rate."""
    return unit == "1/year" or (unit == "1" and last_word(name) in PERCENT)


def amount_wanted(name: str) -> str:
    """What is expected in place of a percentage where a number of a name is an amount: "" for a
    pure ratio, a yearly rate and what says no unit.
    """
    unit = unit_shown(name)
    return "" if unit in ("1", "1/year") else f"a number in {unit}, not a percentage"


@cached(4096)
def says_unit(name: str) -> bool:
    """Whether a name says what its numbers are in."""
    try:
        unit_words(name)
    except UnitError:
        return False
    return True


def number_named(key: Any, table: Mapping[Any, Any], name: str) -> str:
    """Of what the numbers at a key of a table are: of the key, of what the table names beside it,
    or of `name`, which holds the table.
    """
    if key in SHARES or not isinstance(key, str):
        return ""
    beside = table.get(BESIDE.get(key, "field"))
    return key if says_unit(key) else beside if isinstance(beside, str) else name


def value_text(name: str, value: float) -> str:
    """A number in a sentence: in % where that of its name is read so."""
    if is_in_percent(name, unit_shown(name)):
        return f"{round(100.0 * value, 9):.6g} %"
    return f"{value:g}"


def percent_meant(name: str, level: float) -> tuple[str, ...]:
    """What to say of a level that was likely meant in percent: 10 where 10 % is 0.1."""
    if not (2.0 <= abs(level) <= 100.0 and is_in_percent(name, unit_shown(name))):
        return ()
    text = f"{level:.15g}"
    meant = f'{float(f"{text}e-2")!r} or "{text}%"'
    return (
        f"{name} is compared with {text}, which is {100.0 * level:,.6g} %; did you mean {meant}?",
    )
