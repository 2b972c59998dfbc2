"""The memories of a device: regions of bytes at addresses of their own, far from each other, and
who touched what since when.
"""

from bisect import bisect_right

import numpy as np

DTYPES = {
    f"{letter}{bits}": np.dtype(f"{code}{bits // 8}")
    for letter, code in (("u", "u"), ("s", "i"))
    for bits in (8, 16, 32, 64)
}
DTYPES |= {"f32": np.dtype("f4"), "f64": np.dtype("f8"), "pred": np.dtype("?")}

GARBAGE = 0xA5
FIRST_ADDRESS = 1 << 40
DISTANCE = 1 << 32

NOBODY, MANY, ATOMIC, FIRST_OWNER = 0, 1, 2, 2


class Owners:
    """Who touched each cell of a region, to find races between owners: threads in global memory,
    warps in shared memory.

    A cell's state is, above the floor of the interval: NOBODY, MANY (several read it), ATOMIC, or
    an owner's even number, plus 1 when it wrote. An owner's number is floor + 2 * (FIRST_OWNER +
    owner); what lies below the floor was before the last barrier. Cells are 8 bytes until something
    narrower is accessed. Where atomics order reads, a read may meet an atomic operation (as before
    a loop around cas).
    """

    def __init__(self, size, atomics_order_reads):
        self.width = 8
        self.state = np.zeros(-(-size // 8), dtype=np.int64)
        self.atomics_order_reads = atomics_order_reads

    def read(self, index, width, mine, floor):
        """Note a read. Returns (position, owner's number or None) of the first that reads what
        another one wrote; None without any.
        """
        for cell in self._cells(index, width):
            state = self.state.take(cell)
            if ((state ^ mine) <= 1).all():
                continue
            since, own = state - floor, (state ^ mine) <= 1
            foreign = (since > ATOMIC) & ~own & ((state & 1) == 1)
            if not self.atomics_order_reads:
                foreign |= since == ATOMIC
            if foreign.any():
                return self._first(foreign, state, floor)
            alone = np.where(
                own | (since == ATOMIC), state, np.where(since <= NOBODY, mine, floor + MANY)
            )
            self.state[cell] = alone
            shared = self.state.take(cell) != alone
            if shared.any():
                self.state[cell[shared]] = _at(floor, shared) + MANY
        return None

    def write(self, index, width, mine, floor):
        """Note a write; returns as `read` does: the first that writes what another one wrote or
        read.
        """
        for cell in self._cells(index, width):
            state = self.state.take(cell)
            if not (state == mine + 1).all():
                foreign = (state > floor) & ((state ^ mine) > 1)
                if foreign.any():
                    return self._first(foreign, state, floor)
                self.state[cell] = mine + 1
            again = self.state.take(cell)
            if (again != mine + 1).any():
                return self._first(again != mine + 1, again, floor)
        return None

    def exchange(self, index, width, mine, floor):
        """Note an atomic operation; returns as `read` does: the first on what another one wrote
        otherwise.
        """
        for cell in self._cells(index, width):
            state = self.state.take(cell)
            since = state - floor
            touched = (since > ATOMIC) & ((state ^ mine) > 1)
            foreign = (
                touched & ((state & 1) == 1)
                if self.atomics_order_reads
                else touched | (since == MANY)
            )
            if foreign.any():
                return self._first(foreign, state, floor)
            self.state[cell] = floor + ATOMIC
        return None

    def changed(self, index, width):
        """Which elements of global memory something was written to."""
        found = np.zeros(len(index), dtype=bool)
        for cell in self._cells(index, width):
            state = self.state.take(cell)
            found |= (state == ATOMIC) | ((state > ATOMIC) & (state & 1 == 1))
        return found

    def _cells(self, index, width):
        if width < self.width:
            self.state = np.repeat(self.state, self.width // width)
            self.width = width
        parts = width // self.width
        return (index * parts + part for part in range(parts)) if parts > 1 else (index,)

    @staticmethod
    def _first(foreign, state, floor):
        position = int(foreign.argmax())
        since = int(state[position]) - int(_at(floor, position))
        return position, (since >> 1) - FIRST_OWNER if since > ATOMIC else None


def _at(floor, where):
    return floor[where] if isinstance(floor, np.ndarray) else floor


class Region:
    """`size` bytes at an address: a buffer, or an array of which every block (or thread) has a row
    of its own.

    `written`, of the same layout, has a byte of ones for each byte that has a value; None where
    that is not watched.
    """

    def __init__(
        self, address, data, space, *, size=None, rows=1, writable=True, watched=False, owners=None
    ):
        self.address, self.space, self.rows, self.writable, self.owners = (
            address,
            space,
            rows,
            writable,
            owners,
        )
        self.data, self.size = data, data.size if size is None else size
        self.written = np.zeros_like(data) if watched else None
        self.start = np.uint64(address)
        self._views = {}

    def elements(self, kind):
        """The bytes as numbers of a type."""
        if kind not in self._views:
            self._views[kind] = _viewed(self.data, kind)
        return self._views[kind]

    def unwritten(self, index, kind):
        """Which of some elements have a byte without a value."""
        return (
            _viewed(self.written, f"u{8 * DTYPES[kind].itemsize}").take(index)
            != 2 ** (8 * DTYPES[kind].itemsize) - 1
        )

    def note_written(self, index, kind):
        """Some elements have a value now."""
        if self.written is not None:
            _viewed(self.written, f"u{8 * DTYPES[kind].itemsize}")[index] = (
                2 ** (8 * DTYPES[kind].itemsize) - 1
            )


def _viewed(data, kind):
    dtype = DTYPES[kind]
    return data[: data.size // dtype.itemsize * dtype.itemsize].view(dtype)


class Memory:
    """The global memory of a device: arrays at addresses. A kernel reads and writes the arrays
    themselves.
    """

    def __init__(self):
        self.regions = {}
        self._next = FIRST_ADDRESS

    def add(self, array, *, writable=True, initialised=True):
        """The address of a contiguous array, far from any other. What is not initialised may be
        read only where it was written.
        """
        data = array.reshape(-1).view(np.uint8)
        if data.size and not np.shares_memory(data, array):
            raise ValueError("a buffer is one contiguous array")
        address = self._next
        self._next += -(-data.size // DISTANCE) * DISTANCE + DISTANCE
        self.regions[address] = Region(
            address, data, "global", writable=writable, watched=not initialised
        )
        return address

    def initialise(self, address, size):
        """Bytes at an address, in one buffer, have been written from outside."""
        region = Space(self.regions.values()).region(address)
        if region.written is not None:
            region.written[address - region.address :][:size] = 0xFF

    def remove(self, address):
        """Free a buffer: what uses its address afterwards is out of bounds. Errors: KeyError for no
        address of a buffer.
        """
        del self.regions[address]


class Space:
    """All regions that a launch can reach, found by address."""

    def __init__(self, regions):
        self.regions = sorted(regions, key=lambda region: region.address)
        self.addresses = [region.address for region in self.regions]

    def region(self, address):
        """The last region that does not start after an address; None before the first."""
        place = bisect_right(self.addresses, address) - 1
        return self.regions[place] if place >= 0 else None

    def places(self, addresses):
        """The number of the region of each address, as `region` finds it; -1 before the first."""
        return (
            np.searchsorted(np.array(self.addresses, dtype=np.uint64), addresses, side="right") - 1
        )
