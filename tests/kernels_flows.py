"""Takings and costs of a lemonade stand by date, such that their rate of return is hard to find."""

import math

import numpy as np


def unconventional(rng):
    """Flows of 5 to 60 dates whose signs change often: takings, yearly taxes, losses at the end,
    products of roots, small integers,

    amounts of very different size, nearly double roots, nothing on the first and the last dates; in
    small and in large coins.
    """
    dates, kind, coin = (
        rng.choice((5, 6, 8, 12, 20, 24, 36, 48, 60)),
        rng.randrange(11),
        rng.choice((1.0, 1.0, 1e-120, 1e140)),
    )
    outlay = 100.0
    if kind == 0:
        later = [rng.gauss(10, 40) for _ in range(dates)]
    elif kind == 1:
        later = [
            rng.uniform(1, 8) * (1 - 0.02 * k) - (rng.uniform(5, 60) if k % 12 == 11 else 0)
            for k in range(dates)
        ]
    elif kind == 2:
        outlay, later = float(rng.randint(1, 10)), [float(rng.randint(-6, 6)) for _ in range(dates)]
    elif kind == 3:
        later = [120 / dates * (1 - 1.7 * k / dates) for k in range(dates)]
        later[-1] += rng.uniform(-50, 50)
    elif kind == 4:
        product = np.poly([rng.uniform(0.5, 1.5) for _ in range(rng.randint(1, 4))]) * -100.0
        outlay, later = -product[0], [*product[1:].tolist(), *[0.0] * (dates - len(product) + 1)]
    elif kind == 5:
        outlay = rng.choice((rng.uniform(-5, 20), 1e-3, 1e-6))
        later = [
            rng.uniform(-3, 3) - (rng.uniform(0, 10) if k % 4 == 3 else 0) + 2 * math.sin(k / 5)
            for k in range(dates)
        ]
    elif kind == 6:
        later = [rng.choice((0.0, 0.0, rng.uniform(-30, 30))) for _ in range(dates)]
    elif kind == 7:
        later = [rng.choice((-1, 1)) * 10.0 ** rng.uniform(-6, 3) for _ in range(dates)]
    elif kind == 8:
        middle, apart = rng.uniform(0.3, 1.5), rng.choice((-1, 1)) * 10.0 ** rng.uniform(-10, -2)
        others = [rng.uniform(0.2, 2) for _ in range(rng.randint(0, 2))] + [
            -rng.uniform(0.5, 1.5) for _ in range(rng.randint(0, 4))
        ]
        product = np.polymul(
            [1, -2 * middle, middle * middle + apart], np.poly(others)
        ) * rng.choice((-100.0, 100.0))
        outlay, later = -float(product[0]), [*product[1:].tolist(), *[0.0] * rng.choice((0, 3, 12))]
    elif kind == 9:
        outlay, later = (
            0.0,
            [
                *[0.0] * rng.randint(0, 4),
                *(rng.gauss(0, 10) for _ in range(dates)),
                *[0.0] * rng.choice((0, 5, 24)),
            ],
        )
    else:
        outlay, later = 100.0, months(rng)
    return outlay * coin, [amount * coin for amount in later]


def months(rng):
    """Falling takings less costs, and a tax on each year's gain at its end, with losses carried or
    not; nothing after the life.
    """
    years, falls, takings, costs = (
        rng.choice((3, 5)),
        rng.uniform(0, 0.4),
        rng.uniform(1, 7),
        rng.uniform(0.2, 2),
    )
    carries, loss, flows = rng.random() < 0.5, 0.0, []
    for _ in range(years):
        year = [takings * (1 - falls) ** ((len(flows) + k) / 12) - costs for k in range(12)]
        gain = sum(year) - 100 / years
        used = min(loss, max(gain, 0.0)) if carries else 0.0
        loss += max(-gain, 0.0) - used
        year[-1] -= 0.25 * (max(gain, 0.0) - used if carries else gain)
        flows += year
    flows[-1] += rng.choice((0.0, 0.0, 2.0, 20.0))
    return flows + [0.0] * rng.choice((0, 0, 24))
