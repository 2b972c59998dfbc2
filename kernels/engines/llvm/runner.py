"""The jit engine: a plan compiled to lanes by LLVM (extra `rackrate[jit]`), kept on disk, run over
tiles of rows.

The bits are those of numpy: the same operations in the same order. numpy itself computes what
varies only along a row or only from row to row, and whatever is not + - * / or a choice; lanes do
the rest. A grid that is one row is therefore computed by numpy.
"""

import ctypes
import hashlib
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.engines.llvm.tallies import tally_function
from kernels.engines.llvm.walk import WIDTH, module, tally_module
from kernels.engines.partials import Tally
from kernels.engines.rows.layout import MOST_BATCH, in_rows
from kernels.engines.rows.straight_fill import fill
from kernels.engines.rows.tables import HostTables
from kernels.language.caches import cached
from kernels.language.verbs import Arrays
from kernels.trace.expressions import Expr
from kernels.trace.grid import LINE, Box, aligned_array

POINTER = ctypes.c_void_p
WALK = ctypes.CFUNCTYPE(
    None,
    ctypes.c_int64,
    ctypes.c_int64,
    POINTER,
    ctypes.c_int64,
    POINTER,
    ctypes.c_int64,
    POINTER,
    POINTER,
    POINTER,
    POINTER,
    POINTER,
)
LOCK = threading.Lock()
SEAL = 32  # bytes before kept code that tell whether it is whole
LONG_ROW = 512  # cells


def cache_folder() -> Path | None:
    """Where compiled plans are kept; None where nobody says."""
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rackrate"
    except RuntimeError:
        return None


def _machine() -> Any:
    """This machine as a target; an engine owns the one that it is made with."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=1,
        jit=True,
    )


def _code_path(text: str) -> Path | None:
    """Where the code of a module is kept, if anywhere."""
    import llvmlite.binding as llvm

    host = f"{llvm.get_host_cpu_name()}{llvm.get_host_cpu_features().flatten()}"
    named = f"{text}\n{llvm.llvm_version_info}{host}"
    folder = cache_folder()
    return folder / f"{hashlib.sha256(named.encode()).hexdigest()[:32]}.o" if folder else None


def is_kept(text: str) -> bool:
    """Whether the code of a module is kept."""
    path = _code_path(text)
    return path is not None and path.exists()


@cached(256)
def _walk_of(text: str) -> Any:
    import llvmlite.binding as llvm

    path = _code_path(text)
    code = _cached_code(path) if path else None
    if code is None:
        code = _object(text)
        if path:
            _store_code(path, code)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    walk = WALK(engine.get_function_address("walk"))
    walk.engine = engine  # type: ignore[attr-defined]  # the code lives as long as its engine
    return walk


def _object(text: str) -> bytes:
    """The compiled code of a module. Vectors are written as such, so that few passes do: all of
    them take three times as long for a large plan, and its cells as long as without.
    """
    import llvmlite.binding as llvm

    machine = _machine()
    parsed = llvm.parse_assembly(text)
    parsed.triple, parsed.data_layout = llvm.get_process_triple(), str(machine.target_data)
    parsed.verify()
    passes = llvm.create_new_module_pass_manager()
    passes.add_sroa_pass()
    passes.add_instruction_combine_pass()
    passes.add_simplify_cfg_pass()
    passes.run(parsed, llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options()))
    return bytes(machine.emit_object(parsed))


def _cached_code(path: Path) -> bytes | None:
    """Code that was kept, if it is whole."""
    try:
        seal, code = path.read_bytes()[:SEAL], path.read_bytes()[SEAL:]
    except OSError:
        return None
    return code if seal == hashlib.sha256(code).digest() else None


def _store_code(path: Path, code: bytes) -> None:
    """Keep compiled code for the next process, if there is a place for it."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
        part.write_bytes(hashlib.sha256(code).digest() + code)
        part.replace(path)
    except OSError:
        return


def compile_walk(text: str) -> Any:
    """The function `walk` of a module; compiled once in a process, and once on a machine where a
    cache can be written.
    """
    with LOCK:
        return _walk_of(text)


class Lanes:
    """The values of `targets`, and with them of `others`, over boxes of at most `sizes`; for one
    thread. Errors: Unsupported.
    """

    def __init__(
        self,
        targets: Sequence[Any],
        others: Sequence[Any],
        shape: tuple[int, ...],
        sizes: tuple[int, ...],
        xp: Arrays,
        long_row: int = LONG_ROW,
    ) -> None:
        axes, self.layout = in_rows((*targets, *others), sizes, long_row)
        self.wanted = {one: at for at, one in enumerate(self.layout.wanted)}
        self.host = HostTables(self.layout, axes, shape, sizes, xp)
        slots = (
            (self.layout.slot_count + len(self.wanted)) * self.layout.batch
            if not self.layout.is_light
            else 0
        )
        self.slots, self.flaws = (
            aligned_array((slots + MOST_BATCH,)),
            aligned_array((len(self.wanted), WIDTH)),
        )
        self.buffers: list[NDArray[np.float64]] = []
        mixed = self.host.mixed
        self.pointers = (POINTER * max(len(mixed), 1))(*(table.ctypes.data for table in mixed))
        self.row = aligned_array((0,))
        self.fresh = False
        self.walks: dict[Any, Any] = {}

    @staticmethod
    def check(wanted: Iterable[Any], sizes: tuple[int, ...]) -> None:
        """Whether lanes can compute some values. Errors: Unsupported."""
        in_rows(wanted, sizes, LONG_ROW)

    @staticmethod
    def kept(
        wanted: Iterable[Any], sizes: tuple[int, ...], tallies: Sequence[tuple[Any, Tally]]
    ) -> bool:
        """Whether code for some values is there from earlier: that of their tallies, where it runs
        while the values are computed.
        """
        _, found = in_rows(wanted, sizes, LONG_ROW)
        if tallies and found.is_light:
            return all(
                is_kept(tally_module(found, target, tally_function(tally)))
                for target, tally in tallies
                if isinstance(target, Expr)
            )
        return any(is_kept(module(found, streaming)) for streaming in (False, True))

    def at(self, box: Box, others: bool = False) -> None:
        """Make ready for a box."""
        if not others:
            self.host.at(box)
            self.fresh = True

    def fill(self, targets: Sequence[Any], outs: Sequence[NDArray[np.float64]]) -> None:
        """Write targets over the box into arrays of its shape."""
        long = self.host.width >= WIDTH
        fill(targets, outs, self.host.shape if long else None, self._walk, self.value)

    def value(self, target: Any) -> NDArray[Any]:
        """A target over the box, of the axes that any target depends on. Good until the
        next box.
        """
        if not isinstance(target, Expr):
            return np.full((1,) * self.host.rank, target)
        if self.fresh:
            self._walk({})
        return self.buffers[self.wanted[target]][: prod(self.host.shape)].reshape(self.host.shape)

    def reached(self, target: Any, count: int, greatest: bool) -> float | None:
        """What at least `count` of the values of a target reach, where that can be told without
        giving them: here it cannot.
        """
        return None

    def cells_at(self) -> int:
        """How many cells of their own the targets have in the box."""
        return prod(self.host.shape)

    def sound(self, target: Any, found: NDArray[Any]) -> bool:
        """Whether every value found for a target is a number."""
        known = isinstance(target, Expr) and self.layout.is_light
        return (known and bool(np.isfinite(self.flaws[self.wanted[target]]).all())) or bool(
            np.isfinite(found).all()
        )

    def tally(
        self,
        target: Any,
        tally: Tally,
        state: NDArray[np.float64],
        counts: NDArray[np.int64],
    ) -> bool:
        """Let a tally run over the box's values; False, and nothing is to be used, where it
        cannot.
        """
        if not isinstance(target, Expr) or not self.layout.is_light:
            return False
        if not len(self.row):
            self.row = aligned_array((self.host.inner.shape[1],))
        if (target, tally) not in self.walks:
            self.walks[target, tally] = compile_walk(
                tally_module(self.layout, target, tally_function(tally))
            )
        self._call(self.walks[target, tally], [self.row, state, counts])
        return bool(np.isfinite(self.flaws[0]).all())

    def _walk(self, places: Mapping[Any, NDArray[np.float64]]) -> None:
        if len(places) < len(self.wanted) and not self.buffers:
            self.buffers = [aligned_array((self.host.cells + WIDTH,)) for _ in self.wanted]
        outs = [
            places[one] if one in places else self.buffers[at] for one, at in self.wanted.items()
        ]
        streaming = (
            self.host.width % WIDTH == 0
            and len(places) == len(outs)
            and all(out.ctypes.data % LINE == 0 for out in outs)
        )
        if streaming not in self.walks:
            self.walks[streaming] = compile_walk(module(self.layout, streaming))
        self._call(self.walks[streaming], outs)
        self.fresh = bool(places)

    def _call(self, walk: Any, outs: Sequence[NDArray[Any]]) -> None:
        self.flaws[:] = 0.0
        pointers = (POINTER * len(outs))(*(out.ctypes.data for out in outs))
        host = self.host
        outer, inner = (
            (host.outer.ctypes.data, host.outer.shape[1]),
            (host.inner.ctypes.data, host.inner.shape[1]),
        )
        tables = (*outer, *inner, ctypes.addressof(self.pointers), host.starts.ctypes.data)
        answers = (ctypes.addressof(pointers), self.flaws.ctypes.data, self.slots.ctypes.data)
        walk(prod(host.rows), host.width, *tables, *answers)
