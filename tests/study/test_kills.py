"""A study killed at random moments and resumed gives the same bytes, and computes nothing twice."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from .kills import disturbed, left_in_peace, write_files

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
