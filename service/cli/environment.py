"""Variables `RACKRATE_...` of the environment: those that mean something, and those that look as if
they did.
"""

import sys
from collections.abc import Mapping

from economics.models.registry import MODELS
from kernels.language.spelling import near
from service.cli.overrides import variables
from service.setting_sources import OTHERS, PREFIX, variable
from service.settings import Settings

SETTINGS = tuple(map(variable, Settings.__struct_fields__))


def unknown_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """What is said of each variable that begins like ours and means nothing, sorted by name."""
    known = (
        *dict.fromkeys(name for model in MODELS for name in variables(model)),
        *SETTINGS,
        *OTHERS,
    )
    names = sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
    plain = [name.removeprefix(PREFIX) for name in known]  # what all have in common is no likeness
    return {name: _hint(near(name.removeprefix(PREFIX), plain)[:1]) for name in names}


def _hint(meant: tuple[str, ...]) -> str:
    return f"sets nothing; did you mean {PREFIX}{meant[0]}?" if meant else "sets nothing"


def note_unknown(environment: Mapping[str, str]) -> None:
    """One note on standard error if there are such."""
    found = unknown_variables(environment)
    if found and sys.stderr is not None:
        sys.stderr.write(
            f"rackrate: note: {'; '.join(f'{name} {said}' for name, said in found.items())}\n"
        )
