"""The architecture, as tests: who may know what, names that say their units, modules of a readable
size, each with its tests.
"""

import ast
import re
import statistics
import sys
import tomllib
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

from economics.models.assembly import CONSTANTS, FORMULAS
from economics.scenario.fields import field_paths
from economics.vocabulary.unit_carrier import parsed
from economics.vocabulary.units import STRUCTURE

ROOT = Path(__file__).parents[1]
FLOORS = ("kernels", "economics", "service")
LANGUAGE, TRACE, ENGINES = "kernels.language", "kernels.trace", "kernels.engines"
ABOVE_MODELS = (
    *("economics.vocabulary", "economics.formulas", "economics.records"),
    "economics.extensions",
)
UNDER_QUESTIONS = (*ABOVE_MODELS, "economics.models", "economics.scenario")
# A room, and the rooms of its own floor from which it may import; any room may import from the
# floors below. A room is a folder with all inside it that is no room of its own.
ROOMS: dict[str, tuple[str, ...]] = {
    "kernels": (),
    LANGUAGE: (),
    TRACE: (LANGUAGE,),
    ENGINES: (LANGUAGE, TRACE),
    f"{ENGINES}.numpy": (LANGUAGE, TRACE, ENGINES),
    f"{ENGINES}.floats": (LANGUAGE, TRACE),
    f"{ENGINES}.rows": (LANGUAGE, TRACE, ENGINES, f"{ENGINES}.numpy"),
    f"{ENGINES}.llvm": (LANGUAGE, TRACE, ENGINES, f"{ENGINES}.rows"),
    f"{ENGINES}.cuda": (LANGUAGE, TRACE, ENGINES, f"{ENGINES}.rows"),
    "kernels.grids": (
        *(LANGUAGE, TRACE, ENGINES),
        *(f"{ENGINES}.{one}" for one in ("numpy", "llvm", "cuda")),
    ),
    "kernels.gpu_check": (LANGUAGE, TRACE, ENGINES, f"{ENGINES}.cuda", "kernels.grids"),
    "economics.vocabulary": (),
    "economics.formulas": ABOVE_MODELS[:1],
    "economics.records": ABOVE_MODELS[:2],
    "economics.extensions": ABOVE_MODELS[:3],
    "economics.models": ABOVE_MODELS,
    "economics.scenario": (*ABOVE_MODELS, "economics.models"),
    "economics.questions": UNDER_QUESTIONS,
    "economics.sweeps": UNDER_QUESTIONS,
    "economics.uncertainty": (*UNDER_QUESTIONS, "economics.sweeps"),
    "economics": (
        *("economics.vocabulary", "economics.scenario", "economics.questions"),
        *("economics.sweeps", "economics.uncertainty"),
    ),
    "service.files": ("service",),
    "service.work": (),
    "service.jobs": ("service", "service.files", "service.work"),
    "service.web": ("service", "service.files", "service.work", "service.jobs"),
    "service.client": ("service", "service.files", "service.jobs"),
    "service.cli": ("service", "service.files", "service.client", "service.jobs"),
    # the program itself, and what all rooms share
    "service": ("service.files", "service.jobs", "service.client", "service.cli"),
    "rackrate": (),
}
MODULES = sorted(
    path for package in (*FLOORS, "rackrate") for path in (ROOT / package).rglob("*.py")
)
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
KERNELS = sorted(path for form in ("*.py", "*.cuh") for path in (ROOT / "kernels").rglob(form))
MONEY = re.compile(
    r"\b(usd|dollars?|prices?|revenue|capex|opex|rack|gpu|wacc|tax|debt|ebitda|npv|money)\b",
    re.IGNORECASE,
)
STATUS_CODES = re.compile(r"\b(HTTP_\d{3}|status_code\s*=\s*[1-5]\d\d)")


@cache
def parsed_module(path):
    return ast.parse(path.read_text())


def imported(path):
    """The top names of everything that a module imports."""
    for node in ast.walk(parsed_module(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: absolute imports only"
            yield node.module or ""


def room_of(name):
    """The room that a module is in: the longest one that its name begins with."""
    return max((room for room in ROOMS if f"{name}.".startswith(f"{room}.")), key=len, default=None)


def entered(path):
    """The modules of the project that a module imports, names of packages with what is taken."""
    for node in ast.walk(parsed_module(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def strays(path):
    """The rooms of its own floor that a module enters and may not."""
    own = room_of(name_of(path))
    floor = own.split(".")[0]
    rooms = {room_of(name) for name in entered(path) if name.split(".")[0] == floor}
    return rooms - {own, *ROOMS[own]}


def name_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_floors_are_built_upwards(path):
    floors = (*FLOORS, "rackrate")
    above = floors[floors.index(path.relative_to(ROOT).parts[0]) + 1 :]
    assert not [name for name in imported(path) if name.split(".")[0] in above]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_enters_only_the_rooms_that_its_room_may(path):
    assert strays(path) == set()


def test_there_is_no_circle_of_rooms_but_the_program_with_its_rooms():
    TopologicalSorter({room: rooms for room, rooms in ROOMS.items() if room != "service"}).prepare()


def test_there_is_no_circle_of_modules():
    """What is imported when a module is, at its top."""
    known = {name_of(path): path for path in MODULES}
    needs = {
        name: {
            found for found in map(known_as(known), at_the_top(path)) if found not in (None, name)
        }
        for name, path in known.items()
        if path.name != "__init__.py"
    }
    TopologicalSorter(needs).prepare()


def known_as(known):
    return lambda name: next((n for n in (name, name.rpartition(".")[0]) if n in known), None)


def at_the_top(path):
    for node in parsed_module(path).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("kernels/engines/llvm/planted.py", "from kernels.engines.cuda import source"),
        ("kernels/language/planted.py", "import kernels.trace.tracer"),
        ("economics/formulas/planted.py", "from economics.models.rack import TABLES"),
        ("economics/sweeps/planted.py", "from economics.questions.quote import quote"),
        ("service/cli/planted.py", "def f():\n    from service.web.app import create_app"),
    ],
)
def test_a_planted_import_is_found(tmp_path, monkeypatch, where, line):
    path = tmp_path / where
    path.parent.mkdir(parents=True)
    path.write_text(line)
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    assert strays(path)


def test_every_folder_is_in_a_room():
    assert {room_of(name_of(path)) for path in MODULES} <= set(ROOMS)
    assert set(ROOMS) == {room_of(name_of(path)) for path in MODULES if path.name != "py.typed"}


@pytest.mark.parametrize("floor", FLOORS)
def test_a_name_of_a_module_stands_once_on_a_floor(floor):
    """But for the runner of each engine, and commands and routes that bear the name of their
    question.
    """
    asked = [name_of(p) for p in MODULES if p.parent.name in ("cli", "routes")]
    stems = [
        path.stem
        for path in MODULES
        if path.relative_to(ROOT).parts[0] == floor
        and path.stem not in ("__init__", "__main__", "runner")
        and name_of(path) not in asked
    ]
    assert {stem for stem in stems if stems.count(stem) > 1} == set()


def test_what_is_remembered_is_registered():
    """`cached`, so that `rackrate.clear_caches` forgets it."""
    for path in MODULES:
        names = {one for one in entered(path) if one.startswith("functools.")}
        assert not names & {"functools.cache", "functools.lru_cache"} or path.stem == "caches", path


def test_nothing_below_knows_the_public_face():
    users = [p for p in MODULES if any(n.split(".")[0] == "rackrate" for n in imported(p))]
    assert {path.relative_to(ROOT).parts[0] for path in users} <= {"rackrate"}


def test_only_the_kernels_know_devices():
    users = {
        name_of(path)
        for path in MODULES
        if any(name.split(".")[0] in ("cupy", "numba") for name in imported(path))
    }
    assert len(users) <= 3
    assert all(user.startswith("kernels.") for user in users)


@pytest.mark.parametrize("path", KERNELS, ids=name_of)
def test_kernels_know_no_money(path):
    assert not MONEY.findall(path.read_text())


@pytest.mark.parametrize(
    "path", [p for p in MODULES if "service" in p.relative_to(ROOT).parts[0]], ids=name_of
)
def test_service_does_no_arithmetic_on_money(path):
    for node in ast.walk(parsed_module(path)):
        if isinstance(node, ast.BinOp) and isinstance(
            node.op, ast.Add | ast.Sub | ast.Mult | ast.Div | ast.Pow
        ):
            parts = list(ast.walk(node))
            names = {n.id for n in parts if isinstance(n, ast.Name)} | {
                n.attr for n in parts if isinstance(n, ast.Attribute)
            }
            assert not [n for n in names if re.search(r"_usd|usd_|_kwh?_|_gpu_|_fraction", n)], (
                ast.unparse(node)
            )


def test_status_codes_are_known_in_one_module():
    users = {
        name_of(path)
        for path in MODULES
        if path.parts[-1] != "problems.py" and STATUS_CODES.search(path.read_text())
    }
    assert users <= {"service.web.problems"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_are_short_and_say_what_they_are(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 300
    assert ast.get_docstring(ast.parse(text)) or not text.strip()


def test_test_modules_can_be_read():
    assert not [path.stem for path in TESTS if len(path.read_text().splitlines()) > 400]


def test_the_median_module_is_a_page_or_two():
    lengths = [
        len(path.read_text().splitlines())
        for path in MODULES
        if path.name not in ("__init__.py", "__main__.py")
    ]
    assert statistics.median(lengths) <= 140


@pytest.mark.parametrize(
    "path", [p for p in MODULES if p.name not in ("__init__.py", "__main__.py")], ids=name_of
)
def test_every_module_has_tests_of_its_own(path):
    found = [test for test in TESTS if re.fullmatch(rf"test_(.*_)?{path.stem}", test.stem)]
    assert found, f"no test module for {name_of(path)}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_public_functions_and_classes_are_documented(path):
    for node in parsed_module(path).body:
        if isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        ) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{name_of(path)}.{node.name}"


def test_all_of_the_public_names_exist():
    economics = import_module("economics")
    assert sorted(economics.__all__) == economics.__all__
    for name in economics.__all__:
        assert getattr(economics, name).__module__.startswith(("economics", "kernels"))


@pytest.mark.parametrize(
    "name", sorted({one.name for one in FORMULAS} | set(field_paths()) | set(CONSTANTS))
)
def test_every_name_says_its_unit(name):
    if name not in STRUCTURE and not name.endswith("_search"):
        parsed(name)


def test_no_formula_stands_twice():
    bodies: dict[str, str] = {}
    for path in MODULES:
        for node in ast.walk(parsed_module(path)):
            if isinstance(node, ast.FunctionDef) and len(ast.unparse(node.body[-1])) > 60:
                body = ast.unparse(node.body[1:] if ast.get_docstring(node) else node.body)
                assert bodies.setdefault(body, node.name) == node.name, (
                    f"{path}: {node.name} repeats {bodies[body]}"
                )


def numbers(value, path=""):
    """Every number of a configuration file with its path, and whether a source stands beside it."""
    if isinstance(value, dict):
        sourced = {"source", "as_of"} <= set(value)
        for key, inner in value.items():
            for where, found in numbers(inner, f"{path}.{key}"):
                yield where, found or sourced
    elif isinstance(value, list):
        for inner in value:
            yield from numbers(inner, path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, False


@pytest.mark.parametrize(
    "path", sorted((ROOT / "configs").rglob("*.toml")), ids=lambda path: path.stem
)
def test_every_number_of_configs_has_a_source_and_a_date(path):
    found = list(numbers(tomllib.loads(path.read_text())))
    assert found
    assert not [where for where, sourced in found if not sourced]


FORMULAS = sorted(
    path
    for room in ("formulas", "models", "extensions")
    for path in (ROOT / "economics" / room).rglob("*.py")
)


def formulas(path):
    """The formulas of a module: what takes any carrier, and so has no types."""
    for node in ast.walk(parsed_module(path)):
        if (
            isinstance(node, ast.FunctionDef)
            and node.name[:2] != "__"
            and not any(arg.annotation for arg in node.args.args)
        ):
            yield node


@pytest.mark.parametrize("path", FORMULAS, ids=name_of)
def test_no_numbers_of_the_world_in_formulas(path):
    for formula in formulas(path):
        numbers = {
            n.value
            for n in ast.walk(formula)
            if isinstance(n, ast.Constant) and type(n.value) in (int, float)
        }
        assert numbers <= {0, 0.5, 1, 2, 3, -1, 1e-200}, formula.name


@pytest.mark.parametrize("floor", FLOORS)
def test_no_floor_shadows_the_standard_library(floor):
    assert floor not in sys.stdlib_module_names


def test_what_runs_alone_stands_where_the_makefile_looks_for_it():
    mark = "mark." + "alone"
    users = {path for path in (ROOT / "tests").rglob("*.py") if mark in path.read_text()}
    assert users
    assert all(path.is_relative_to(ROOT / "tests" / "service") for path in users)
