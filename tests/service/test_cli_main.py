"""The program as users start it: exit codes, one line for what is wrong, and nothing imported that
is not needed.
"""

import os
import pty
import resource
import signal
import subprocess
import sys
import time

import msgspec
import pytest
from imports import HEAVY, JOBS, imported_by
from pace import budget

import economics
from service import __main__ as entry

QUOTE = [sys.executable, "-m", "service", "quote", "nvl72-neocloud"]


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_help_exits_0_and_names_every_command(program, arguments):
    code, out, err = program(*arguments)
    assert (code, err) == (0, "")
    for command in (
        "quote",
        "breakeven",
        "depreciate",
        "cashflow",
        "solve",
        "sweep",
        "explain",
        "catalog",
        "schema",
        "doctor",
        "serve",
    ):
        assert f"\n    {command}" in out


def test_the_version_is_that_of_the_package(program):
    from importlib.metadata import version

    assert program("--version") == (0, f"rackrate {version('rackrate')}\n", "")


def test_help_imports_no_economics():
    assert not {*HEAVY, "rich", "msgspec", "economics"} & imported_by("--help")


@pytest.mark.parametrize(
    ("arguments", "more"),
    [
        (("quote", "nvl72-neocloud", "--json"), ("rich",)),
        (("quote", "nvl72-neocloud"), ()),
        (("cashflow", "nvl72-neocloud"), ()),
        (("explain", "nvl72-neocloud", "npv_usd_per_rack"), ("rich",)),
        (
            (
                "solve",
                "nvl72-neocloud",
                "--for",
                "utilisation",
                "--target",
                "npv_usd_per_rack",
                "--value",
                "0",
            ),
            ("rich",),
        ),
        (("catalog",), ()),
    ],
)
def test_one_scenario_imports_nothing_heavy(arguments, more):
    assert not {*HEAVY, *more} & imported_by(*arguments)


def test_the_doctor_imports_numpy_at_most():
    assert set(HEAVY) & imported_by("doctor") <= {"numpy"}


def test_a_sweep_that_prints_imports_no_data_frames():
    found = imported_by("sweep", "nvl72-neocloud", "--sweep", "utilisation=0.5,1")
    assert "numpy" in found
    assert not {"polars", "litestar", *JOBS} & found


@pytest.mark.alone
@pytest.mark.parametrize(
    ("arguments", "seconds"), [(("--help",), 0.2), (("quote", "nvl72-neocloud"), 0.3)]
)
def test_it_starts_within_its_budget(program, arguments, seconds):
    def once():  # processor time: other work on the machine does not count
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert program(*arguments).code == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    once()
    assert any(once() < budget(seconds) for _ in range(7))


def test_a_quote_is_the_librarys(program):
    code, out, err = program("quote", "nvl72-neocloud", "--json", cwd="/")
    assert (code, err) == (0, "")
    assert out.encode() == msgspec.json.encode(economics.quote(economics_tables())) + b"\n"


def economics_tables():
    from service.files.reading import scenario_tables

    return scenario_tables("nvl72-neocloud")


def test_off_a_terminal_there_are_no_escape_codes(program):
    for arguments in (
        ("quote", "nvl72-neocloud"),
        ("--help",),
        ("sweep", "nvl72-neocloud", "--sweep", "utilisation=0.5,1"),
    ):
        said = program(*arguments)
        assert "\x1b" not in said.out + said.err
        assert said.err == ""


def on_a_terminal(arguments, **environment):
    """What a run writes to a terminal."""
    leader, follower = pty.openpty()
    plain = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    run = [sys.executable, "-m", "service", *arguments]
    process = subprocess.Popen(
        run,
        stdout=follower,
        stderr=follower,
        env={**plain, "TERM": "xterm", "COLUMNS": "100", **environment},
    )
    os.close(follower)
    text = b""
    while True:
        try:
            chunk = os.read(leader, 65536)
        except OSError:
            break
        if not chunk:
            break
        text += chunk
    os.close(leader)
    assert process.wait(60) == 0
    return text.decode()


def test_no_color_is_honoured_on_a_terminal():
    assert "\x1b[" in on_a_terminal(["quote", "nvl72-neocloud"])
    plain = (
        on_a_terminal(["quote", "nvl72-neocloud"], NO_COLOR="1")
        .replace("\x1b[1m", "")
        .replace("\x1b[0m", "")
    )  # bold is no colour
    assert "\x1b" not in plain


def test_progress_is_shown_on_a_terminal():
    axes = ["--sweep", "utilisation=0.2:1:800", "--sweep", "wacc_per_year=0.05:0.2:800"]
    shown = on_a_terminal(["sweep", "nvl72-neocloud", *axes, "--backend", "numpy"])
    assert "% of 640,000 cells" in shown


def test_a_broken_pipe_is_quiet():
    with subprocess.Popen(
        [
            sys.executable,
            "-m",
            "service",
            "sweep",
            "nvl72-neocloud",
            "--sweep",
            "utilisation=0.2:1:200000",
            "-o",
            "-",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout.readline().startswith(b"utilisation,")
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


def test_a_full_standard_output_is_said_in_one_line():
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "service", "quote", "nvl72-neocloud"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "rackrate: cannot write standard output: No space left on device\n"


@pytest.mark.alone
def test_an_interrupted_sweep_exits_130_and_leaves_nothing(tmp_path):
    axes = (
        "utilisation=0.2:1:400",
        "wacc_per_year=0.05:0.2:400",
        "rental_price_usd_per_gpu_hour=1:5:400",
        "pue=1:2:100",
    )
    options = [word for axis in axes for word in ("--sweep", axis)]
    command = [
        sys.executable,
        "-m",
        "service",
        "sweep",
        "nvl72-neocloud",
        *options,
        "--reduce",
        "summary",
        "-o",
        str(tmp_path / "a.csv"),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"")
    assert not list(tmp_path.iterdir())


WRITES_SLOWLY = """
import os, sys, time
def slow(_):
    print("writing", flush=True)
    time.sleep(60)
os.fsync = slow
from service.__main__ import main
sys.exit(main())
"""


@pytest.mark.alone
def test_a_terminated_sweep_exits_143_and_leaves_nothing(tmp_path):
    command = [
        sys.executable,
        "-c",
        WRITES_SLOWLY,
        "sweep",
        "nvl72-neocloud",
        "--sweep",
        "pue=1.1,1.2",
        "-o",
        str(tmp_path / "a.csv"),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"writing\n"
        assert len(list(tmp_path.iterdir())) == 1
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (143, b"", b"")
    assert not list(tmp_path.iterdir())


@pytest.mark.alone
def test_a_termination_does_not_wait_for_a_reader():
    command = [
        sys.executable,
        "-m",
        "service",
        "sweep",
        "nvl72-neocloud",
        "--sweep",
        "utilisation=0.2:1:200000",
        "-o",
        "-",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout.read(1) == b"u"
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 143
        assert process.stderr.read() == b""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("- <&-", "cannot read standard input: it is closed"),
        ("nvl72-neocloud >&-", "cannot write standard output: it is closed"),
    ],
)
def test_a_closed_stream_is_said_in_one_line(arguments, said):
    line = f"{sys.executable} -m service quote {arguments}"
    done = subprocess.run(
        ["bash", "-c", line], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (2, f"rackrate: {said}\n")


@pytest.mark.parametrize("more", [(), ("--json",)])
@pytest.mark.parametrize(("name", "encoding"), [("caf\u00e9", "ascii"), ("\udcff", "utf-8")])
def test_a_character_that_cannot_be_written_is_said_in_one_line(program, name, encoding, more):
    setting = b"name=" + name.encode(errors="surrogateescape")
    environment = {
        **os.environ,
        "PYTHONUTF8": "0",
        "PYTHONIOENCODING": encoding,
        "LC_ALL": "C.UTF-8",
    }
    command = [sys.executable, "-m", "service", "quote", "nvl72-neocloud", "--set", setting, *more]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, env=environment
    )
    if more or encoding == "ascii":
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == f"rackrate: cannot write {name[-1]!a} as {encoding}\n"
    else:
        assert (done.returncode, done.stderr) == (
            0,
            "",
        )  # what cannot be printed is left out of titles


DEEP = ".".join("a" * 5000)


@pytest.mark.parametrize("setting", [f"facility.{DEEP}=1", f"site={{{DEEP}=1}}"])
def test_what_is_nested_too_deeply_is_bad_input(rackrate, setting):
    said = rackrate("quote", "nvl72-neocloud", "--set", setting)
    assert (said.code, said.out, said.one_line()) == (2, "", "cannot read what is nested so deeply")


def test_a_file_that_is_nested_too_deeply_is_bad_input(rackrate, tmp_path):
    (tmp_path / "deep.toml").write_text(f"facility.{DEEP} = 1")
    said = rackrate("quote", tmp_path / "deep.toml")
    assert (said.code, said.out) == (2, "")
    assert said.one_line()


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (economics.Problem("a.b", 1, "2"), 2, "a.b = 1: expected 2"),
        (economics.NoAnswer("nowhere"), 1, "nowhere"),
        (MemoryError(), 1, "out of memory: ask for a reduction, or for fewer cells"),
        (
            RuntimeError("two\nlines"),
            1,
            "a fault of rackrate: RuntimeError: two lines (RACKRATE_DEBUG=1 shows where)",
        ),
    ],
)
def test_every_error_is_a_line_and_a_code(rackrate, monkeypatch, error, code, said):
    def fail(_):
        raise error

    monkeypatch.setattr(entry, "_run", fail)
    found = rackrate("quote")
    assert (found.code, found.out, found.one_line()) == (code, "", said)


def test_an_engine_that_is_not_there_exits_2(rackrate, monkeypatch):
    from kernels.language.verbs import BackendError

    def fail(_):
        raise BackendError("no CUDA device")

    monkeypatch.setattr(entry, "_run", fail)
    assert rackrate("sweep") == (2, "", "rackrate: no CUDA device\n")


def test_a_fault_is_shown_where_asked(monkeypatch):
    def fail(_):
        raise RuntimeError("here")

    monkeypatch.setattr(entry, "_run", fail)
    monkeypatch.setenv("RACKRATE_DEBUG", "1")
    with pytest.raises(RuntimeError, match="here"):
        entry.main([])
