"""A study killed again and again, held against one that was left in peace."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import tverretatlig_sim

SOURCE = str(Path(tverretatlig_sim.__file__).parents[1])
RUN = """\
import socket, sys
from tverretatlig_sim import load_study
from tverretatlig_sim.study import store as stores
file, store, workers, task_runs, *array = sys.argv[1:]
study, size = load_study(file), {"workers": int(workers), "task_runs": int(task_runs)}
if array:
    host, k, n = array
    socket.gethostname, stores.LEASE = (lambda: host), 3.0
    study.run(store, **size, shard=(int(k), int(n)))
else:
    study.run(store, **size).compact()
"""
FILE = """\
arrangements = ["pure-network", "0-24-2015"]
runs = {runs}
months = {months}
seed = 5
[parameters]
line_drop = "evidence"
turnover = "evidence"
look_pace = "evidence"
[design]
kind = "sobol"
points = {points}
[record]
outcomes = ["drafted", "implemented", "trust_mean", "structure_share", "implemented_rate_horizon"]
quantiles = [0.5]
"""


@dataclass
class Disturbed:
    """What happened to a study that was killed.

    Attributes:
        parts: there were at each kill.
        rewritten: parts that were computed again although they were finished.
        orphans: worker processes that outlived the one that started them.
        table: bytes of the compacted table.
    """

    parts: list[int] = field(default_factory=list)
    rewritten: int = 0
    orphans: int = 0
    table: bytes = b""


def write_files(folder: Path, points: int, runs: int, months: int) -> Path:
    """Write the study and what runs it."""
    (folder / "run.py").write_text(RUN, encoding="utf-8")
    file = folder / "study.toml"
    file.write_text(FILE.format(points=points, runs=runs, months=months), encoding="utf-8")
    return file


def started(file: Path, store: Path, workers: int, task_runs: int, *array: object) -> subprocess.Popen[bytes]:
    """Begin or resume a study in another process; or of a job array: host name, number and size of it."""
    given = (store, workers, task_runs, *array)
    command = [sys.executable, "run.py", file.name, *map(str, given)]
    return subprocess.Popen(command, cwd=file.parent, env={**os.environ, "PYTHONPATH": SOURCE})


def left_in_peace(file: Path, store: Path, workers: int, task_runs: int) -> bytes:
    """The compacted table of a study that nobody disturbs."""
    if started(file, store, workers, task_runs).wait():
        raise RuntimeError("the study failed")
    return (store / "table.parquet").read_bytes()


def disturbed(file: Path, store: Path, workers: int, task_runs: int, moments: list[int]) -> Disturbed:
    """Kill a study once this many parts are there, at a random moment soon after; then let it finish."""
    luck, found, seen = random.Random(1), Disturbed(), dict[str, tuple[int, int]]()
    for moment in moments:
        process = started(file, store, workers, task_runs)
        while len(_parts(store)) < moment and process.poll() is None:
            time.sleep(0.005)
        time.sleep(luck.uniform(0.0, 0.3))
        children = _children(process.pid)
        process.send_signal(signal.SIGKILL)
        process.wait()
        found.orphans += _outlive(children)
        found.parts.append(len(_parts(store)))
        seen = _remember(store, seen, found)
    found.table = left_in_peace(file, store, workers, task_runs)
    _remember(store, seen, found)
    return found


def _parts(store: Path) -> list[Path]:
    return list((store / "parts").glob("*.parquet"))


def _remember(store: Path, seen: dict[str, tuple[int, int]], found: Disturbed) -> dict[str, tuple[int, int]]:
    now = {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in _parts(store)}
    found.rewritten += sum(now.get(name) != mark for name, mark in seen.items())
    return now


def _children(pid: int) -> list[int]:
    """Processes that a process has started, from any of its threads."""
    found: list[int] = []
    for path in Path("/proc").glob(f"{pid}/task/*/children"):
        with suppress(OSError):
            found += map(int, path.read_text(encoding="utf-8").split())
    return found


def _outlive(children: list[int], patience: float = 20.0) -> int:
    """How many processes are still there after a while."""
    end = time.monotonic() + patience
    while (left := [pid for pid in children if _runs(pid)]) and time.monotonic() < end:
        time.sleep(0.02)
    return len(left)


def _runs(pid: int) -> bool:
    """Whether a process is there, and not only its entry."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False
    return "State:\tZ" not in status
