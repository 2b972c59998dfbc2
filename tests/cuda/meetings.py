"""Where threads wait for each other: barriers, shuffles and votes. A meeting is among those that
are there; the others stay before it.
"""

import numpy as np


def barrier(machine, lanes, line):
    """bar.sync 0: the threads of every block of which all are here go on. Errors: Fault."""
    if lanes is None and machine.complete:
        machine.shared_number += machine.interval
        machine.shared_floor += machine.interval
        return None
    blocks = machine.own_block if lanes is None else machine.own_block[lanes]
    alive = np.bincount(machine.own_block, minlength=machine.block_count)
    if len(gone := np.flatnonzero(alive[blocks] < machine.launch.block_threads)):
        missing = machine.launch.block_threads - alive[blocks[gone[0]]]
        note = (
            f"{missing} of its block's {machine.launch.block_threads} threads have left without"
            " coming here"
        )
        raise machine.fault(
            "divergent barrier", line, machine.thread_at(lanes, int(gone[0])), note=note
        )
    here = np.bincount(blocks, minlength=machine.block_count)
    lanes = going_on(machine, lanes, here[blocks] == machine.launch.block_threads)
    through = slice(None) if lanes is None else lanes
    machine.shared_number[through] += machine.interval
    machine.shared_floor[through] += machine.interval
    return lanes


def meet(machine, lanes, mask, line):
    """The threads that may run an instruction of a warp, all lanes of its mask being here with the
    same mask. Errors: Fault.
    """
    if lanes is None and machine.complete and machine.whole and (mask == 0xFFFFFFFF).all():
        return None
    warps, bits = _warps(machine, lanes), _bits(machine, lanes)
    mask = np.broadcast_to(mask, warps.shape).astype(np.int64)
    living = _together(machine.warp, np.int64(1) << machine.lane)[warps]
    if len(absent := np.flatnonzero((mask & ~living) | (~mask & bits))):
        first = int(absent[0])
        note = (
            f"mask {int(mask[first]):#010x}, lanes of the warp that are there"
            f" {int(living[first]):#010x}"
        )
        raise machine.fault("absent lane", line, machine.thread_at(lanes, first), note=note)
    group = _groups(warps, mask)
    return going_on(machine, lanes, _together(group, bits)[group] == mask)


def going_on(machine, lanes, ready):
    """Those of the threads that are ready; the others wait."""
    if ready.all():
        return lanes
    lanes = np.arange(machine.count) if lanes is None else lanes
    machine.waiting[lanes[~ready]] = True
    machine.moving = lanes[ready]
    return machine.moving


def shuffle(machine, lanes, mode, value, source, bounds, mask, line):
    """shfl.sync among threads that have met: (what each one gets, whether it is another lane's in
    range). Errors: Fault.
    """
    lane = machine.lane if lanes is None else machine.lane[lanes]
    source, bounds = (
        np.broadcast_to(source, lane.shape).astype(np.int64) & 31,
        np.broadcast_to(bounds, lane.shape).astype(np.int64),
    )
    segment, clamp = bounds >> 8 & 31, bounds & 31
    most, least = (lane & segment) | (clamp & ~segment), lane & segment
    wanted = {
        "up": lane - source,
        "down": lane + source,
        "bfly": lane ^ source,
        "idx": least | (source & ~segment),
    }[mode]
    inside = wanted >= most if mode == "up" else wanted <= most
    wanted = np.where(inside, wanted, lane)
    if (mask != 0xFFFFFFFF).any() and len(
        absent := np.flatnonzero(~(mask.astype(np.int64) >> wanted) & 1)
    ):
        note = f"it reads lane {wanted[absent[0]]}, which the mask does not name"
        raise machine.fault(
            "absent lane", line, machine.thread_at(lanes, int(absent[0])), note=note
        )
    places = np.zeros(machine.block_count * machine.warps_per_block * 32, dtype=np.int64)
    warps = _warps(machine, lanes) * 32
    places[warps + lane] = np.arange(len(lane))
    return np.broadcast_to(value, lane.shape).take(places.take(warps + wanted)), inside


def vote(machine, lanes, mode, holds, mask):
    """vote.sync among threads that have met: the lanes for which a predicate holds as bits, or
    whether it does for any or all.
    """
    warps = _warps(machine, lanes)
    mask = np.broadcast_to(mask, warps.shape).astype(np.int64)
    votes = np.broadcast_to(holds, warps.shape) * _bits(machine, lanes)
    group = _groups(warps, mask)
    bits = _together(group, votes)[group]
    results = {
        "ballot": bits.astype(np.uint32),
        "any": bits != 0,
        "all": bits == mask,
        "uni": (bits == mask) | (bits == 0),
    }
    return results[mode]


def active(machine, lanes):
    """activemask: the lanes of the warp that are here at the same time."""
    warps = _warps(machine, lanes)
    return _together(warps, _bits(machine, lanes))[warps].astype(np.uint32)


def stuck(machine):
    """The Fault of threads of which none can go on."""
    thread = int(machine.places.argmin())
    own = machine.places[machine.own_block == machine.own_block[thread]]
    lines = sorted({machine.line_of(int(place)) for place in own})
    only_barriers = all(
        machine.translation.tallies[int(place)].barriers for place in set(own.tolist())
    )
    kind = "divergent barrier" if only_barriers else "deadlock"
    return machine.fault(
        kind, lines[0], thread, note=f"threads of its block wait for each other at lines {lines}"
    )


def _warps(machine, lanes):
    return machine.warp if lanes is None else machine.warp[lanes]


def _bits(machine, lanes):
    return np.int64(1) << (machine.lane if lanes is None else machine.lane[lanes])


def _groups(warps, mask):
    """A number for each set of threads of one warp with one mask."""
    return (
        warps if (mask == mask[0]).all() else np.unique(warps << 32 | mask, return_inverse=True)[1]
    )


def _together(group, bits):
    """The sum of the bits of each group: exact, for they are below 2 ** 32."""
    return np.bincount(group, weights=bits).astype(np.int64)
