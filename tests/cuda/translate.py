"""A kernel of PTX as Python functions over numpy arrays, one for each basic block."""

from dataclasses import dataclass, field
from inspect import isfunction

import accesses
import arithmetic
import meetings
import numpy as np
from control_flow import blocks_of
from memory import DTYPES
from operations import kind_of
from outcomes import Counts
from writer import Writer

REAL_OPERATIONS = ("add", "sub", "mul", "div", "sqrt", "rcp", "min", "max", "setp")
HELPERS = {
    name: function
    for module in (arithmetic, accesses, meetings)
    for name, function in vars(module).items()
    if isfunction(function)
}
NUMPY = ("where", "sqrt", "minimum", "maximum", "bitwise_count", "trunc", "rint", "floor", "ceil")


@dataclass
class Translation:
    """A kernel as functions: one a block, `slots` registers that live between them, and what each
    block counts.
    """

    functions: list = field(default_factory=list)
    tallies: list = field(default_factory=list)
    leaves: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    slots: dict = field(default_factory=dict)


def translated(kernel, addresses):
    """The Translation of a kernel, where `addresses` are those of the arrays it names. Errors:
    UnknownPtx, before anything runs.
    """
    blocks = blocks_of(kernel)
    names = sorted(set().union(*(block.needs | block.gives for block in blocks)))
    slots = {name: (slot, kind_of(kernel.registers[name])) for slot, name in enumerate(names)}
    namespace = {
        **DTYPES,
        **HELPERS,
        **{name: getattr(np, name) for name in NUMPY},
        "one": np.float64(1),
    }
    translation = Translation(slots=slots)
    for number, block in enumerate(blocks):
        text = Writer(kernel, block, slots, addresses, namespace).function(f"block_{number}")
        exec(compile(text, f"{kernel.name}, block {number}", "exec"), namespace)
        translation.functions.append(namespace[f"block_{number}"])
        translation.tallies.append(_tally(block))
        translation.lines.append(block.instructions[0].line)
        translation.leaves.append(block.target == len(blocks) or block.following == len(blocks))
    return translation


def _tally(block):
    """The Counts of one thread that runs a block."""
    parts = [instruction.parts for instruction in block.instructions]
    return Counts(
        instructions=len(parts),
        real_operations=sum(one[0] in REAL_OPERATIONS and one[-1] == "f64" for one in parts),
        loads=sum(
            one[0] == "ld" and not {"param", "shared", "const", "local"} & set(one) for one in parts
        ),
        stores=sum(one[0] == "st" and not {"shared", "local"} & set(one) for one in parts),
        barriers=sum(one[:2] == ("bar", "sync") for one in parts),
        shuffles=sum(one[0] == "shfl" for one in parts),
        atomics=sum(one[0] in ("atom", "red") for one in parts),
    )
