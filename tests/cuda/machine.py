"""Threads in lockstep: a register is an array over all threads, and those that wait at the lowest
block of a kernel run next, together.
"""

import accesses
import meetings
import numpy as np
from memory import DTYPES, GARBAGE
from outcomes import Fault

GARBAGE_OF = {
    kind: np.frombuffer(bytes([GARBAGE]) * dtype.itemsize, dtype)[0]
    for kind, dtype in DTYPES.items()
}
PER_THREAD = (
    "thread",
    "own_block",
    "warp",
    "lane",
    "slot",
    "own_number",
    "shared_number",
    "shared_floor",
    "waiting",
)


class Machine:
    """Some blocks of a launch, run together. `places` says at which block of the kernel each thread
    is, None while all are at `place`.

    Per thread: `thread` its number within its block, `own_block` the block's place among those at
    hand, `warp` the warp's, `lane`, `slot` its place at the start; the numbers are those under
    which memory notes it (memory.Owners).
    """

    def __init__(self, translation, launch, numbers):
        self.translation, self.launch, self.numbers = translation, launch, numbers
        size = launch.block_threads
        self.block_count, self.count = len(numbers), len(numbers) * size
        self.slot = np.arange(self.count)
        self.thread, self.own_block = self.slot % size, self.slot // size
        self.warps_per_block = -(-size // 32)
        self.warp, self.lane = (
            self.own_block * self.warps_per_block + self.thread // 32,
            self.thread % 32,
        )
        self.whole = size % 32 == 0
        self.complete = True
        self.place, self.places = 0, None
        self.waiting = np.zeros(self.count, dtype=bool)
        self.registers = [GARBAGE_OF[kind] for _, kind in translation.slots.values()]
        self.steps = np.zeros(len(translation.functions), dtype=np.int64)
        self.specials = {}
        accesses.prepare(self)

    def run(self, limit):
        """Run to the end; returns how many threads ran each block. Errors: Fault, also when it
        takes more than `limit` steps.
        """
        end = len(self.translation.functions)
        for _ in range(limit):
            lanes = self.gathered()
            place = self.place
            self.moving = lanes
            target = self.translation.functions[place](self, lanes)
            lanes = self.moving
            self.steps[place] += self.count if lanes is None else len(lanes)
            self.move(lanes, target)
            if self.translation.leaves[place] and self.leave(end):
                return self.steps
        raise self.fault(
            "endless",
            self.line_of(self.place),
            0,
            note=f"basic blocks were run more than {limit} times",
        )

    def gathered(self):
        """The threads that run next: None for all."""
        if self.places is None:
            return None
        ready = self.places if not self.waiting.any() else self.places[~self.waiting]
        if not len(ready):
            raise meetings.stuck(self)
        self.place = int(ready.min())
        here = np.flatnonzero(self.places == self.place)
        if len(here) < self.count:
            return here
        self.places = None
        self.waiting[:] = False
        return None

    def move(self, lanes, target):
        """Let threads go to their next blocks."""
        if lanes is None and isinstance(target, int):
            self.place = target
            return
        if self.places is None:
            self.places = np.full(self.count, self.place)
        if lanes is None:
            self.places[:] = target
        else:
            self.places[lanes] = target
            self.waiting[lanes] = False

    def leave(self, end):
        """Take out the threads that reached the end; returns whether none is left. Who waits looks
        again whether the others are there.
        """
        if self.places is None:
            return self.place == end
        stay = self.places != end
        if stay.all():
            return False
        self.count = int(np.count_nonzero(stay))
        self.complete = False
        self.places = self.places[stay]
        for name in PER_THREAD:
            setattr(self, name, getattr(self, name)[stay])
        self.registers = [value[stay] if value.ndim else value for value in self.registers]
        self.specials = {}
        self.waiting[:] = False
        return self.count == 0

    def values(self, lanes, slots):
        """Registers of some threads."""
        registers = self.registers
        if lanes is None:
            return [registers[slot] for slot in slots]
        return [
            registers[slot].take(lanes) if registers[slot].ndim else registers[slot]
            for slot in slots
        ]

    def keep(self, lanes, slots, values):
        """Set registers of some threads."""
        registers = self.registers
        if lanes is None:
            for slot, value in zip(slots, values, strict=True):
                registers[slot] = value
            return
        for slot, value in zip(slots, values, strict=True):
            if not registers[slot].ndim:
                registers[slot] = np.full(self.count, registers[slot])
            registers[slot][lanes] = value

    def way(self, condition, target, following):
        """The next block where a condition holds, and where it does not."""
        if not condition.ndim:
            return target if condition else following
        holds = np.count_nonzero(condition)
        if holds in (0, len(condition)):
            return target if holds else following
        return np.where(condition, target, following)

    def special(self, name, lanes):
        """A special register, as uint32."""
        if name not in self.specials:
            self.specials[name] = self._special(name)
        value = self.specials[name]
        return value if lanes is None or not value.ndim else value[lanes]

    def _special(self, name):
        name, _, axis = name.partition(".")
        if name == "laneid":
            return self.lane.astype(np.uint32)
        axis = "xyz".index(axis)
        if name in ("ntid", "nctaid"):
            return np.uint32((self.launch.block if name == "ntid" else self.launch.grid)[axis])
        number, shape = (
            (self.thread, self.launch.block)
            if name == "tid"
            else (self.numbers[self.own_block], self.launch.grid)
        )
        return (number // int(np.prod(shape[:axis])) % shape[axis]).astype(np.uint32)

    def parameter(self, offset, dtype):
        """A number of the parameter block."""
        return np.frombuffer(self.launch.parameters, dtype, 1, offset)[0]

    def divisor(self, lanes, guard, divisor, line):
        """A divisor that is nowhere 0: 1 where the guard is off. Errors: Fault."""
        zero = divisor == 0
        if guard is not None:
            divisor, zero = np.where(guard, divisor, divisor.dtype.type(1)), zero & guard
        if zero.any():
            raise self.fault(
                "integer division by zero", line, self.thread_at(lanes, int(np.argmax(zero)))
            )
        return divisor

    def thread_at(self, lanes, position):
        """The place of a thread among those of the machine."""
        return position if lanes is None else int(lanes[position])

    def line_of(self, place):
        """The line of the PTX at which a block starts."""
        return self.translation.lines[place]

    def fault(self, kind, line, thread, address=None, note=""):
        """A Fault of one of the threads."""
        return Fault(
            kind,
            line,
            int(self.numbers[self.own_block[thread]]),
            int(self.thread[thread]),
            address,
            note,
        )
