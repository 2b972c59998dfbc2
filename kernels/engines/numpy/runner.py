"""A program run by numpy on one tile after another: each value in a buffer, computed again only
when it changes.

A value is computed over the axes that it depends on. From one tile to the next only those are
computed again whose axes moved; values that move with every tile share buffers, and the last
operation of a target may write straight into the answer.
"""

from collections.abc import Iterable, Sequence
from math import inf, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.engines.numpy.bodies import Values, function, operand, run_fold, run_turn
from kernels.engines.partials import Tally
from kernels.language.verbs import Arrays
from kernels.trace.expressions import FUNCTIONS, Body, Expr, Turn
from kernels.trace.grid import Box
from kernels.trace.program import needs, program


class Interpreter:
    """The values of `targets` and, where asked for, of `others`, over boxes of at most `sizes`; for
    one thread.
    """

    def __init__(
        self,
        targets: Sequence[Any],
        others: Sequence[Any],
        shape: tuple[int, ...],
        sizes: tuple[int, ...],
        xp: Arrays,
    ) -> None:
        self.xp, self.rank, self.sizes = xp, len(shape), sizes
        self.nodes = program((*targets, *others)).nodes
        self.own = len(program(targets).nodes)
        self.cut = frozenset(
            axis
            for axis, (length, size) in enumerate(zip(shape, sizes, strict=True))
            if size < length
        )
        # all of them where one tile is the whole grid: then too, what is forgotten gives its buffer
        self.moving = frozenset({max(self.cut)} if self.cut else range(self.rank))
        uses = {one for node in self.nodes for one in needs(node)}
        self.last = {
            t
            for t in targets
            if isinstance(t, Expr) and (t.op in FUNCTIONS or t.op == "where") and t not in uses
        }
        self.buffers = self._buffers(
            {*targets, *others, *(need for target in self.last for need in needs(target))}
        )
        self.box: Box | None = None
        self.has_others = False
        self.bound: dict[tuple[int, ...], Values] = {}
        self.lists: dict[Any, list[Any]] = {}
        self.values: Values = {}
        self.changed: frozenset[int] = frozenset()

    @staticmethod
    def check(wanted: Iterable[Any], sizes: tuple[int, ...]) -> None:
        """Whether it can compute some values: it can."""

    @staticmethod
    def kept(
        wanted: Iterable[Any], sizes: tuple[int, ...], tallies: Sequence[tuple[Any, Tally]]
    ) -> bool:
        """Whether code for some values is there: none is needed."""
        return True

    def _buffers(self, kept: set[Any]) -> dict[Expr, NDArray[Any]]:
        """A buffer for each value: its own, or one shared with others where it is made anew for
        every tile and forgotten within it.
        """
        last = {need: at for at, node in enumerate(self.nodes) for need in needs(node)}
        free: dict[Any, list[NDArray[Any]]] = {}
        buffers: dict[Expr, NDArray[Any]] = {}
        for at, node in enumerate(self.nodes):
            for one in self._made_with(node):
                if one in buffers or (one.op == "table" and self.cut.isdisjoint(one.axes)):
                    continue
                kind = (
                    prod(self.sizes[axis] for axis in one.axes),
                    bool if one.is_condition else float,
                )
                shared = free.get(kind) if not self.moving.isdisjoint(one.axes) else None
                buffers[one] = shared.pop() if shared else np.empty(*kind)
            for need in {*needs(node), *self._made_with(node)}:
                if (
                    last.get(need, -1) <= at
                    and need in buffers
                    and need not in kept
                    and not self.moving.isdisjoint(need.axes)
                ):
                    free.setdefault(
                        (buffers[need].size, bool if need.is_condition else float), []
                    ).append(buffers[need])
                    last[need] = inf  # type: ignore[assignment]
        return buffers

    def _made_with(self, node: Expr) -> tuple[Expr, ...]:
        return node.args[0].results if node.op == "result" else (node,)

    def at(self, box: Box, others: bool = False) -> None:
        """Compute the targets over a box, but for last operations; with `others`, the others too,
        after the targets.
        """
        lengths = tuple(s.stop - s.start for s in box)
        if others and self.has_others:
            return  # once a box: buffers that they read are written over by them
        self.has_others = others
        if not others:
            self.changed = self.moving.union(
                a for a in self.cut if self.box is None or self.box[a] != box[a]
            )
            first, self.box = self.box is None, box
            self.values = self.bound[lengths] if lengths in self.bound else self._bind(lengths)
            wanted = (lengths, None if first else self.changed, False)
        else:
            wanted = (lengths, None, True)
        for node, compute, arguments, out in (
            self.lists[wanted] if wanted in self.lists else self._listed(*wanted)
        ):
            if compute is not None:
                compute(*arguments, out)
            elif node.op == "table":
                np.copyto(out, self._part(node))
            else:
                body = node.args[0]
                found = (
                    run_turn(body, self.values, self.xp)
                    if isinstance(body, Turn)
                    else run_fold(body, self.values, self.xp)
                )
                for one, value in zip(body.results, found, strict=True):
                    np.copyto(self.values[one], value)

    def _bind(self, lengths: tuple[int, ...]) -> Values:
        values: Values = {node: node.array for node in self.nodes if node.op == "table"}
        for one, buffer in self.buffers.items():
            shape = tuple(length if axis in one.axes else 1 for axis, length in enumerate(lengths))
            values[one] = buffer[: prod(shape)].reshape(shape)
        self.bound[lengths] = values
        return values

    def _listed(
        self, lengths: tuple[int, ...], changed: frozenset[int] | None, others: bool
    ) -> list[Any]:
        """What must be computed when some axes have moved (None: whatever there is)."""
        listed: list[Any] = []
        done: set[Body] = (
            {one.args[0] for one in self.nodes[: self.own] if one.op == "result"}
            if others
            else set()
        )
        for one in self.nodes[self.own :] if others else self.nodes[: self.own]:
            if (
                one not in self.buffers
                or one in self.last
                or (changed is not None and changed.isdisjoint(one.axes))
            ):
                continue
            if one.op in ("table", "result"):
                body = one.args[0] if one.op == "result" else None
                if body is None or body not in done:
                    listed.append((one, None, (), self.values[one]))
                done |= {body} if body else set()
            else:
                listed.append(
                    (
                        one,
                        function(one.op),
                        tuple(operand(a, self.values) for a in one.args),
                        self.values[one],
                    )
                )
        self.lists[lengths, changed, others] = listed
        return listed

    def _part(self, table: Expr) -> NDArray[Any]:
        assert self.box is not None  # noqa: S101
        own = (s if axis in table.axes else slice(None) for axis, s in enumerate(self.box))
        return table.array[tuple(own)]  # type: ignore[no-any-return]

    def value(self, target: Any, out: NDArray[Any] | None = None) -> NDArray[Any]:
        """A target over the box, of the axes that it depends on; written into `out` where that is
        given. Good until the next box.
        """
        if not isinstance(target, Expr):
            found = np.full((1,) * self.rank, target)
        elif target in self.last:
            same = out is not None and out.shape == self.values[target].shape
            found = out if same else self.values[target]  # type: ignore[assignment]
            function(target.op)(*(operand(a, self.values) for a in target.args), out=found)
            if same:
                return found
        else:
            found = self.values[target]
        if out is not None:
            np.copyto(out, found)
        return found

    def fill(self, targets: Sequence[Any], outs: Sequence[NDArray[np.float64]]) -> None:
        """Write targets over the box into arrays of its shape."""
        for target, out in zip(targets, outs, strict=True):
            self.value(target, out)

    def reached(self, target: Any, count: int, greatest: bool) -> float | None:
        """What at least `count` of the values of a target reach, where that can be told without
        giving them: here it cannot.
        """
        return None

    def cells_at(self) -> int:
        """How many cells of their own the targets have in the box."""
        return 0

    def sound(self, target: Any, found: NDArray[Any]) -> bool:
        """Whether every value found for a target is a number."""
        return bool(np.isfinite(found.sum()) or np.isfinite(found).all())

    def tally(
        self,
        target: Any,
        tally: Tally,
        state: NDArray[np.float64],
        counts: NDArray[np.int64],
    ) -> bool:
        """Whether a compiled tally ran over the box: there is none here."""
        return False
