"""The cash flow as a statement: which line counts for or against which total, and in which order
they are read.

A line says so where it is defined (`adds_to`, `taken_from`), so that what a cost or an extension
brings has its line by itself.
"""

from collections.abc import Iterator, Mapping

from kernels.language.node import Node
from kernels.language.profile import Profile, sum_of

BEFORE_TAX = "flow_before_tax_usd_per_rack_by_year"
PROJECT_FLOW = "project_flow_usd_per_rack_by_year"
EQUITY_FLOW = "equity_flow_usd_per_rack_by_year"
EBITDA = "ebitda_usd_per_rack_by_year"
Sums = Mapping[str, Mapping[str, float]]


def sums(nodes: Mapping[str, Node]) -> dict[str, dict[str, float]]:
    """The lines of each total, 1.0 where they add to it, -1.0 where they are taken from it: first
    what is paid at the start, then subtotals, then the rest.
    """
    totals = {total for one in nodes.values() for total in one.line_in}
    lines = sorted(nodes.values(), key=lambda one: (bool(one.first_year), one.name not in totals))
    return {
        total: {one.name: one.line_in[total] for one in lines if total in one.line_in}
        for total in (*nodes, BEFORE_TAX)
        if total in totals
    }


def in_sequence(totals: Sums) -> Iterator[str]:
    """Lines and totals as they are read, each once: a total after its lines."""
    lines = {name for each in totals.values() for name in each}
    seen = set[str]()

    def read(name: str) -> Iterator[str]:
        for line in totals.get(name, ()):
            yield from read(line)
        if name not in seen:
            seen.add(name)
            yield name

    for total in totals:
        if total not in lines:
            yield from read(total)


def before_tax(nodes: Mapping[str, Node]) -> Node:
    """What each operating year leaves before tax and debt: the sum of its lines."""
    lines = sums(nodes)[BEFORE_TAX]
    starts = [nodes[name].first_year or 0 for name in lines]

    def total(*series):
        whole = []
        for sign, start, one in zip(lines.values(), starts, series, strict=True):
            whole.append([*(0.0,) * start, *(sign * value for value in one.values)])
        return Profile(map(sum_of, zip(*whole, strict=True)))

    return Node(
        BEFORE_TAX,
        total,
        tuple(lines),
        "Cash by operating year before tax and debt: ebitda and what else is received, less what"
        " else is paid, the capital first of all.",
        first_year=0,
        line_in={PROJECT_FLOW: 1.0, EQUITY_FLOW: 1.0},
    )
