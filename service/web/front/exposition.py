"""Metrics as text, in the format that Prometheus reads (version 0.0.4): one process's, or those of
all processes of a service.

What is counted is the sum over the processes, those that have ended too. What is measured has a
line for each process that runs, with its number as the label `process`.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate

from service.web.front.metrics import BOUNDS, FAMILIES, Family, Labels, Snapshot

MEDIA_TYPE = "text/plain; version=0.0.4"  # the framework adds the charset
ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def exposition(running: Sequence[Snapshot], ended: Sequence[Snapshot] = ()) -> str:
    """The text of the figures of processes that run and of such that have ended."""
    lines = list[str]()
    for family in FAMILIES:
        gauge = family.kind == "gauge"
        found = _by_process(family, running) if gauge else _sums(family, (*running, *ended))
        if found:
            lines += [
                f"# HELP {family.name} {family.about}",
                f"# TYPE {family.name} {family.kind}",
            ]
            names = (*family.labels, "process") if gauge else family.labels
            for labels, numbers in sorted(found.items()):
                lines += _samples(family, names, labels, numbers)
    return "\n".join([*lines, ""])


def _by_process(family: Family, running: Iterable[Snapshot]) -> dict[Labels, list[float]]:
    return {
        (*labels, str(one.process)): numbers
        for one in running
        for labels, numbers in one.figures.get(family.name, ())
    }


def _sums(family: Family, all_there_were: Iterable[Snapshot]) -> dict[Labels, list[float]]:
    sums: dict[Labels, list[float]] = {}
    for one in all_there_were:
        for labels, numbers in one.figures.get(family.name, ()):
            before = sums.get(labels)
            both = zip(before, numbers, strict=True) if before else ()
            sums[labels] = [a + b for a, b in both] if before else [*numbers]
    return sums


def _samples(
    family: Family, names: Labels, labels: Labels, numbers: Sequence[float]
) -> Iterable[str]:
    stated = [
        f'{name}="{value.translate(ESCAPES)}"' for name, value in zip(names, labels, strict=True)
    ]
    if family.kind != "histogram":
        yield _line(family.name, stated, numbers[0])
        return
    *counts, total = numbers
    running_counts = [*accumulate(counts)]
    for bound, count in zip((*map(str, BOUNDS), "+Inf"), running_counts, strict=True):
        yield _line(f"{family.name}_bucket", [*stated, f'le="{bound}"'], count)
    yield _line(f"{family.name}_sum", stated, total)
    yield _line(f"{family.name}_count", stated, running_counts[-1])


def _line(name: str, stated: Sequence[str], value: float) -> str:
    shown = f"{value:.0f}" if value == int(value) else repr(float(value))
    return f"{name}{{{','.join(stated)}}} {shown}" if stated else f"{name} {shown}"
