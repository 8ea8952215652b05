"""A study killed at random moments and resumed gives the same bytes, and computes nothing twice."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

import pytest

from tverretatlig_sim import load_study

from .kills import disturbed, left_in_peace, started, write_files

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals"),
]

POINTS, RUNS, MONTHS, TASK_RUNS = 48, 4, 12, 8


@pytest.fixture(scope="module")
def peace(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The table of the study when nobody disturbs it, its work cut otherwise."""
    folder = tmp_path_factory.mktemp("peace")
    return left_in_peace(write_files(folder, POINTS, RUNS, MONTHS), folder / "store", 1, 3 * TASK_RUNS)


@pytest.mark.parametrize(("workers", "moments"), [(1, [4, 25]), (2, [11])])
def test_killed_and_resumed(workers: int, moments: list[int], peace: bytes, tmp_path: Path) -> None:
    file = write_files(tmp_path, POINTS, RUNS, MONTHS)
    found = disturbed(file, tmp_path / "killed", workers, TASK_RUNS, moments)
    assert len(found.parts) == len(moments)
    assert found.rewritten == 0
    assert found.orphans == 0
    assert found.table == peace


def test_a_job_array_on_nodes_of_which_one_dies(peace: bytes, tmp_path: Path) -> None:
    """Three shards, each on a machine of another name; the second ends by SIGTERM and goes on elsewhere."""
    file, store = write_files(tmp_path, POINTS, RUNS, MONTHS), tmp_path / "store"
    nodes = [started(file, store, 1, TASK_RUNS, f"node-{k}", k, 3) for k in (1, 2, 3)]
    dying = store / "shards" / "2-of-3"
    while len(list(dying.glob("parts/*.parquet"))) < 4:
        time.sleep(0.005)
    nodes[1].send_signal(signal.SIGTERM)
    assert [node.wait() for node in nodes] == [0, -signal.SIGTERM, 0]
    study = load_study(file)
    assert 0 < study.merge(store).progress().stored < len(study.tasks(TASK_RUNS))
    assert (dying / "lock").exists()
    assert started(file, store, 1, TASK_RUNS, "node-4", 2, 3).wait() == 0
    lost = next(it for it in dying.glob("parts/*") if not (store / "parts" / it.name).exists())
    lost.write_bytes(lost.read_bytes()[:-9])
    warnings: list[str] = []
    assert not study.merge(store, warn=warnings.append).complete
    assert [it.startswith(str(lost)) for it in warnings] == [True]
    study.run(store, workers=1).compact()
    assert (store / "table.parquet").read_bytes() == peace
