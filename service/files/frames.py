"""Tables of cells as data frames, and tables and reductions as files: the suffix says the format.

Errors: FileProblem. Rows without a value are null in every format; units and descriptions travel in
JSON and Parquet.
"""

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec

from economics.sweeps.answers import Reduced, Table
from economics.sweeps.batch import Batch
from economics.sweeps.cells import complete
from service.files.cells import cells
from service.files.reading import FileProblem
from service.files.writing import check_output, whole_file

if TYPE_CHECKING:
    import polars

EXCEL_ROWS = 1_048_575  # of data: a sheet has 1,048,576 and the first holds the names
EXCEL_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}  # words stay words
PARQUET: dict[str, Any] = {
    "compression": "zstd",
    "compression_level": 1,
    "row_group_size": 500_000,
}  # docs/sweeps.md says why
FORMULA = re.compile(
    r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
)  # how a text begins that a spreadsheet runs, also with a sign of full width
FORMATS = ("parquet", "csv", "arrow", "json", "xlsx")


def frame(table: Table | Reduced | Batch) -> "polars.DataFrame":
    """The columns of a table, one row a cell, each target with its status; of a reduction, one row
    for each thing that it lists; of a batch, one row for each of its own.
    """
    import polars

    if isinstance(table, Batch):
        return polars.DataFrame(
            [
                polars.Series(f"{name}{of}", values)
                for name, one in table.quantities.items()
                for of, values in (("", one.values), ("_status", one.statuses))
            ]
        )
    if isinstance(table, Table):
        whole = complete(table)
        return polars.DataFrame([series(whole, name) for name in whole.columns])
    return polars.DataFrame(_rows(table), infer_schema_length=None)


def series(table: Table, name: str) -> "polars.Series":
    """A column of a table, row-major; where it has a status, what is no number is null; words are
    an enumeration.
    """
    import polars

    column = table.columns[name]
    values = column.values.reshape(-1)
    if column.categories:
        return polars.Series(name, column.categories, dtype=polars.Enum(column.categories)).gather(
            values
        )
    made = polars.Series(name, values)
    return made.fill_nan(None) if f"{name}_status" in table.columns else made


def plain_words(rows: "polars.DataFrame") -> "polars.DataFrame":
    """A frame for CSV: texts that a spreadsheet would run as a formula begin with an apostrophe,
    names of columns too. Numbers are as they are.
    """
    import polars

    made = []
    for one in rows:
        if isinstance(one.dtype, polars.Enum):
            words = one.dtype.categories.to_list()
            if any(map(FORMULA.match, words)):
                one = polars.Series(list(map(_plain, words))).gather(one.to_physical())
        elif one.dtype == polars.String:
            one = one.str.replace(f"^({FORMULA.pattern})", "'${1}")
        made.append(one)
    return polars.DataFrame(dict(zip(map(_plain, rows.columns), made, strict=True)))


def _plain(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text


def _rows(reduced: Reduced) -> list[dict[str, Any]]:
    if reduced.rows:
        return list(reduced.rows)
    if reduced.edges and reduced.counts:
        (target,) = reduced.units
        bins = zip(reduced.edges[:-1], reduced.edges[1:], reduced.counts, strict=True)
        return _of_bins(target, list(bins), _in_no_bin(reduced))
    if reduced.targets:
        return [
            _summary_row(name, msgspec.to_builtins(summary))
            for name, summary in reduced.targets.items()
        ]
    unknown = reduced.no_value or {}
    whole = {
        "condition": reduced.condition,
        "cells": reduced.cells,
        "met": reduced.met,
        "not_met": reduced.not_met,
        "no_value": sum(unknown.values()),
        "share": reduced.share,
        "share_at_most": reduced.share_at_most,
        "no_value_status": _counted(unknown),
    }
    return [whole] if reduced.condition is not None else []


def _of_bins(
    target: str, bins: list[tuple[float, float, int]], others: dict[str, int]
) -> list[dict[str, Any]]:
    """A row a bin; where some cells are in none, rows for those too, and a column that says why."""
    rows = [(*one, "ok") for one in bins] + [(None, None, n, why) for why, n in others.items()]
    names = (f"{target}_from", f"{target}_to", "count", f"{target}_status")
    return [dict(zip(names[: 4 if others else 3], row, strict=False)) for row in rows]


def _in_no_bin(reduced: Reduced) -> dict[str, int]:
    outside = {"outside": reduced.outside} if reduced.outside else {}
    return {**outside, **(reduced.missing or {})}


def _counted(by_status: Mapping[str, int]) -> str:
    return " ".join(f"{status}={count}" for status, count in by_status.items())


def _summary_row(name: str, summary: Mapping[str, Any]) -> dict[str, Any]:
    plain = {
        key: value
        for key, value in summary.items()
        if key not in ("quantiles", "missing", "description")
    }
    missing = _counted(summary["missing"])
    return {"target": name, **plain, **summary.get("quantiles", {}), "missing": missing}


def format_of(path: Path) -> str:
    """The format that a path's suffix says. Errors: FileProblem."""
    found = path.suffix.lower().removeprefix(".")
    if found not in FORMATS:
        raise FileProblem(
            f"cannot write {path}: expected a name that ends in .{', .'.join(FORMATS)}"
        )
    return found


def check_rows(rows: int, form: str, most: int = EXCEL_ROWS) -> None:
    """Whether a format holds so many rows. Errors: FileProblem that names the way out."""
    if form == "xlsx" and rows > most:
        raise FileProblem(
            f"Excel holds {most:,} rows of data, this has {rows:,}: write .parquet or .csv,"
            " or reduce it (top, bottom, summary)"
        )


def check_file(path: Path, force: bool, rows: int = 0) -> None:
    """Whether a result of so many rows can be written, asked before it is computed. Errors:
    FileProblem.
    """
    check_rows(rows, format_of(path))
    check_output(path, force)


def write(table: Table | Reduced, path: Path, force: bool = False) -> None:
    """Write all of a table, in the format of the suffix, or nothing. Errors: FileProblem."""
    data = encode(
        table, format_of(path)
    )  # in memory first: each library has errors of its own for a file that it cannot write
    with whole_file(path, force) as file:
        file.write(data)


def encode(table: Table | Reduced, form: str) -> bytes:
    """A table as the bytes of a file. Errors: FileProblem."""
    buffer = BytesIO()
    _write_into(table, form, buffer)
    return buffer.getvalue()


def _write_into(table: Table | Reduced, form: str, file: BinaryIO) -> None:
    if form == "json":
        file.write(as_json(table))
        return
    rows = rows_of(table, form)
    check_rows(rows.height, form)
    if form == "parquet":
        rows.write_parquet(file, **PARQUET, metadata=metadata(table))
    elif form == "csv":
        rows.write_csv(file)
    elif form == "arrow":
        rows.write_ipc(file)
    else:
        _excel(rows, table.kind if isinstance(table, Reduced) else "cells", file)


def rows_of(table: Table | Reduced, form: str) -> "polars.DataFrame":
    """The frame of a table as a format holds it. Errors: FileProblem where there is nothing."""
    rows = frame(table)
    if not rows.width:
        raise FileProblem(
            f"there are no rows to write as .{form}; .json states that there are none"
        )
    return plain_words(rows) if form == "csv" else rows


def as_json(table: Table | Reduced) -> bytes:
    """A table with the values, unit and description of each column; a reduction as it is."""
    if isinstance(table, Reduced):
        return msgspec.json.encode(table) + b"\n"
    return msgspec.json.encode(cells(table)) + b"\n"


def metadata(table: Table | Reduced) -> dict[str, str]:
    """What a Parquet file says of itself, each as JSON: what a table rests on, its engine, unit and
    description of its columns.
    """
    said: dict[str, Any] = {"basis": table.basis, "backend": table.backend, "why": table.why}
    if table.device is not msgspec.UNSET:
        said["device"] = table.device
    if isinstance(table, Table):
        said["columns"] = {
            name: {"unit": one.unit, "description": one.description}
            for name, one in complete(table).columns.items()
        }
    else:
        said["notes"] = table.notes
    return {key: msgspec.json.encode(value).decode() for key, value in said.items()}


def _excel(rows: "polars.DataFrame", sheet: str, file: BinaryIO) -> None:
    try:
        import xlsxwriter
    except ImportError:
        raise FileProblem(
            "Excel files need xlsxwriter: pip install 'rackrate[excel]', or write .csv"
        ) from None
    with xlsxwriter.Workbook(file, EXCEL_OPTIONS) as book:
        rows.write_excel(book, worksheet=sheet, autofilter=False)
