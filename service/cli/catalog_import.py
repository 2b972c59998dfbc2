"""`catalog import FILE`: another tool's catalog as rows of the user's own."""

import re
import sys
from argparse import Namespace
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from economics import Problem
from economics.scenario import catalog
from economics.scenario.whole_offers import PLACEHOLDER_USD_PER_GPU_HOUR
from service.cli import display
from service.cli.parser import UsageProblem
from service.files.price_lists import Imported, Refused, import_prices, in_catalog_folder

FILE = "rentals.toml"
DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
NOT_UNDERSTOOD = 1


def import_catalog(options: Namespace) -> None:
    """Write the rows that a file gives, and list the lines that are refused; exits with 1 if some
    are not understood, 2 if none gives a row.
    """
    if options.server is not None:
        raise UsageProblem(
            "catalog import writes to this machine, no service answers it: leave out --server"
        )
    if options.row is None:
        raise UsageProblem(
            "catalog import needs a FILE: a CSV of SkyPilot or gpuhunt, or a zip; see rackrate"
            " catalog --help"
        )
    if options.as_of and not _is_date(options.as_of):
        raise Problem("--as-of", options.as_of, "a date such as 2026-11-01, 2026-11 or 2026")
    output = Path(options.output) if options.output else Path(catalog.own_folder()) / FILE
    found = import_prices(
        Path(options.row),
        output,
        options.format,
        options.prefix or "",
        options.source,
        options.as_of,
    )
    if options.json:
        display.show_json(found)
    else:
        sys.stdout.write("\n".join(map(display.clean, _report(found))) + "\n")
        sys.stderr.write(
            "".join(
                f"rackrate: {display.clean(_refusal(one))}\n"
                for one in (*found.placeholders, *found.bad)
            )
        )
    if found.bad or not found.rows:
        raise SystemExit(NOT_UNDERSTOOD if found.rows else NOT_UNDERSTOOD + 1)


def _is_date(text: str) -> bool:
    """Whether it is a day, or the month or year of one."""
    try:
        return bool(DATE.fullmatch(text) and date.fromisoformat(f"{text}-01-01"[:10]))
    except ValueError:
        return False


def _refusal(one: Refused) -> str:
    return f"{f'{one.file}, ' if one.file else ''}line {one.line}: {one.reason}"


def _report(found: Imported) -> Iterator[str]:
    if found.rows:
        yield (
            f"{len(found.rows):,} rows ({len(found.replaced):,} of them replaced) written to"
            f" {found.output}"
        )
    else:
        yield "no line gives a row; nothing is written"
    placeholder = f"placeholders ({PLACEHOLDER_USD_PER_GPU_HOUR:g} USD a GPU-hour or more), refused"
    for count, what in (
        (found.hosts, "hosts without GPUs, passed over"),
        (found.without_host, "GPUs whose host has no price here, passed over"),
        (found.none_offered, "not offered as spot (a price of 0)"),
        (found.repeated, "offers that repeat an earlier line"),
        (len(found.placeholders), placeholder),
        (len(found.bad), "not understood, refused"),
    ):
        if count:
            yield f"{what}: {count:,}"
    if found.unknown:
        listed = ", ".join(f"{name} ({count:,})" for name, count in found.unknown.items())
        yield (
            "GPUs that no row of accelerators has, so that a scenario must state their hardware:"
            f" {listed}"
        )
    if found.rows and in_catalog_folder(Path(found.output)):
        yield f'a scenario names one by revenue.market = "{found.rows[0]}"'
    elif found.rows:
        folder = catalog.own_folder()
        yield (
            f"scenarios find rows in files of {folder} whose names begin with rentals;"
            f" {catalog.FOLDER} names another folder"
        )
