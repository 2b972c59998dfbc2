"""The one shape of an answer over a grid: a table of columns, or what a reduction left of it."""

from typing import Annotated as A
from typing import Any, get_args

from msgspec import UNSET, Meta, Struct, UnsetType

from economics.scenario.basis import Basis
from economics.sweeps.spec import Reduction
from economics.vocabulary.header import is_
from economics.vocabulary.name_kinds import TargetName

KINDS = [one.__struct_config__.tag for one in get_args(Reduction)]
Engine = A[str, Meta(description="the engine that computed it")]
Why = A[str, Meta(description="why that engine was taken")]


class Device(Struct, frozen=True):
    """What an engine of devices ran on; several devices of several kinds are named one after
    another.
    """

    name: A[str, is_("its product name")]
    compute_capability: A[str, is_("as NVIDIA counts it")]
    driver: A[str, Meta(description="the newest CUDA that the driver knows")]
    nvrtc: A[str, Meta(description="version of the compiler")]
    cupy: A[str, is_("version of the library that drives it")]
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

    name: A[str, is_("the field that varies, or what the axis is called")]
    count: A[int, is_("how many values")]
    first: A[float | str, is_("its first value, or what that is called")]
    last: A[float | str, is_("its last value, or what that is called")]
    unit: A[str, is_("of its values")]


class Summary(Struct, frozen=True, kw_only=True):
    """Count, extremes, mean, spread and quantiles of a target over the cells that have a value."""

    unit: A[str, is_("of its values")]
    description: A[str, is_("what the target is")]
    count: A[int, is_("cells that have a value")]
    missing: A[dict[str, int], is_("cells without one, by status")]
    least: A[float | None, is_("the least value")]
    greatest: A[float | None, is_("the greatest value")]
    mean: A[float | None, is_("of the values")]
    standard_deviation: A[float | None, is_("of the values")]
    quantiles: A[
        dict[str, float] | UnsetType,
        is_("p05: a value that 5 % of the values lie below, and so on"),
    ] = UNSET
    quantile_error: A[float | UnsetType, is_("how far a quantile may be off")] = UNSET


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

    kind: A[str, Meta(extra_json_schema={"enum": KINDS}), is_("of the reduction")]
    cells: A[int, is_("of the whole grid")]
    axes: A[tuple[Range, ...], is_("what varied")]
    target: A[TargetName | None, is_("what the reduction is of")] = None
    targets: A[dict[str, Summary], is_("a summary of each target")] = {}
    rows: A[
        tuple[dict[str, float | str | None], ...] | UnsetType,
        is_("cells, each with the values of the axes and of all targets"),
    ] = UNSET
    condition: A[str | None, is_("as it was read")] = None
    met: A[Count, is_("cells that meet the condition")] = UNSET
    not_met: A[Count, is_("cells that do not")] = UNSET
    no_value: A[ByStatus, is_("cells of which nobody can say, by status")] = UNSET
    share: A[float | None, is_("met over all cells")] = None
    share_at_most: A[float | None, is_("met and without a value over all cells")] = None
    edges: A[tuple[float, ...] | UnsetType, is_("of the bins, one more than there are counts")] = (
        UNSET
    )
    counts: A[tuple[int, ...] | UnsetType, is_("cells of each bin")] = UNSET
    outside: A[Count, is_("cells whose value lies outside the bins")] = UNSET
    missing: A[ByStatus, is_("cells left out because they have no value, by status")] = UNSET
    ahead: A[
        ByStatus, is_("of the missing cells those that by their status come before the first row")
    ] = UNSET
    units: A[dict[str, str], is_("of axes and targets, by name")] = {}
    notes: A[
        tuple[str, ...], Meta(description="in words, how many cells are left out and why")
    ] = ()
    backend: Engine
    why: Why
    device: DeviceUsed = UNSET
    seconds: A[float, is_("that it took to compute")]
    basis: A[Basis, is_("the scenario that the axes change")]
