"""A rival in JAX, compiled by XLA in double precision on two threads: the whole formula, or factors
first, fused.
"""

import by_hand
import jax
import jax.numpy as jnp
from grid_of_eight import axes
from rivals_numpy import own

jax.config.update("jax_enable_x64", True)


def _fields(cells):
    return {name: jnp.asarray(value) for name, value in own(cells).items()}


def in_every_cell(target, cells):
    """The closed formula as one compiled function, its fields broadcast by XLA."""
    shape, fields = tuple(map(len, axes(cells).values())), _fields(cells)
    compiled = jax.jit(lambda given: jnp.broadcast_to(by_hand.in_every_cell(target, given), shape))
    return lambda: compiled(fields).block_until_ready()


def by_factors(target, cells):
    """Factors and cells as two compiled functions, so that XLA computes no factor again for each
    cell.
    """
    shape, fields = tuple(map(len, axes(cells).values())), _fields(cells)
    head, tail = jax.jit(by_hand.HEADS[target]), jax.jit(by_hand.running_and_capital)
    cell = jax.jit(lambda *factors: jnp.broadcast_to(by_hand.CELLS[target](*factors), shape))

    def evaluated():
        factors = (
            *head(*(fields[name] for name in by_hand.HEAD)),
            *tail(*(fields[name] for name in by_hand.TAIL)),
        )
        return cell(*factors).block_until_ready()

    return evaluated
