"""Catalogs of other tools, read as rows of our own: SkyPilot's CSV, gpuhunt's CSV or the zip of
them.

Errors: FileProblem where a file cannot be read as a whole; a row that gives nothing is listed with
its line and why.
"""

import csv
import io
import tomllib
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from economics.scenario import catalog, offers
from economics.scenario.offers import Offer, Unusable
from economics.scenario.whole_offers import whole_offers
from service.files.reading import MOST_BYTES, FileProblem, check_size, read_bytes
from service.files.toml import key, lines
from service.files.writing import whole_file

READERS = {
    "skypilot": (offers.SKYPILOT, offers.skypilot),
    "gpuhunt": (offers.GPUHUNT, offers.gpuhunt),
}
TITLES = {"skypilot": "SkyPilot's catalog", "gpuhunt": "gpuhunt's catalog"}
HEAD = (
    "# Rental prices that `rackrate catalog import` wrote; the next import into this file replaces"
    " rows of the same name.\n"
)
MOST_MEMBERS = 1000
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Refused(Struct, frozen=True):
    """A line of which a price, or nothing at all, was taken, and why."""

    line: int
    reason: str
    file: str = ""


class Imported(Struct, frozen=True, kw_only=True):
    """What came of an import: the rows, and how many lines gave none for which reason."""

    format: str
    output: str
    rows: tuple[str, ...]
    replaced: tuple[str, ...]
    hosts: int
    without_host: int
    none_offered: int
    repeated: int
    placeholders: tuple[Refused, ...]
    bad: tuple[Refused, ...]
    unknown: dict[str, int]


class Origin(Struct, frozen=True):
    """What is said of each row of a file, and what its name begins with."""

    file: str
    prefix: str
    source: str
    as_of: str


class Found(Struct):
    """What the lines of some files give."""

    taken: set[str]
    rows: dict[str, dict[str, Any]] = {}
    lines: dict[str, tuple[int, float]] = {}
    unusable: dict[str, list[Refused]] = {}
    unknown: dict[str, int] = {}
    repeated: int = 0

    def refuse(self, why: Unusable, line: int, file: str) -> None:
        """List a line that gives nothing, under the kind of its reason."""
        self.unusable.setdefault(why.kind, []).append(Refused(line, why.reason, file))


def import_prices(
    path: Path, output: Path, form: str | None, prefix: str, source: str | None, as_of: str | None
) -> Imported:
    """Read a catalog's file, and write its rows into a file of the user's own. Errors:
    FileProblem.
    """
    kept = _rows_before(output)
    files = _texts(path)
    found, forms = Found(_other_names(output, kept)), list[str]()
    day = as_of or datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
    for name, text in files:
        records = Records(name, text)
        forms.append(_format(name, records.header, form))
        begin = prefix or (Path(name).stem if forms[-1] == "gpuhunt" else "")
        said = source or f"{Path(name).name}, {TITLES[forms[-1]]}"
        _collect(
            records, forms[-1], Origin(name if len(files) > 1 else "", begin, said, day), found
        )
    if found.rows:
        output.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(output, force=True) as file:
            file.write(toml_of({**kept, **found.rows}).encode())
        catalog.look_again()
    of_kind = {kind: tuple(lines) for kind, lines in found.unusable.items()}
    return Imported(
        format=forms[0],
        output=str(output),
        rows=tuple(found.rows),
        replaced=tuple(name for name in found.rows if name in kept),
        hosts=len(of_kind.get("host", ())),
        without_host=len(of_kind.get("without_host", ())),
        none_offered=len(of_kind.get("none_offered", ())),
        repeated=found.repeated,
        placeholders=of_kind.get("placeholder", ()),
        bad=of_kind.get("not_understood", ()),
        unknown=found.unknown,
    )


def _rows_before(output: Path) -> dict[str, Any]:
    """The rows that a file of earlier imports has. Errors: FileProblem if it is another file."""
    if output.suffix != ".toml":
        raise FileProblem(f"cannot write {output}: expected a name that ends in .toml")
    if not output.exists():
        return {}
    text = read_bytes(output).decode("utf-8", "replace")
    if not text.startswith(HEAD):
        other = output.with_stem("rentals-imported")
        raise FileProblem(
            f"{output} was not written by an import: name another file with -o, such as {other}"
        )
    try:
        return tomllib.loads(text)
    except ValueError as error:
        raise FileProblem(f"{output} is not valid TOML: {error}") from None


def in_catalog_folder(output: Path) -> bool:
    """Whether the rows of a file are those of the catalog."""
    return (
        output.name.startswith("rentals")
        and output.parent.resolve() == Path(catalog.own_folder()).resolve()
    )


def _other_names(output: Path, kept: Mapping[str, Any]) -> set[str]:
    """The names of rows that stand elsewhere."""
    catalog.look_again()
    return (
        set(catalog.rows("rentals")) - set(kept)
        if in_catalog_folder(output)
        else set(catalog.shipped("rentals"))
    )


def _texts(path: Path) -> list[tuple[str, str]]:
    """Name and text of a CSV file, or of each CSV file in a zip. Errors: FileProblem."""
    data = read_bytes(path)
    check_size(data, str(path), "such catalog")
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return [(str(path), _text(str(path), data))]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [one for one in archive.infolist() if one.filename.lower().endswith(".csv")]
            if (
                not members
                or len(members) > MOST_MEMBERS
                or sum(one.file_size for one in members) > MOST_BYTES
            ):
                raise FileProblem(
                    f"{path}: expected 1 to {MOST_MEMBERS} CSV files in the zip, together at most"
                    f" {MOST_BYTES // 2**20} MiB"
                )
            if other := next(
                (one.filename for one in members if one.compress_type not in PACKED), None
            ):
                raise FileProblem(f"{path}: {other} is not stored or packed by deflate")
            return [
                (one.filename, _text(f"{path}: {one.filename}", archive.read(one)))
                for one in members
            ]
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError) as error:
        raise FileProblem(f"{path} is not a zip that can be read: {error}") from None


def _text(where: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileProblem(f"{where} is not UTF-8 text") from None


class Records:
    """The records of a CSV text with their line numbers; those of a wrong length are listed
    apart.
    """

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        self.header = [field.strip() for field in self._next() or ()]
        if len(set(self.header)) < len(self.header):
            raise FileProblem(f"{name}: a column's name stands twice in line 1")

    def _next(self) -> list[str] | None:
        try:
            return next(self.lines, None)
        except csv.Error as error:
            raise FileProblem(
                f"{self.name} is not valid CSV: line {self.lines.line_num}: {error}"
            ) from None

    def __iter__(self) -> Iterator[tuple[int, Mapping[str, str] | Unusable]]:
        """Line number, and the record or what is wrong with it."""
        while (fields := self._next()) is not None:
            line = self.lines.line_num
            if len(fields) == len(self.header):
                yield line, dict(zip(self.header, map(str.strip, fields), strict=True))
            elif fields:
                yield (
                    line,
                    Unusable(f"{len(fields)} fields, where the first line has {len(self.header)}"),
                )


def _format(name: str, header: Sequence[str], form: str | None) -> str:
    """The format that is asked for, or that the first line says. Errors: FileProblem."""
    fitting = [one for one, (columns, _) in READERS.items() if set(columns) <= set(header)]
    if form is None and fitting:
        return fitting[0]
    if form in fitting:
        return str(form)
    expected = " or ".join(", ".join(READERS[one][0]) for one in READERS if form in (None, one))
    raise FileProblem(f"{name}: line 1 lacks columns of a catalog: expected {expected}")


def _collect(records: Records, form: str, origin: Origin, found: Found) -> None:
    """Add the offers of a file's lines, and list those that give none."""
    read = READERS[form][1]
    stated = [
        ((line,), one)
        for line, record in records
        for one in ((record,) if isinstance(record, Unusable) else read(record))
    ]
    for at, one in whole_offers(stated):
        refused = _add(one, at, origin, found) if isinstance(one, Offer) else one
        if refused is not None:
            found.refuse(refused, at[0], origin.file)


def _add(offer: Offer, at: Sequence[int], origin: Origin, found: Found) -> Unusable | None:
    """Take an offer as a row, or say why not."""
    name, price = offers.named(offer, origin.prefix), offer.price_usd_per_gpu_hour
    if name in found.taken:
        return Unusable(f"{name} is the name of another row: give a --prefix")
    if name in found.lines:
        first, other = found.lines[name]
        if price != other:
            return Unusable(f"{name} has another price in line {first}")
        found.repeated += 1
        return None
    found.lines[name] = at[0], price
    found.rows[name] = offers.row(offer, origin.source, origin.as_of, at)
    if "accelerator" not in found.rows[name]:
        found.unknown[offer.gpu] = found.unknown.get(offer.gpu, 0) + 1
    return None


def toml_of(rows: Mapping[str, Any]) -> str:
    """Rows as the text of a TOML file."""
    return HEAD + "".join(f"\n[{key(name)}]\n" + _table(name, row) for name, row in rows.items())


def _table(name: str, row: Mapping[str, Any]) -> str:
    """A row's own keys, and then its tables, each number on a line with what is said of it."""
    own = {field: value for field, value in row.items() if not isinstance(value, Mapping)}
    tables = {table: inner for table, inner in row.items() if isinstance(inner, Mapping)}
    return lines(own) + "".join(
        f"\n[{key(name)}.{key(table)}]\n{lines(inner)}" for table, inner in tables.items()
    )
