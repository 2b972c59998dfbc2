"""What the tests of this folder have run on the executor: said at the end of a run."""

import hashlib
from collections import Counter

COUNTS: Counter[str] = Counter()
PLANS: set[str] = set()
WALK = "// A block takes as many columns"  # what follows the function of a cell


def plan_of(source):
    """What tells the plan of a kernel's source from others: the function of a cell, without sizes
    and kernel.
    """
    text = "\n".join(
        line for line in source.partition(WALK)[0].splitlines() if not line.startswith("#define")
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def compared(there, cells):
    """Answers of a machine's plans have been compared with numpy, in so many cells; None is a
    device, not the executor.
    """
    if there is not None:
        PLANS.update(map(plan_of, there.sources))
        COUNTS["cells"] += cells


def planted(caught):
    """A fault has been planted."""
    COUNTS["mutants"] += 1
    COUNTS["caught"] += caught


def packed():
    """All that was seen, as plain data."""
    return {"counts": dict(COUNTS), "plans": sorted(PLANS)}


def add(packed):
    """What another process has seen."""
    COUNTS.update(packed["counts"])
    PLANS.update(packed["plans"])


def line():
    """All that was seen, in one line."""
    caught = f"{COUNTS['caught']} of {COUNTS['mutants']} mutants caught"
    seen = f"executor: {len(PLANS)} plans, {COUNTS['cells']:,} cells"
    return f"{seen}, {caught}" if COUNTS["mutants"] else seen
