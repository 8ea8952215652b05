"""Ctrl-C, closed pipes and full disks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import AS_IN_A_SHELL, COMMAND, environment

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX systems")

LONG = ["compare", "pure-network", "dfo-simplified", "--runs", "10240", "--out", "deep/out"]
"""The first message comes after a block of runs, the end after nine more."""


def started(arguments: list[str], folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*AS_IN_A_SHELL, *COMMAND, *arguments],
        cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_in_the_middle_of_a_simulation(number: signal.Signals, status: int, tmp_path: Path) -> None:
    process = started(LONG, tmp_path)
    assert process.stderr
    assert process.stderr.readline().startswith(b"Simulated")
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == status
    assert out == b""
    assert b"Traceback" not in err
    assert list(tmp_path.iterdir()) == []
    if number == signal.SIGINT:
        assert b"Stopped" in err


HARD_OF_HEARING = """
import time
from tverretatlig_sim.cli import ending

ending.PATIENCE = 1.0

def swallow(seconds):
    print("ready", flush=True)
    try:
        time.sleep(seconds)
    except BaseException:
        pass

def deaf():
    while True:
        swallow(60)

def hears_the_second():
    try:
        swallow(60)
        time.sleep(60)
    finally:
        print("tidied", flush=True)

def fails_instead():
    swallow(60)
    raise ImportError("half imported")

raise SystemExit(ending.status_of({action}))
"""


@pytest.mark.parametrize(
    ("action", "said"), [("deaf", b""), ("hears_the_second", b"tidied\n"), ("fails_instead", b"")]
)
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_that_a_library_swallows(
    number: signal.Signals, status: int, action: str, said: bytes
) -> None:
    code = HARD_OF_HEARING.format(action=action)
    process = subprocess.Popen(
        [*AS_IN_A_SHELL, sys.executable, "-c", code],
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == status
    assert out.replace(b"ready\n", b"") == said
    assert b"Traceback" not in err


@pytest.mark.parametrize("arguments", [["list"], ["show", "etatssamarbeidet-2022"]])
def test_a_reader_that_leaves_early(arguments: list[str], tmp_path: Path) -> None:
    process = started(arguments, tmp_path)
    assert process.stdout
    process.stdout.close()
    _, err = process.communicate(timeout=30)
    assert err == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_standard_output(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "list"], env=environment(), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [b"Error: No space left on device"]


def test_a_disk_that_fills_while_results_are_written(tmp_path: Path) -> None:
    limited = 'ulimit -f 20; exec "$@"'
    arguments = ["run", "0-24-2018", "--runs", "20", "--months", "30", "--out", "deep/out"]
    done = subprocess.run(
        ["sh", "-c", limited, "sh", *COMMAND, *arguments],
        cwd=tmp_path, env=environment(MPLCONFIGDIR=str(Path.home() / ".config" / "matplotlib")),
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert b"File too large" in done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""
    assert list(tmp_path.iterdir()) == []


def test_closed_streams(tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", '"$@" >&- 2>&-', "sh", *COMMAND, "list"], env=environment(), cwd=tmp_path, check=False
    )
    assert done.returncode == 0
