"""The one shape of an answer over a grid: a table of columns, or what a reduction left of it."""

from typing import Annotated as A
from typing import Any

from msgspec import UNSET, Meta, Struct, UnsetType

from economics.scenario.basis import Basis

Engine = A[str, Meta(description="the engine that computed it")]
Why = A[str, Meta(description="why that engine was taken")]


class Device(Struct, frozen=True):
    """What an engine of devices ran on; several devices of several kinds are named one after
    another.
    """

    name: str
    compute_capability: str
    driver: A[str, Meta(description="the newest CUDA that the driver knows")]
    nvrtc: A[str, Meta(description="version of the compiler")]
    cupy: str
    count: A[int, Meta(ge=1, description="how many devices were there to use")]
    sources: A[str, Meta(description="hash of the kernels' sources")]


DeviceUsed = A[Device | UnsetType, Meta(description="what it ran on, where that is no processor")]


class Column(Struct, frozen=True, eq=False):
    """A column of a table: an array with the table's shape (a view where the value does not vary),
    row-major when raveled.

    A column of words has their places in `categories` as its values. `statuses` are all that a cell
    of a target can have, the first for one that has a value.
    """

    values: Any
    unit: str
    description: str
    categories: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()


class Table(Struct, frozen=True, eq=False, kw_only=True):
    """Cells as columns: one for each axis, one for each target, and a target's status where some
    cell has no value.
    """

    axes: tuple[str, ...]
    shape: tuple[int, ...]
    columns: dict[str, Column]
    backend: Engine
    why: Why
    device: DeviceUsed = UNSET
    basis: Basis


class Range(Struct, frozen=True):
    """An axis as an answer names it."""

    name: str
    count: int
    first: float | str
    last: float | str
    unit: str


class Summary(Struct, frozen=True, kw_only=True):
    """Count, extremes, mean, spread and quantiles of a target over the cells that have a value."""

    unit: str
    description: str
    count: int
    missing: dict[str, int]
    least: float | None
    greatest: float | None
    mean: float | None
    standard_deviation: float | None
    quantiles: dict[str, float] | UnsetType = UNSET
    quantile_error: float | UnsetType = UNSET


ByStatus = dict[str, int] | UnsetType
Count = int | UnsetType


class Reduced(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a reduction leaves of a sweep; the parts that its kind has, `target` what it is of. Of a
    target that some of the `rows` lack, each has the status too.

    Of a share, `met`, `not_met` and `no_value` (cells of which nobody can say) are all cells, and
    the share is between `share` and `share_at_most`. Otherwise `missing` are cells left out because
    they have no value; `ahead` are those of them that by their status come before the first row;
    `outside` have a value outside the bins.
    """

    kind: str
    cells: int
    axes: tuple[Range, ...]
    target: str | None = None
    targets: dict[str, Summary] = {}
    rows: tuple[dict[str, float | str | None], ...] = ()
    condition: str | None = None
    met: Count = UNSET
    not_met: Count = UNSET
    no_value: ByStatus = UNSET
    share: float | None = None
    share_at_most: float | None = None
    edges: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    outside: Count = UNSET
    missing: ByStatus = UNSET
    ahead: ByStatus = UNSET
    units: dict[str, str] = {}
    notes: A[
        tuple[str, ...], Meta(description="in words, how many cells are left out and why")
    ] = ()
    backend: Engine
    why: Why
    device: DeviceUsed = UNSET
    seconds: float
    basis: Basis
