"""What comes of a launch: counts, or a fault."""

from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class Counts:
    """How often the threads of a launch together did something; an instruction that a guard keeps a
    thread from counts too.

    `real_operations` are + - * / sqrt min max and comparisons of float64; loads and stores are
    those of global memory.
    """

    instructions: int = 0
    real_operations: int = 0
    loads: int = 0
    stores: int = 0
    barriers: int = 0
    shuffles: int = 0
    atomics: int = 0

    def __add__(self, other):
        return Counts(
            *(mine + its for mine, its in zip(astuple(self), astuple(other), strict=True))
        )

    def __mul__(self, times):
        return Counts(*(one * times for one in astuple(self)))


class Fault(Exception):
    """Something that a kernel must not do: its kind, the line of the PTX, the block and the thread
    (both as one number), the address.

    Kinds: "out of bounds", "misaligned", "write to read-only memory", "read of memory without a
    value", "race in global memory", "race in shared memory", "constant load of changed memory",
    "integer division by zero", "divergent barrier", "absent lane", "deadlock", "endless".
    """

    def __init__(self, kind, line, block, thread, address=None, note=""):
        self.kind, self.line, self.block, self.thread, self.address = (
            kind,
            line,
            block,
            thread,
            address,
        )
        where = f" at {address:#x}" if address is not None else ""
        super().__init__(
            f"{kind}{where}: PTX line {line}, block {block}, thread"
            f" {thread}{f': {note}' if note else ''}"
        )
