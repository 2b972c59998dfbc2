"""The public Python face: its names, its types, its examples, and how little it imports."""

import ast
import doctest
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import rackrate

ROOT = Path(__file__).parents[2]
FLOORS = ("kernels", "economics", "service")
MODULES = sorted((ROOT / "rackrate").glob("*.py"))
TYPED = sorted(Path(__file__).parent.glob("*_typed.py"))
HEAVY = ("numpy", "polars", "scipy", "litestar", "llvmlite", "cupy", "importlib.metadata")


def said(*command):
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def test_all_are_the_public_names():
    assert rackrate.__all__ == sorted(rackrate.__all__)
    assert dir(rackrate) == rackrate.__all__
    own = {
        name
        for name, value in vars(rackrate).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    helpers = {"Any", "NEED_NUMPY", "TYPE_CHECKING"}
    late = {*rackrate.NEED_NUMPY, "__version__"}
    assert {*own - helpers, *late, "catalog"} == set(rackrate.__all__)


@pytest.mark.parametrize("name", rackrate.__all__)
def test_public_names_exist_and_are_documented(name):
    value = getattr(rackrate, name)
    assert isinstance(value, str) if name == "__version__" else value.__doc__


def test_no_other_name_is_there():
    with pytest.raises(AttributeError, match="module 'rackrate' has no attribute 'qoute'"):
        rackrate.qoute  # noqa: B018


def test_answers_are_the_same_when_all_that_was_remembered_is_forgotten():
    first = rackrate.quote("nvl72-neocloud")
    rackrate.clear_caches()
    assert rackrate.quote("nvl72-neocloud") == first


def test_every_public_name_of_the_economics_is_here_or_below_it():
    economics = import_module("economics")
    assert set(economics.__all__) - set(rackrate.__all__) == {"prepare", "run"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_examples_in_docstrings_hold(path):
    name = "rackrate" if path.stem == "__init__" else f"rackrate.{path.stem}"
    found = doctest.testmod(import_module(name))
    assert found.attempted
    assert not found.failed


def test_neither_the_face_nor_a_quote_imports_what_is_heavy():
    asked = (
        "import sys, rackrate; rackrate.quote('nvl72-neocloud');"
        f" print([name for name in {HEAVY} if name in sys.modules])"
    )
    assert said("-c", asked) == "[]\n"


def test_the_face_imports_no_more_than_itself_and_the_reading_of_files():
    asked = (
        "import sys, economics; before = {*sys.modules}; import rackrate;"
        " print(*sorted({name.partition('.')[0] for name in {*sys.modules} - before}))"
    )
    assert said("-c", asked) == "rackrate service\n"


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("floor", FLOORS)
def test_no_floor_knows_the_face(floor):
    users = [
        str(path.relative_to(ROOT))
        for path in (ROOT / floor).rglob("*.py")
        if any(name.partition(".")[0] == "rackrate" for name in imports(path))
    ]
    assert not users


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_of_the_service_only_files_and_the_version_are_used_and_the_client_by_its_own(path):
    used = [name for name in imports(path) if name.startswith("service")]
    others = ("service.client",) if path.stem == "client" else ("service.files", "service.version")
    assert all(name.startswith(others) for name in used)


def test_types_of_answers_are_known_to_a_type_checker():
    pages = [*TYPED, *sorted((ROOT / "examples").glob("*.py"))]
    assert said("-m", "mypy", *map(str, pages)).startswith("Success: no issues found in 8 source")


@pytest.mark.parametrize("package", ["rackrate", *FLOORS])
def test_every_package_says_that_it_is_typed(package):
    assert (ROOT / package / "py.typed").read_bytes() == b""
