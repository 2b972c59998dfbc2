"""Where threads wait for each other: barriers, shuffles and votes."""

import numpy as np


class Meetings:
    """The part of a machine that lets threads meet. A meeting happens among those that are there; the others stay before it and wait."""

    def barrier(self, lanes, line):
        """bar.sync 0: the threads of every block of which all are here go on. Errors: Fault."""
        if lanes is None and self.complete:
            self.shared_number += self.interval
            self.shared_floor += self.interval
            return None
        blocks = self.own_block if lanes is None else self.own_block[lanes]
        alive = np.bincount(self.own_block, minlength=self.block_count)
        if len(gone := np.flatnonzero(alive[blocks] < self.launch.block_threads)):
            missing = self.launch.block_threads - alive[blocks[gone[0]]]
            note = f"{missing} of its block's {self.launch.block_threads} threads have left without coming here"
            raise self.fault("divergent barrier", line, self.thread_at(lanes, int(gone[0])), note=note)
        here = np.bincount(blocks, minlength=self.block_count)
        lanes = self.going_on(lanes, here[blocks] == self.launch.block_threads)
        through = slice(None) if lanes is None else lanes
        self.shared_number[through] += self.interval
        self.shared_floor[through] += self.interval
        return lanes

    def meet(self, lanes, mask, line):
        """The threads that may run an instruction of a warp, all lanes of its mask being here with the same mask. Errors: Fault."""
        if lanes is None and self.complete and self.whole and (mask == 0xFFFFFFFF).all():
            return None
        warps, bits = self._warps(lanes), self._bits(lanes)
        mask = np.broadcast_to(mask, warps.shape).astype(np.int64)
        living = self._together(self.warp, np.int64(1) << self.lane)[warps]
        if len(absent := np.flatnonzero((mask & ~living) | (~mask & bits))):
            first = int(absent[0])
            note = f"mask {int(mask[first]):#010x}, lanes of the warp that are there {int(living[first]):#010x}"
            raise self.fault("absent lane", line, self.thread_at(lanes, first), note=note)
        group = self._groups(warps, mask)
        return self.going_on(lanes, self._together(group, bits)[group] == mask)

    def going_on(self, lanes, ready):
        """Those of the threads that are ready; the others wait."""
        if ready.all():
            return lanes
        lanes = np.arange(self.count) if lanes is None else lanes
        self.waiting[lanes[~ready]] = True
        self.moving = lanes[ready]
        return self.moving

    def shuffle(self, lanes, mode, value, source, bounds, mask, line):
        """shfl.sync among threads that have met: (what each one gets, whether it is another lane's in range). Errors: Fault."""
        lane = self.lane if lanes is None else self.lane[lanes]
        source, bounds = np.broadcast_to(source, lane.shape).astype(np.int64) & 31, np.broadcast_to(bounds, lane.shape).astype(np.int64)
        segment, clamp = bounds >> 8 & 31, bounds & 31
        most, least = (lane & segment) | (clamp & ~segment), lane & segment
        wanted = {"up": lane - source, "down": lane + source, "bfly": lane ^ source, "idx": least | (source & ~segment)}[mode]
        inside = wanted >= most if mode == "up" else wanted <= most
        wanted = np.where(inside, wanted, lane)
        if (mask != 0xFFFFFFFF).any() and len(absent := np.flatnonzero(~(mask.astype(np.int64) >> wanted) & 1)):
            note = f"it reads lane {wanted[absent[0]]}, which the mask does not name"
            raise self.fault("absent lane", line, self.thread_at(lanes, int(absent[0])), note=note)
        places = np.zeros(self.block_count * self.warps_per_block * 32, dtype=np.int64)
        warps = self._warps(lanes) * 32
        places[warps + lane] = np.arange(len(lane))
        return np.broadcast_to(value, lane.shape).take(places.take(warps + wanted)), inside

    def vote(self, lanes, mode, holds, mask):
        """vote.sync among threads that have met: the lanes for which a predicate holds as bits, or whether it does for any or all."""
        warps = self._warps(lanes)
        mask = np.broadcast_to(mask, warps.shape).astype(np.int64)
        votes = np.broadcast_to(holds, warps.shape) * self._bits(lanes)
        group = self._groups(warps, mask)
        bits = self._together(group, votes)[group]
        results = {"ballot": bits.astype(np.uint32), "any": bits != 0, "all": bits == mask, "uni": (bits == mask) | (bits == 0)}
        return results[mode]

    def active(self, lanes):
        """activemask: the lanes of the warp that are here at the same time."""
        warps = self._warps(lanes)
        return self._together(warps, self._bits(lanes))[warps].astype(np.uint32)

    def stuck(self):
        """No thread can go on. Errors: Fault, always."""
        thread = int(self.places.argmin())
        own = self.places[self.own_block == self.own_block[thread]]
        lines = sorted({self.line_of(int(place)) for place in own})
        only_barriers = all(self.translation.tallies[int(place)].barriers for place in set(own.tolist()))
        kind = "divergent barrier" if only_barriers else "deadlock"
        raise self.fault(kind, lines[0], thread, note=f"threads of its block wait for each other at lines {lines}")

    def _warps(self, lanes):
        return self.warp if lanes is None else self.warp[lanes]

    def _bits(self, lanes):
        return np.int64(1) << (self.lane if lanes is None else self.lane[lanes])

    @staticmethod
    def _groups(warps, mask):
        """A number for each set of threads of one warp with one mask."""
        return warps if (mask == mask[0]).all() else np.unique(warps << 32 | mask, return_inverse=True)[1]

    @staticmethod
    def _together(group, bits):
        """The sum of the bits of each group: exact, for they are below 2 ** 32."""
        return np.bincount(group, weights=bits).astype(np.int64)
