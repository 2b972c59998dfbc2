"""`doctor`: what an installation has and lacks."""

import os
import platform
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from economics.models.registry import MODELS
from kernels.engines.engine import Engine
from kernels.grids.engine_table import ENGINES
from service.cli import display, serving_doubts
from service.cli.environment import unknown_variables
from service.cli.overrides import from_environment
from service.version import installed_version, requirements, version


def doctor(options: Namespace) -> None:
    """What this installation has and lacks."""
    found = checkup(os.environ)
    if options.json:
        display.show_json(found)
        return
    for name, value in found.items():
        sys.stdout.write(f"{name}: {value}\n" if isinstance(value, str) else _group(name, value))


def _group(name: str, parts: Mapping[str, str] | Sequence[str]) -> str:
    lines = (
        [f"{key}: {part}" for key, part in parts.items()] if isinstance(parts, Mapping) else parts
    )
    return "".join((f"{name}:{'' if lines else ' none'}\n", *(f"  {line}\n" for line in lines)))


def checkup(environment: Mapping[str, str]) -> dict[str, Any]:
    """Versions of Python and packages, engines, the folder of shipped files, what the environment
    sets and what it does not; and what an operator should know before serving.
    """
    fields = {
        variable: text
        for model in MODELS
        for variable, _, text in from_environment(environment, model)
    }
    return {
        "rackrate": version(),
        "python": f"{platform.python_version()} {sys.executable}",
        "platform": platform.platform(),
        "packages": packages(),
        "extras": serving_doubts.extras(),
        "engines": engines(),
        "configs": str(files("configs")),
        "data": serving_doubts.data_report(environment),
        "fields set by the environment": fields,
        "settings": serving_doubts.settings_report(environment),
        "other variables": unknown_variables(environment),
        "doubtful for serving": serving_doubts.doubts(environment),
    }


def engines(known: Sequence[Engine] = ENGINES) -> dict[str, str]:
    """Which engines can run here, and why the others cannot."""
    return {"floats": "ok", **{one.name: one.missing() or "ok" for one in known}}


def packages() -> dict[str, str]:
    """The versions of what this program needs, and of what its extras may bring."""
    return {name: installed_version(name) for name, _ in requirements()}
