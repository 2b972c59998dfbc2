"""Faults planted one at a time into kernels and into what runs them: a small battery of checks
notices each. Some are planted at every run, all of them where what is slow is asked for.
"""

import inspect
import textwrap

import battery
import pytest
import tally
from laws import sample

from kernels.engines.cuda import cells, device, launches, runner, source

KERNELS = {  # file -> name -> what is written, what a fault makes of it
    "walk": {
        "no barrier before values are joined": (
            "parts[threadIdx.x] = mine;\n  __syncthreads();",
            "parts[threadIdx.x] = mine;",
        ),
        "no barrier between joins": (
            "threadIdx.x + half]);\n    __syncthreads();",
            "threadIdx.x + half]);",
        ),
        "joins the other way": (
            "join(parts[threadIdx.x], parts[threadIdx.x + half]",
            "join(parts[threadIdx.x+half], parts[threadIdx.x]",
        ),
        "half of the threads are not joined": ("int half = THREADS / 2", "int half = THREADS / 4"),
        "columns beyond a row": ("if (column >= job.width) continue;", ""),
        "the last column is left out": ("if (column >= job.width)", "if (column >= job.width - 1)"),
        "rows beyond the last": (
            "(band + 1) * BAND < job.rows ? (band + 1) * BAND : job.rows",
            "(band + 1) * BAND",
        ),
        "the first row of a chunk is forgotten": (
            "compute(job, along, job.first + row,",
            "compute(job, along, row,",
        ),
        "one column too far": ("row * job.width + column;", "row * job.width + column + 1;"),
        "another width": ("row * job.width + column;", "row * (job.width - 1) + column;"),
        "the last part of a row is left out": (
            "(job.width + THREADS - 1) / THREADS",
            "job.width / THREADS",
        ),
        "parts of a row are not told apart": ("(strip - band * parts)", "(strip - band)"),
        "strips are skipped": ("strip += gridDim.x", "strip += gridDim.x + 1"),
        "outer and inner tables swapped": (
            "outer_tables(tables + sizes[OUTER]), inner",
            "outer_tables(tables + sizes[INNER]), inner",
        ),
        "another stride of tables along a row": (
            "inner_tables + k * inner_stride",
            "inner_tables + k * outer_stride",
        ),
        "every mixed table starts like the first": (
            "sizes[sizes[STARTS] + k * outer_stride + row]",
            "sizes[sizes[STARTS] + row]",
        ),
        "warps share scratch memory": ("(threadIdx.x & ~31u)) * SLOTS", "0) * SLOTS"),
        "lanes share scratch memory": ("(threadIdx.x & 31u)), rows", "0), rows"),
        "slots overlap": ("return look(scratch + slot * 32);", "return look(scratch + slot);"),
    },
    "fill": {
        "a flaw is not said": ("if (!is_number(value)) flaws", "if (answer < 0) flaws"),
        "answers lie on each other": ("+ at] = value", "* 0 + at] = value"),
    },
    "moments": {
        "the first value is no start": ("origin = least = greatest = value;", "origin = value;"),
        "a flaw is not said": ("flag(counts, flawed);", ""),
        "the mean moves the other way": ("b.mean - a.mean", "a.mean - b.mean"),
        "blocks write beside each other": ("5ll * blockIdx.x", "4ll * blockIdx.x"),
    },
    "share": {
        "the last cell counts alone": ("met += value RELATION level", "met = value RELATION level")
    },
    "bins": {
        "no barrier before counting": ("own[k] = 0;\n  __syncthreads();", "own[k] = 0;"),
        "no barrier after counting": ("#if FEW_BINS\n  __syncthreads();", "#if FEW_BINS"),
        "the greatest value is beyond the last bin": ("scaled > last ? last : scaled", "scaled"),
        "the bins move by one": ("add(counts + 1 + k, own[k])", "add(counts + k, own[k])"),
    },
    "candidates": {
        "the first row of a chunk is forgotten": ("job.first * job.width", "0"),
        "numbers of cells have 32 bits": (
            "= job.first * job.width",
            "= (int)(job.first * job.width)",
        ),
        "a tie is none": (
            "if (!(value RELATION limit)) return;",
            "if (value == limit || !(value RELATION limit)) return;",
        ),
        "a place is taken twice": (
            "atomicAdd((unsigned long long*)counts + 1, 1ull);",
            "counts[1]++;",
        ),
    },
    "bests": {
        "the other relation": ("!(best RELATION value)", "!(value RELATION best)"),
        "a start that is a value": ("__longlong_as_double(0x7ff8000000000000ll)", "0.0"),
    },
}
PYTHON = {
    "the branches of a choice change places": (
        cells.Cell,
        "_operation",
        "? {a} : {b}",
        "? {b} : {a}",
    ),
    "a repetition takes a step less": (
        cells.Cell,
        "_turn",
        "step < {turn.limit};",
        "step < {turn.limit - 1};",
    ),
    "a fold takes a step less": (cells.Cell, "_fold", "k < {fold.count};", "k < {fold.count - 1};"),
    "a repetition goes on": (cells.Cell, "_turn", "{going} = {again};", ""),
    "a slot is free too early": (
        cells.Cell,
        "_hold",
        "self._say(",
        "self.free.append(self.homes[last]); self._say(",
    ),
    "what is moved out is not kept": (cells.Cell, "_hold", "self._say(f", "str(f"),
    "arguments in another order": (
        device.Session,
        "run",
        "for name in ARGUMENTS))",
        "for name in reversed(ARGUMENTS)))",
    ),
    "numbers of half the size": (
        launches.Launches,
        "prepare",
        "dtype=np.int64)",
        "dtype=np.int32)",
    ),
    "a chunk beyond the last row": (
        runner.Chunks,
        "_fill",
        "min(self.at_once, launches.rows - first)",
        "self.at_once",
    ),
    "a header for the first chunk only": (
        launches.Launches,
        "run",
        'self.session.put("sizes"',
        'first or self.session.put("sizes"',
    ),
    "answers apart by the box, not by the chunk": (
        runner.Chunks,
        "_fill",
        "one] * rows * width",
        "one] * launches.rows * width",
    ),
    "nobody waits for a copy": (
        device.Session,
        "_arrived",
        "self.copied[half].synchronize()",
        "pass",
    ),
    "the halves of the stage change places": (
        device.Session,
        "take",
        "(turn - 1) % 2)",
        "turn % 2)",
    ),
    "both copies through one half": (
        device.Session,
        "take",
        "self.stages[turn % 2]",
        "self.stages[0]",
    ),
    "tables of the last box": (
        launches.Launches,
        "_forget",
        "self.ready = False",
        "self.ready = getattr(self, 'ready', False)",
    ),
    "answers of another box": (
        runner.Chunks,
        "_forget",
        "Values] = {}",
        "Values] = getattr(self, 'known', {})",
    ),
    "answers of another plan": (
        launches.Launches,
        "prepare",
        "resident, self.session.owner = True, False,",
        "session.owner = True,",
    ),
    "tables of another plan": (
        launches.Launches,
        "prepare",
        "(self.ready and self.session.owner is self.token)",
        "self.ready",
    ),
    "counts go on from the last ones": (
        launches.Launches,
        "run",
        'clear("counts", counts)',
        'room("counts", counts, np.int64)',
    ),
    "no smaller chunk where memory runs out": (
        runner.Chunks,
        "_fill",
        "self.at_once = -(-rows // 2)",
        "self.at_once = rows",
    ),
    "modules of the first device": (device, "_function", "Device(number)", "Device(0)"),
    "arrays of the first device": (device.Session, "_at", "Device(self.number)", "Device(0)"),
    "one row of scratch memory for all blocks": (
        launches.Launches,
        "run",
        "slots * blocks * self.threads",
        "slots * self.threads",
    ),
}
FAULTS = {
    f"{file}: {name}": (file, *change)
    for file, faults in KERNELS.items()
    for name, change in faults.items()
}


def replaced(text, old, new):
    """A text with a fault in it: what is replaced must be there."""
    assert old in text
    return text.replace(old, new)


def noticed(machine):
    """Whether the battery fails."""
    try:
        battery.run(machine)
    except Exception:  # noqa: BLE001
        return True
    return False


@pytest.mark.slow
def test_without_a_fault_nothing_is_noticed(machine):
    battery.run(machine)


@pytest.mark.parametrize(("file", "old", "new"), sample(FAULTS.values(), 8), ids=FAULTS)
def test_faults_of_kernels(machine, monkeypatch, file, old, new):
    right = source._text
    assert old in right(file)
    monkeypatch.setattr(
        source,
        "_text",
        lambda name: replaced(right(name), old, new) if name == file else right(name),
    )
    caught = noticed(machine)
    tally.planted(caught)
    assert caught


@pytest.mark.parametrize(("owner", "name", "old", "new"), sample(PYTHON.values(), 8), ids=PYTHON)
def test_faults_around_kernels(machine, monkeypatch, owner, name, old, new):
    right = inspect.unwrap(getattr(owner, name))
    made = {}
    exec(replaced(textwrap.dedent(inspect.getsource(right)), old, new), right.__globals__, made)
    monkeypatch.setattr(owner, name, made[name])
    caught = noticed(machine)
    tally.planted(caught)
    assert caught


def test_contraction(machine, monkeypatch):
    monkeypatch.setattr(device, "OPTIONS", ("--fmad=true", "--std=c++17"))
    caught = noticed(machine)
    tally.planted(caught)
    assert caught
