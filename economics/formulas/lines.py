"""The lines of the cash flow, made from the parts of the operating expense: each part by period,
each line by period and by operating year, the cash cost.
"""

from economics.formulas.statement import BEFORE_TAX, EBITDA
from kernels.language.flow import flow, sum_flows
from kernels.language.node import Node, Probe, in_order

LEVEL, PREFIX = "utilisation", "sold"  # what the variable share of a cost follows


def lines(parts: tuple[Node, ...]) -> list[Node]:
    """Nodes made from the parts of the operating expense."""
    made = [
        _line("revenue", "Revenue of each operating year.", EBITDA, 1.0),
        _line(
            "overhead", "Fees, selling cost and revenue share of each operating year.", EBITDA, -1.0
        ),
    ]
    by_line = dict[str, list[str]]()
    for part in parts:
        made += _by_period(part)
        by_line.setdefault(line_of(part.name), []).append(by_period(part.name))
    for line, names in by_line.items():
        flows = f"{line}_usd_per_rack_by_period"
        made.append(_sum_of(flows, names, f"{line.capitalize()} cost of each period."))
        doc = f"{line.capitalize()} cost of each operating year."
        made.append(_line(line, doc, EBITDA, -1.0))
    total = [f"{line}_usd_per_rack_by_period" for line in by_line]
    made.append(
        _sum_of(
            "operating_expense_usd_per_rack_by_period", total, "All running cost of each period."
        )
    )
    made.append(_line("ebitda", "Ebitda of each operating year.", BEFORE_TAX, 1.0))
    return [*made, _cash_cost(parts)]


def line_of(name: str) -> str:
    """The line of the cash flow in which a part of the operating expense stands."""
    return name.split("_")[0]


def by_period(name: str) -> str:
    """The name of a yearly amount's flow."""
    return name.replace("_per_rack_year", "_per_rack_by_period")


def fixed(name: str) -> str:
    """The name of what a cost is while nothing is sold."""
    return f"fixed_{name}"


def variable(name: str) -> str:
    """The name of what full use adds to a cost."""
    return f"variable_{name}"


def _cash_cost(parts: tuple[Node, ...]) -> Node:
    cash = tuple(part.name for part in parts if part.marks["cash"])
    doc = "Yearly running bills of a rack: operating expense that is cash."
    return Node("cash_cost_usd_per_rack_year", in_order, cash, doc)


def _sum_of(name: str, flows: list[str], doc: str) -> Node:
    return Node(name, _sum, tuple(flows), doc, inner=True)


def _sum(*flows):
    return sum_flows(flows)


def _line(name: str, doc: str, total: str, sign: float) -> Node:
    """A line of the cash flow by operating year."""
    flows, yearly = f"{name}_usd_per_rack_by_period", f"{name}_usd_per_rack_by_year"

    def grouped(flows, calendar):
        return flows.grouped(calendar.periods_per_year)

    return Node(yearly, grouped, (flows, "calendar"), doc, first_year=1, line_in={total: sign})


def _by_period(part: Node) -> list[Node]:
    """A part's flow; what depends on utilisation is split into its fixed and its variable share,
    which follows the ramp.
    """
    growth = part.marks["escalates_by"]
    years = f"{growth}_years_by_period" if growth else "operating_years_by_period"
    used = f"{PREFIX}_{growth}_years_by_period" if growth else f"{PREFIX}_years_by_period"
    name, doc = by_period(part.name), f"{_first_paragraph(part.doc)} By period."
    if not part.marks["with_use"]:
        return [Node(name, flow, (part.name, years), doc, inner=True)]
    never, added = fixed(part.name), variable(part.name)
    asked = {"cost": Probe(part.name, LEVEL)}
    return [
        Node(
            never,
            lambda cost: cost(0.0),
            ("cost",),
            f"{part.name} while nothing is sold.",
            probes=asked,
            inner=True,
        ),
        Node(
            added,
            lambda cost, fixed: cost(1.0) - fixed,
            ("cost", never),
            f"What full use adds to {part.name}.",
            probes=asked,
            inner=True,
        ),
        Node(name, _two_flows, (never, years, added, LEVEL, used), doc, inner=True),
    ]


def _two_flows(fixed, years, variable, level, used):
    return flow(variable * level, used) + flow(fixed, years)


def _first_paragraph(doc: str) -> str:
    return " ".join(doc.split("\n\n")[0].split())
