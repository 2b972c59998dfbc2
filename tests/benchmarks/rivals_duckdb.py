"""A rival in DuckDB, on two threads: a cross join of the axes and the formula in SQL, or factors on
the joins of four of them.
"""

import by_hand
import duckdb
from grid_of_eight import HISTOGRAM, axes
from ours import THREADS

POWERS = "(1 + {0} * (1 + {0} * (1 + {0} * (1 + {0}))))"
ANNUITY = "annual * " + POWERS.format("annual")
HEADS = {
    "npv_usd_per_rack": (
        (
            f"{(1 - by_hand.TAX) * by_hand.GPU_HOURS} * price * utilisation * annual *"
            f" {POWERS.format('((1 - decline) * annual)')} AS sales"
        ),
        f"{1 - by_hand.TAX} * {ANNUITY} AS annuity",
        f"{by_hand.TAX / by_hand.LIFE_YEARS} * {ANNUITY} - 1 AS shield",
    ),
    "cost_usd_per_gpu_hour": (
        f"1 / ({by_hand.GPU_HOURS} * utilisation) AS hour",
        (
            f"wacc / (1 - pow(annual, {by_hand.LIFE_YEARS})) / ({by_hand.GPU_HOURS} * utilisation)"
            " AS capital_hour"
        ),
    ),
}
CELLS = {
    "npv_usd_per_rack": "sales - annuity * running + shield * capital",
    "cost_usd_per_gpu_hour": "hour * running + capital_hour * capital",
}


RUNNING = f"{by_hand.LOAD_KWH} * pue * electricity + other AS running"


def connected(cells):
    """A connection that holds the axes."""
    connection = duckdb.connect(config={"threads": THREADS})
    for name, values in zip(by_hand.SHORT, axes(cells).values(), strict=True):
        connection.execute(f"CREATE TABLE {name} AS SELECT unnest(?) AS {name}", [values.tolist()])
    return connection


def factored(target):
    """The table `grid`, its cells made of factors; `head`, `tail`: the row of a cell in either
    half.
    """
    return (
        f"WITH heads AS (SELECT row_number() OVER () - 1 AS head, {', '.join(HEADS[target])}  FROM"
        " (SELECT *, 1 / (1 + wacc) AS annual FROM price, utilisation, decline, wacc)), tails AS"
        f" (SELECT row_number() OVER () - 1 AS tail, {RUNNING}, capital FROM electricity, pue,"
        f" capital, other), grid AS (SELECT {CELLS[target]} AS value, head, tail FROM heads, tails)"
    )


def whole(target):
    """The table `grid`, beside the axes, by the closed formula in every cell."""
    return (
        f"WITH years AS (SELECT *, 1 / (1 + wacc) AS annual, {RUNNING} FROM"
        f" {', '.join(by_hand.SHORT)}), factors AS (SELECT *, {', '.join(HEADS[target])} FROM"
        f" years), grid AS (SELECT {CELLS[target]} AS value, {', '.join(by_hand.SHORT)} FROM"
        " factors)"
    )


def materialised(query, target, cells):
    """A table in memory, faster than a fetched array; its rows come in an order of DuckDB's own."""
    connection = connected(cells)

    def evaluated():
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE answer AS {query(target)} SELECT value FROM grid"
        )
        return lambda: connection.execute("SELECT value FROM answer").fetchnumpy()["value"]

    return evaluated


def reduced(query, question, target, cells):
    """A reduction of a query's column, which is never whole."""
    low, high, bins = HISTOGRAM
    connection = connected(cells)
    reductions = {
        "least": "SELECT min(value) FROM grid",
        "least, and where": "SELECT * FROM grid ORDER BY value LIMIT 1",
        "histogram": (
            f"SELECT count(*), CAST(floor((value - {low}) * {bins / (high - low)}) AS INTEGER) AS"
            " bin FROM grid GROUP BY bin"
        ),
        "top 100": "SELECT * FROM grid ORDER BY value DESC LIMIT 100",
        "share": f"SELECT count(*) FILTER (value > 0) / {cells} FROM grid",
    }
    return lambda: [
        row[0] for row in connection.execute(f"{query(target)} {reductions[question]}").fetchall()
    ]
