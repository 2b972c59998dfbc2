"""How threads read, write and update memory, and what they must not do there.

The functions take the machine, the threads (None: all), where a guard holds (None: everywhere), the
site and the addresses.
"""

from dataclasses import dataclass

import numpy as np
from memory import DTYPES, FIRST_OWNER, GARBAGE, Owners, Region, Space

AT_ONCE = {
    "add": np.add,
    "and": np.bitwise_and,
    "or": np.bitwise_or,
    "xor": np.bitwise_xor,
    "min": np.minimum,
    "max": np.maximum,
}
UPDATES = {
    "add": lambda old, new: old + new,
    "and": lambda old, new: old & new,
    "or": lambda old, new: old | new,
    "xor": lambda old, new: old ^ new,
    "min": min,
    "max": max,
    "exch": lambda old, new: new,
    "inc": lambda old, most: 0 if old >= most else old + 1,
    "dec": lambda old, most: most if old == 0 or old > most else old - 1,
    "cas": lambda old, expected, new: new if old == expected else old,
}


@dataclass(frozen=True, slots=True)
class Site:
    """An instruction that accesses memory: its line, its type and width in bytes, the space that it
    names (None: any), and how it reads: "plain", "constant" (nothing may change it) or "ordered"
    (volatile and the like).
    """

    line: int
    kind: str
    width: int
    space: str | None
    manner: str = "plain"


def prepare(machine):
    """Give the blocks their shared memory, and the threads the numbers under which memory notes
    them.
    """
    machine.interval = 2 * (machine.warps_per_block + FIRST_OWNER)
    machine.own_number = 2 * (
        machine.numbers[machine.own_block] * machine.launch.block_threads
        + machine.thread
        + FIRST_OWNER
    )
    machine.shared_number = 2 * (machine.thread // 32 + FIRST_OWNER)
    machine.shared_floor = np.zeros(machine.count, dtype=np.int64)
    rows = {"shared": machine.block_count, "local": machine.count}
    own = [
        _own(address, array, rows[array.space])
        for address, array in machine.launch.own_arrays.items()
    ]
    machine.space = Space([*machine.launch.regions, *own])


def _own(address, array, rows):
    data = np.full(rows * (-(-array.size // 8) * 8), GARBAGE, dtype=np.uint8)
    owners = Owners(data.size, atomics_order_reads=False) if array.space == "shared" else None
    return Region(address, data, array.space, size=array.size, rows=rows, owners=owners)


def load(machine, lanes, guard, site, *addresses):
    """ld of one number a thread at each of the addresses: a list of arrays. What threads get where
    the guard is off has no meaning.
    """
    chosen, some, addresses = _chosen(machine, lanes, guard, addresses)
    _check_alignment(machine, some, site, addresses[0], len(addresses) * site.width)
    loaded = [_load(machine, some, site, address) for address in addresses]
    return loaded if chosen is None else [_spread(machine, lanes, chosen, one) for one in loaded]


def store(machine, lanes, guard, site, values, *addresses):
    """st of one number a thread for each of the values."""
    _, some, given = _chosen(machine, lanes, guard, (*addresses, *values))
    _check_alignment(machine, some, site, given[0], len(addresses) * site.width)
    for address, value in zip(given[: len(values)], given[len(values) :], strict=True):
        _store(machine, some, site, address, value)


def update(machine, lanes, guard, site, name, values, wanted, address):
    """atom and red: change numbers, one thread after the other; returns what was there before each,
    if that is wanted.
    """
    chosen, some, (address, *values) = _chosen(machine, lanes, guard, (address, *values))
    address = _each(machine, some, address)
    _check_alignment(machine, some, site, address, site.width)
    before = (
        _update(machine, some, site, name, values, wanted, address)
        if len(address)
        else np.zeros(0, dtype=DTYPES[site.kind])
    )
    return before if chosen is None or before is None else _spread(machine, lanes, chosen, before)


def _chosen(machine, lanes, guard, values):
    """(positions of those for which the guard holds, None for all; these threads; their values)."""
    if guard is None or guard.all():
        return None, lanes, values
    chosen = np.flatnonzero(_each(machine, lanes, guard))
    return (
        chosen,
        chosen if lanes is None else lanes[chosen],
        [_each(machine, lanes, one)[chosen] for one in values],
    )


def _spread(machine, lanes, chosen, values):
    """Values of some of the threads as an array over all of them."""
    spread = np.zeros(machine.count if lanes is None else len(lanes), dtype=values.dtype)
    spread[chosen] = values
    return spread


def _each(machine, lanes, value):
    """A value as an array over the threads."""
    return value if value.ndim else np.full(machine.count if lanes is None else len(lanes), value)


def _load(machine, lanes, site, address):
    if not address.ndim:
        region = machine.space.region(int(address))
        if region is not None and region.owners is None and region.rows == 1:
            return _loaded(machine, lanes, site, address.reshape(1))[0]
        address = _each(machine, lanes, address)
    if not len(address):
        return np.zeros(0, dtype=DTYPES[site.kind])
    return _loaded(machine, lanes, site, address)


def _loaded(machine, lanes, site, address):
    region, index = _found(machine, lanes, site, address)
    if region is None:
        result = np.zeros(len(address), dtype=DTYPES[site.kind])
        for part, those in _apart(machine, lanes, address):
            result[part] = _loaded(machine, those, site, address[part])
        return result
    if region.owners is not None and site.manner != "ordered":
        if site.manner == "constant" and len(
            changed := np.flatnonzero(region.owners.changed(index, site.width))
        ):
            raise wrong(
                machine, "constant load of changed memory", lanes, site, address, int(changed[0])
            )
        _note(machine, region.owners.read, region, lanes, site, address, index)
    if region.written is not None and len(
        empty := np.flatnonzero(region.unwritten(index, site.kind))
    ):
        raise wrong(machine, "read of memory without a value", lanes, site, address, int(empty[0]))
    return region.elements(site.kind).take(index)


def _store(machine, lanes, site, address, value):
    address = _each(machine, lanes, address)
    if not len(address):
        return
    region, index = _found(machine, lanes, site, address, writes=True)
    if region is None:
        value = np.broadcast_to(value, address.shape)
        for part, those in _apart(machine, lanes, address):
            _store(machine, those, site, address[part], value[part])
        return
    if region.owners is not None:
        _note(machine, region.owners.write, region, lanes, site, address, index)
    region.note_written(index, site.kind)
    region.elements(site.kind)[index] = value


def _update(machine, lanes, site, name, values, wanted, address):
    region, index = _found(machine, lanes, site, address, writes=True)
    if region is None:
        raise wrong(
            machine,
            "out of bounds",
            lanes,
            site,
            address,
            0,
            "one atomic instruction on several buffers",
        )
    if region.owners is not None:
        _note(machine, region.owners.exchange, region, lanes, site, address, index)
    view, values = (
        region.elements(site.kind),
        [np.broadcast_to(value, index.shape) for value in values],
    )
    if not wanted and name in AT_ONCE:
        AT_ONCE[name].at(view, index, values[0])
        return None
    return _in_turn(view, index, UPDATES[name], values)


def _note(machine, note, region, lanes, site, address, index):
    """Let the owners of a region note an access. Errors: Fault, a race."""
    some, shared = slice(None) if lanes is None else lanes, region.space == "shared"
    mine, floor = (
        (machine.shared_number[some], machine.shared_floor[some])
        if shared
        else (machine.own_number[some], 0)
    )
    if conflict := note(index, site.width, mine, floor):
        position, owner = conflict
        if owner is None:
            other = "another one"
        else:
            other = (
                f"warp {owner}"
                if shared
                else "block {}, thread {}".format(*divmod(owner, machine.launch.block_threads))
            )
        raise wrong(
            machine,
            f"race in {region.space} memory",
            lanes,
            site,
            address,
            position,
            f"{other} has touched it",
        )


def _found(machine, lanes, site, address, *, writes=False):
    """The region of all addresses and their elements in it; (None, None) when they are in several.
    Errors: Fault.
    """
    region = machine.space.region(int(address[0]))
    if region is None:
        raise wrong(machine, "out of bounds", lanes, site, address, 0)
    offset = address - region.start
    if region.size < site.width or int(offset.max()) > region.size - site.width:
        first = int((offset + np.uint64(site.width) > np.uint64(region.size)).argmax())
        if machine.space.region(int(address[first])) not in (region, None):
            return None, None
        text = f"{region.size} bytes are at {region.address:#x}"
        raise wrong(machine, "out of bounds", lanes, site, address, first, text)
    if site.space not in (None, region.space):
        raise wrong(
            machine,
            "out of bounds",
            lanes,
            site,
            address,
            0,
            f"{region.space} memory is accessed as {site.space}",
        )
    if writes and not region.writable:
        raise wrong(machine, "write to read-only memory", lanes, site, address, 0)
    index = (offset >> np.uint64(site.width.bit_length() - 1)).view(np.int64)
    if region.rows > 1:
        row = machine.own_block if region.space == "shared" else machine.slot
        index += (row if lanes is None else row[lanes]) * (
            region.data.size // region.rows // site.width
        )
    return region, index


def _check_alignment(machine, lanes, site, address, width):
    """Errors: Fault, where an address is not a multiple of the width of an access."""
    address = address.reshape(-1)
    if int(np.bitwise_or.reduce(address)) & (width - 1):
        first = int((address & np.uint64(width - 1) != 0).argmax())
        raise wrong(
            machine, "misaligned", lanes, site, address, first, f"{width} bytes are accessed"
        )


def _apart(machine, lanes, address):
    """The positions and the threads whose addresses are in one region, region by region."""
    places = machine.space.places(address)
    for place in np.unique(places):
        part = np.flatnonzero(places == place)
        yield part, part if lanes is None else lanes[part]


def wrong(machine, kind, lanes, site, address, position, note=""):
    """A Fault of the thread at a position."""
    return machine.fault(
        kind, site.line, machine.thread_at(lanes, position), int(address[position]), note
    )


def _in_turn(view, index, change, values):
    """Change elements, one after the other; returns what was there before each."""
    before = np.empty(len(index), dtype=view.dtype)
    bits, unsigned = 8 * view.dtype.itemsize, view.dtype.kind == "u"
    half, whole = 1 << (bits - 1), 1 << bits
    now = {}
    for position, (place, *given) in enumerate(
        zip(index.tolist(), *(value.tolist() for value in values), strict=True)
    ):
        old = before[position] = (
            now.get(place, view[place])
            if view.dtype.kind == "f"
            else now.get(place, int(view[place]))
        )
        new = change(old, *given)
        now[place] = (
            new
            if view.dtype.kind == "f"
            else new % whole
            if unsigned
            else (new + half) % whole - half
        )
    view[list(now)] = list(now.values())
    return before
