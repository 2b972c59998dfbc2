"""What the kernels of the cuda engine take, as a table in Markdown: `python
tests/cuda/table_of_kernels.py`. It needs no GPU.

Registers are the assembler's. Instructions of PTX, operations of float64 and bytes stored are
counted by the executor, over a million cells (plans of many periods: 40,000) of ten values on each
axis; a device runs instructions of its own, about as many. Floors are the longest of what memory,
float64 units and schedulers take at least for a billion cells.

Sources of the figures, all as published by NVIDIA: H100 SXM data sheet (3.35 TB/s, 34 and 67 TFLOPS
of float64 and float32), A100 80GB SXM data sheet (2.039 TB/s, 9.7 and 19.5), L4 data sheet (300
GB/s, 30.3 of float32) and the Ada architecture's white paper (float64 at 1/64 of float32),
Blackwell architecture brief for HGX B200 (8 TB/s, 40 and 80). These count a fused multiplication
and addition as two operations; nothing here is fused, so half of it can be had. A processor's four
schedulers start 128 instructions of threads a cycle: the float32 rate halved, but for A100, whose
float32 units are half as many.
"""

import sys
from pathlib import Path

for folder in ("", "tests", "tests/benchmarks", "tests/cuda"):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / folder))

import measured  # noqa: E402
from grid_of_eight import spec  # noqa: E402

CELLS = 10**9
DEVICES = {  # bytes, operations of float64 and instructions of threads that a second has
    "H100 SXM": (3.35e12, 34e12 / 2, 67e12 / 2),
    "A100 SXM 80GB": (2.039e12, 9.7e12 / 2, 19.5e12),
    "L4": (300e9, 30.3e12 / 64 / 2, 30.3e12 / 2),
    "B200": (8e12, 40e12 / 2, 80e12 / 2),
}
TARGETS = {"cost_usd_per_gpu_hour": 1e7, "npv_usd_per_rack": 1e6}


def per_cell(swept, kernel, reduction=None):
    """What the executor counts for a cell: instructions, operations of float64, bytes stored."""
    counts, cells = measured.counted(swept, reduction)
    one = counts[kernel]
    return one.instructions / cells, one.real_operations / cells, 8.0 * one.stores / cells


def floor_ms(counted, device):
    """The least time for a billion cells."""
    instructions, operations, stored = counted
    bandwidth, real, issued = DEVICES[device]
    return 1e3 * CELLS * max(stored / bandwidth, operations / real, instructions / issued)


def rows(target, cells):
    """(kernel, registers by architecture, what a cell takes) of each kernel over the eight axes."""
    for name in measured.KERNELS:
        kernel, reduction = name.partition(",")[0], measured.reduction(name, target)
        registers = [
            measured.resources(measured.light_text(target, cells, name), one).registers
            for one in measured.ARCHITECTURES
        ]
        yield (
            name,
            registers,
            per_cell(spec("cells", target, int(cells)), kernel, reduction) if reduction else None,
        )


def written(found, digits=1):
    return "" if found is None else f"{found:,.{digits}f}"


def registers():
    """The lines of the table of kernels."""
    yield (
        "| target | kernel | "
        + " | ".join(f"sm_{one}" for one in measured.ARCHITECTURES)
        + " | instructions | float64 | bytes |"
    )
    yield "|---|---|" + "---:|" * (len(measured.ARCHITECTURES) + 3)
    for target, cells in TARGETS.items():
        for name, taken, cell in rows(target, cells):
            yield (
                f"| {target} | {name} | "
                + " | ".join(map(str, taken))
                + f" | {' | '.join(map(written, cell or (None,) * 3))} |"
            )
    for kind in measured.HEAVY:
        code = measured.heavy_text(kind, "fill")
        taken = [measured.resources(code, one).registers for one in measured.ARCHITECTURES]
        cell = per_cell(measured.heavy(kind, 4e4), "fill")
        yield (
            f"| NPV, equity NPV, IRR: {kind} | fill | "
            + " | ".join(map(str, taken))
            + f" | {' | '.join(map(written, cell))} |"
        )


def floors():
    """The lines of the table of floors."""
    yield "| a billion cells, ms | " + " | ".join(DEVICES) + " |"
    yield "|---|" + "---:|" * len(DEVICES)
    for target, cells in TARGETS.items():
        for what, name in (("written once", "fill"), ("a share, nothing written", "share")):
            cell = per_cell(
                spec("cells", target, int(cells)), name, measured.reduction(name, target)
            )
            yield (
                f"| {target}, {what} | "
                + " | ".join(written(floor_ms(cell, one), 2) for one in DEVICES)
                + " |"
            )


if __name__ == "__main__":
    for line in (*registers(), "", *floors()):
        print(line)
