"""A rival in polars, on two threads: a lazy cross join of the axes and the formula, or factors on
the joins of four of them.
"""

import by_hand
import polars as pl
from grid_of_eight import HISTOGRAM, axes


def _cross(names, cells):
    values = axes(cells)
    first, *others = (pl.LazyFrame({name: values[name]}) for name in names)
    for other in others:
        first = first.join(other, how="cross", maintain_order="left_right")
    return first


def _named(expressions, name):
    return [expression.alias(f"{name}{at}") for at, expression in enumerate(expressions)]


def factored(target, cells):
    """The target's column over the grid, in row-major order, from factors; `head` and `tail` are
    the row of a cell in either half.
    """
    columns = {name: pl.col(name) for name in by_hand.FIELDS}
    head = _named(by_hand.HEADS[target](*(columns[name] for name in by_hand.HEAD)), "head_")
    tail = _named(by_hand.running_and_capital(*(columns[name] for name in by_hand.TAIL)), "tail_")
    left = _cross(by_hand.HEAD, cells).select(head).with_row_index("head")
    right = _cross(by_hand.TAIL, cells).select(tail).with_row_index("tail")
    factors = [
        *(pl.col(f"head_{at}") for at in range(len(head))),
        *(pl.col(f"tail_{at}") for at in range(len(tail))),
    ]
    grid = left.join(right, how="cross", maintain_order="left_right")
    return grid.select("head", "tail", by_hand.CELLS[target](*factors).alias(target))


def whole(target, cells):
    """The target's column beside those of the axes, by the closed formula in every cell."""
    formula = by_hand.in_every_cell(target, {name: pl.col(name) for name in by_hand.FIELDS})
    return _cross(by_hand.FIELDS, cells).with_columns(formula.alias(target))


def materialised(query, target, cells):
    """The column of a query, by the streaming engine: three times as fast here as the one in
    memory.
    """
    made = query(target, cells).select(target)
    return lambda: made.collect(engine="streaming")[target].to_numpy()


def reduced(query, question, target, cells):
    """A reduction of a query's column, which is never whole."""
    grid, column = query(target, cells), pl.col(target)
    low, high, bins = HISTOGRAM
    places = ((column - low) * (bins / (high - low))).floor().cast(pl.Int32)
    reductions = {
        "least": grid.select(column.min()),
        "least, and where": grid.bottom_k(1, by=target),
        "histogram": grid.group_by(places.alias("bin")).len(target),
        "top 100": grid.top_k(100, by=target),
        "share": grid.select((column > 0.0).mean()),
    }
    return lambda: reductions[question].collect(engine="streaming")[target].to_numpy()
