"""What the name of a rented machine says of its accelerators, and that of a slice of TPUs of its
chips.

Source: `configs/tables/machines.toml`.
"""

import re
import tomllib
from importlib.resources import files
from typing import Any

from kernels.language.caches import cached

COUNTED = re.compile(r"(.+)-(\d+)g")  # a2-highgpu-8g
TPU = re.compile(r"tpu-?(.*)", re.IGNORECASE)
SLICE = re.compile(r"(v\d+[a-z]*)-(\d+)")  # v6e-8


def accelerators_of(machine: str) -> tuple[str, float] | None:
    """The accelerators that a machine's name says it has, and how many; None if it says none."""
    if listed := _table("listed").get(machine):
        return listed["gpu"], float(listed["count"])
    named = COUNTED.fullmatch(machine)
    gpu = _table("counted").get(named[1]) if named else None
    return (gpu, float(named[2])) if named and gpu else None


def chips_of(gpu: str) -> tuple[str, float | None] | None:
    """The kind of a TPU, and how many chips a slice of that name has: 1 where it names no slice,
    None where nobody knows; nothing if it is no TPU.
    """
    named = TPU.fullmatch(gpu)
    if named is None:
        return None
    generation = SLICE.fullmatch(named[1].lower())
    if generation is None:
        return gpu, 1.0
    a_chip = _table("a_chip").get(generation[1])
    return f"tpu-{generation[1]}", int(generation[2]) / a_chip if a_chip else None


@cached()
def _table(name: str) -> dict[str, Any]:
    text = (files("configs") / "tables" / "machines.toml").read_text("utf-8")
    found: dict[str, Any] = tomllib.loads(text)[name]
    return found
