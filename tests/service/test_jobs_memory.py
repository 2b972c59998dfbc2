"""Jobs of many shards take no more memory than those of few."""

import os
from pathlib import Path

import chaos
import pytest

from service.jobs.executors import Local

pytestmark = [pytest.mark.alone, pytest.mark.slow]
SHARDS, BEGUN = 2_000, 400
MOST_KIB = 6_144  # that a process may grow by from the one to the other; a shard is 100 KiB


def own_kib(process):
    """Memory that a process has for itself."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    private = ("Private_Clean:", "Private_Dirty:")
    return sum(int(line.split()[1]) for line in lines if line.startswith(private))


def descriptors(process):
    """How many files, connections and the like a process has open."""
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def test_neither_who_drives_nor_who_computes_grows(tmp_path):
    with chaos.jobs(tmp_path, Local) as jobs:
        number = jobs.submit(chaos.sweep(parts=SHARDS))[0].id
        (worker,) = chaos.until(
            lambda: jobs.status(number).shards_done >= BEGUN and chaos.children(os.getpid())
        )
        both = (os.getpid(), worker)
        before = [(own_kib(one), descriptors(one)) for one in both]
        chaos.until(lambda: jobs.status(number).shards_done > SHARDS - 20, 600.0)
        after = [(own_kib(one), descriptors(one)) for one in both]
        assert chaos.ended(jobs, number).state == "done"
    for (kib, files), (kib_then, files_then) in zip(before, after, strict=True):
        assert kib_then - kib < MOST_KIB
        assert abs(files_then - files) < 8
