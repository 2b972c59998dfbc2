"""Where settings are stated: in the environment, or in a TOML file that it names. The environment
stands above the file.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from typing import Any, NamedTuple

from economics import Problem
from economics.vocabulary.problems import UnknownProblem, as_one
from kernels.language.spelling import near

PREFIX = "RACKRATE_"
BACKEND = f"{PREFIX}BACKEND"
FILE = f"{PREFIX}SETTINGS_FILE"
# that mean something and are no settings
OTHERS = (*(f"{PREFIX}{one}" for one in ("DEBUG", "CATALOG", "SERVER", "API_KEY")), FILE)
TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
WORDS: dict[str, dict[str, float]] = {"access_log": {"off": 0.0, "all": 1.0}}
TRACING = ("off", "otlp")
STORE = re.compile(r"(s3|gs|az)://([^/?#\s]+)(?:/[^/?#\s]+)*/?")
STORES = "s3://bucket/prefix, gs://bucket/prefix or az://container/prefix"
SCHEDULER = re.compile(r"(tcp|tls)://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}")
A_SCHEDULER = "the address of a dask scheduler, such as tcp://10.0.0.1:8786"
ORIGIN = re.compile(r"https?://[a-z0-9.:\[\]-]+")


class Stated(NamedTuple):
    """A value, the name that it was stated by, and where: the environment or a file."""

    value: Any
    where: str
    origin: str


def stated_values(environment: Mapping[str, str], defaults: Mapping[str, Any]) -> dict[str, Stated]:
    """What is stated of settings with these defaults, read as values. Errors: Problem, one for each
    name in the file that is none.
    """
    file = environment.get(FILE, "").strip()
    found = _from_file(file, defaults) if file else {}
    for name, default in defaults.items():
        text = environment.get(variable(name), "").strip()
        if text:
            value = _from_text(variable(name), text, default)
            found[name] = Stated(value, variable(name), "environment")
    return {name: _checked(name, one) for name, one in found.items()}


def unknown_settings(environment: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    """What is said of each variable that begins like ours and sets none of `names`."""
    known = [name.upper() for name in names]
    said = {}
    for stated in sorted(name for name in environment if name.startswith(PREFIX)):
        plain = stated.removeprefix(PREFIX)
        if plain not in known and stated not in OTHERS:
            meant = near(plain, known)[:1]
            hint = f"; did you mean {PREFIX}{meant[0]}?" if meant else ""
            said[stated] = f"is no setting of the service{hint}"
    return said


def variable(name: str) -> str:
    """The variable of a setting."""
    return f"{PREFIX}{name.upper()}"


def _from_file(path: str, known: Mapping[str, Any]) -> dict[str, Stated]:
    import tomllib

    try:
        tables = tomllib.loads(contents(FILE, path).decode("utf-8-sig"))
    except ValueError as error:
        why = " ".join(str(error).split())
        raise Problem(FILE, path, f"a TOML file ({why})") from None
    wrong: list[Problem] = [
        UnknownProblem(f"a name in {path}", name, "setting", known, _meant(name, known))
        for name in tables
        if name not in known
    ]
    if wrong:
        raise as_one(wrong)
    return {
        name: Stated(tuple(value) if isinstance(value, list) else value, f"{name} in {path}", path)
        for name, value in tables.items()
    }


def _meant(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The setting that somebody means who writes it in a file as in the environment."""
    plain = name.upper().removeprefix(PREFIX).lower()
    return (plain,) if plain in known else near(plain, known)


def contents(where: str, path: str) -> bytes:
    """The bytes of the file that something names; none of a pipe, for a file is read more than
    once, while others wait. Errors: Problem.
    """
    file = Path(path)
    try:
        if file.exists() and not (file.is_file() or file.is_dir()):
            raise Problem(where, path, "a file, not a pipe or a device")
        return file.read_bytes()
    except OSError as error:
        raise Problem(where, path, f"a file that can be read ({error.strerror or error})") from None


def _from_text(where: str, text: str, default: Any) -> Any:
    if isinstance(default, bool):
        if text.lower() not in TRUE + FALSE:
            raise Problem(where, text, f"one of {', '.join(TRUE)} or {', '.join(FALSE)}")
        return text.lower() in TRUE
    if isinstance(default, tuple):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return _number(text) if isinstance(default, int | float) else text


def _number(text: str) -> int | float | str:
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text


def _checked(name: str, stated: Stated) -> Stated:
    """A stated value whose type is not all that can be wrong with it. Errors: Problem."""
    value, where, _ = stated
    if isinstance(value, str) and (number := WORDS.get(name, {}).get(value.lower())) is not None:
        return stated._replace(value=number)
    check = CHECKS.get(name)
    return stated._replace(value=check(value, where)) if check else stated


def _engine(value: Any, where: str) -> Any:
    from economics.sweeps.sweep import engine_name  # with numpy, which few commands need

    return engine_name(value, where)


def _tracing(value: Any, where: str) -> Any:
    if value not in TRACING:
        raise Problem(where, value, " or ".join(TRACING))
    return value


def _place(value: Any, where: str) -> Any:
    if isinstance(value, str) and not (STORE.fullmatch(value) or Path(value).is_absolute()):
        raise Problem(where, value, f"{STORES}, or the whole path of a folder")
    return value


def _scheduler(value: Any, where: str) -> Any:
    if not (isinstance(value, str) and SCHEDULER.fullmatch(value)):
        raise Problem(where, value, A_SCHEDULER)
    if find_spec("distributed") is None:
        raise Problem(where, value, "dask, which is not installed: pip install 'rackrate[cluster]'")
    return value


def _origins(value: Any, where: str) -> Any:
    for one in value if isinstance(value, tuple) else ():
        if not (isinstance(one, str) and ORIGIN.fullmatch(one)):
            raise Problem(where, one, "origins as browsers write them, such as https://example.com")
    return value


def _proxies(value: Any, where: str) -> Any:
    for one in value if isinstance(value, tuple) else ():
        try:
            ip_network(one)
        except ValueError:
            raise Problem(where, one, "addresses or networks, such as 10.0.0.0/8") from None
    return value


CHECKS: dict[str, Callable[[Any, str], Any]] = {
    "backend": _engine,
    "scheduler": _scheduler,
    "tracing": _tracing,
    "results": _place,
    "cors_origins": _origins,
    "trusted_proxies": _proxies,
}
