"""A layout as a module of CUDA C++: sizes as constants, the function of one cell, the walk over
rows, one kernel.

Only + - * /, comparisons and choices are written: without contraction (`--fmad=false`) they have
the bits of numpy.
"""

from importlib.resources import files

from kernels.engines.cuda.cells import Cell
from kernels.engines.cuda.device import source_hash
from kernels.engines.rows.layout import Layout
from kernels.language.caches import cached

WRITERS = ("cells.py", "operations.py", "source.py")
SIZES = (
    "ROWS",
    "WIDTH",
    "FIRST",
    "OUTER",
    "OUTER_STRIDE",
    "INNER",
    "INNER_STRIDE",
    "STARTS",
    "ANSWER_STRIDE",
    "MIXED",
)
ARGUMENTS = (
    "const long long* __restrict__ sizes, const double* __restrict__ tables, const double*"
    " __restrict__ state, double* outs, long long* counts, double* slots"
)
THREADS = {True: 256, False: 128}  # of a block: light plans, plans of many operations
BLOCKS = {
    True: 3,
    False: 2,
    # of a processor: 80 or 255 registers a thread; unsaid, the compiler takes fewer, and spills for
    # more blocks
}
BAND = {True: 32, False: 1}  # rows that a thread walks


@cached()
def _text(name: str) -> str:
    return files(__package__).joinpath(f"{name}.cuh").read_text()


@cached()
def package_hash() -> str:
    """What names everything that kernels are written from, in records."""
    texts = {
        one.name: one.read_text()
        for one in files(__package__).iterdir()
        if one.name.endswith(".cuh") or one.name in WRITERS
    }
    return source_hash("".join(f"{name}\n{texts[name]}" for name in sorted(texts)))


def module(layout: Layout, kernel: str, **defined: object) -> tuple[str, int]:
    """The text of a module with one kernel over a layout, and how many numbers of scratch memory a
    thread needs.
    """
    cell = Cell(layout)
    body, light = cell.write(), cell.light
    along, slots = len(layout.tables["inner"]) if light else 0, cell.slot_count
    sizes = {
        "THREADS": THREADS[light],
        "BLOCKS": BLOCKS[light],
        "BAND": BAND[light],
        "ALONG": along,
        "SLOTS": slots,
    }
    stated = {**sizes, "ARGUMENTS": ARGUMENTS, **defined}
    lines = [f"#define {name} {value}" for name, value in stated.items()]
    walk = _text("walk").replace("// COMPUTE\n", body)
    return "\n".join([*lines, f"enum {{ {', '.join(SIZES)} }};", walk, _text(kernel)]), slots


def module_without_cells(name: str) -> str:
    """The text of kernels that walk no cells."""
    return "\n".join(
        [f"#define THREADS {THREADS[True]}", f"#define ARGUMENTS {ARGUMENTS}", _text(name)]
    )
