"""A sweep's result as a data frame of polars, and as a file."""

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars

    from economics import Reduced, Table
    from economics.sweeps.batch import Batch


def frame(table: "Table | Reduced | Batch") -> "polars.DataFrame":
    """A result as a data frame: one row a cell, or one for each thing that a reduction lists, or
    each row of a batch.

    A cell without a value is null, and each target has a column with its status, as in a file.

    >>> import rackrate
    >>> used = {"kind": "values", "field": "utilisation", "values": [0.6, 0.8]}
    >>> rackrate.frame(rackrate.sweep("nvl72-neocloud", [used], ["cost_usd_per_gpu_hour"])).columns
    ['utilisation', 'cost_usd_per_gpu_hour', 'cost_usd_per_gpu_hour_status']
    """
    from service.files import frames

    return frames.frame(table)


def write(table: "Table | Reduced", path: str | PathLike[str], force: bool = False) -> None:
    """Write a result whole, or nothing of it: the suffix says the format.

    `.parquet`, `.csv`, `.arrow`, `.json`, `.xlsx`; units and descriptions travel in Parquet and
    JSON. A file that is there is replaced only by `force`. Errors: FileProblem.
    """
    from service.files import frames

    frames.write(table, Path(path), force)
