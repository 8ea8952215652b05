"""How the command ends, in a process of its own: started, interrupted, with nowhere to write."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tverretatlig_sim import __version__

from .conftest import COMMAND, Command, environment

posix = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX systems")
AS_IN_A_SHELL = [
    sys.executable,
    "-c",
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); "
    "os.execv(sys.argv[1], sys.argv[1:])",
]
"""Before a command: tests may run where Ctrl-C is ignored, and children inherit that."""
LONG = ["compare", "pure-network", "dfo-simplified", "--runs", "10240", "--out", "deep/out"]
"""The first message comes after a block of runs, the end after nine more."""


def started(arguments: list[str], folder: Path) -> subprocess.Popen[bytes]:
    """The command, running."""
    return subprocess.Popen(
        [*AS_IN_A_SHELL, *COMMAND, *arguments],
        cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_it_starts(process: Command) -> None:
    assert process("--version").out == f"tverretatlig-sim {__version__}\n"
    refused = process("show", "nobody", TVERRETATLIG_LANG="nb")
    assert (refused.status, refused.out) == (2, "")
    assert refused.err.startswith('Feil: "nobody": det finnes ikke noe slikt scenario')
    if shutil.which("tverretatlig") is not None:
        done = subprocess.run(["tverretatlig", "--version"], capture_output=True, check=True)
        assert done.stdout.startswith(b"tverretatlig-sim ")


def test_list_imports_nothing_heavy() -> None:
    code = (
        "import sys; from tverretatlig_sim.cli import main\n"
        "try: main(['list'])\nexcept SystemExit: pass\n"
        "print([m for m in ('numpy', 'pandas', 'matplotlib', 'scipy', 'mesa') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, check=True)
    assert done.stdout.decode().splitlines()[-1] == "[]"


def test_letters_that_the_terminal_cannot_show(process: Command) -> None:
    assert process("list", "--lang", "nb", PYTHONIOENCODING="ascii").status == 0
    assert process("list", "--json", PYTHONIOENCODING="ascii").json


@pytest.mark.slow
@posix
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_in_the_middle_of_a_simulation(number: signal.Signals, status: int, tmp_path: Path) -> None:
    process = started(LONG, tmp_path)
    assert process.stderr
    assert process.stderr.readline().startswith(b"Simulated")
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (status, b"")
    assert b"Traceback" not in err
    assert (b"Stopped" in err) == (number == signal.SIGINT)
    assert list(tmp_path.iterdir()) == []


@posix
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_where_a_library_fails_instead(number: signal.Signals, status: int) -> None:
    """As an import that is interrupted may do."""
    code = """
import sys, time
from tverretatlig_sim.cli import status_of

def fails_instead():
    try:
        print("ready", flush=True)
        time.sleep(60)
    except BaseException:
        raise ImportError("half imported")

sys.exit(status_of(fails_instead))
"""
    process = subprocess.Popen(
        [*AS_IN_A_SHELL, sys.executable, "-c", code],
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (status, b"")


@pytest.mark.slow
@posix
def test_a_reader_that_leaves_early(tmp_path: Path) -> None:
    process = started(["show", "etatssamarbeidet-2022"], tmp_path)
    assert process.stdout
    process.stdout.close()
    assert process.communicate(timeout=30)[1] == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_standard_output() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "list"], env=environment(), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr) == (1, b"Error: the disk is full\n")


@pytest.mark.slow
@posix
def test_a_disk_that_fills_while_results_are_written(tmp_path: Path) -> None:
    limited = 'ulimit -f 20; exec "$@"'
    arguments = ["run", "0-24-2018", "--runs", "20", "--months", "30", "--out", "deep/out"]
    done = subprocess.run(
        ["sh", "-c", limited, "sh", *COMMAND, *arguments],
        cwd=tmp_path, env=environment(MPLCONFIGDIR=str(Path.home() / ".config" / "matplotlib")),
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"File too large" in done.stderr
    assert b"Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@posix
def test_closed_streams(tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", '"$@" >&- 2>&-', "sh", *COMMAND, "list"], env=environment(), cwd=tmp_path, check=False
    )
    assert done.returncode == 0
