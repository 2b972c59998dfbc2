"""What is there to use: sourced rows that fill a scenario's fields, shipped scenarios and sweeps.

A row has the tables of the fields that it fills, each number as `{value, source, as_of}`. Rows of
the user's own stand beside the shipped ones (docs/catalog.md).
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from economics.scenario import catalog as shelves
from service.files.reading import shipped_names


def kinds() -> tuple[str, ...]:
    """The kinds of rows.

    >>> from rackrate import catalog
    >>> catalog.kinds()
    ('accelerators', 'facilities', 'electricity', 'rentals')
    """
    return shelves.KINDS


def rows(kind: str) -> Mapping[str, Mapping[str, Any]]:
    """All rows of a kind by their names, as they are written. Errors: Problem.

    >>> from rackrate import catalog
    >>> "gb300-nvl72" in catalog.rows("accelerators")
    True
    """
    return deepcopy(shelves.rows(kind))


def row(kind: str, name: str) -> Mapping[str, Any]:
    """One row, as it is written. Errors: Problem, with near matches.

    >>> from rackrate import catalog
    >>> catalog.row("accelerators", "gb300-nvl72")["hardware"]["gpu_per_rack"]["value"]
    72
    """
    return deepcopy(shelves.row(kind, name))


def scenarios() -> tuple[str, ...]:
    """The names of the shipped scenarios: each may stand where a scenario does.

    >>> from rackrate import catalog
    >>> "nvl72-neocloud" in catalog.scenarios()
    True
    """
    return shipped_names("scenarios")


def sweeps() -> tuple[str, ...]:
    """The names of the shipped sweeps, for `sweep`.

    >>> from rackrate import catalog
    >>> catalog.sweeps()
    ('stargate-rack-grid',)
    """
    return shipped_names("sweeps")
