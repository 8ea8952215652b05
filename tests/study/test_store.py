"""A store survives what happens to it, and says what did."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tverretatlig_sim import StoreError, Study
from tverretatlig_sim.show.studies import status_sheet
from tverretatlig_sim.study import manifest
from tverretatlig_sim.study import store as stores
from tverretatlig_sim.study.store import LOCK, locked, owner_of
from tverretatlig_sim.study.task import run_task
from tverretatlig_sim.workers import SerialExecutor

from .kills import SOURCE
from .studies import SMALL, Instead, tiny


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished store of the tiny study, with its table."""
    folder = tmp_path_factory.mktemp("finished") / "store"
    tiny().run(folder, task_runs=SMALL).compact()
    return folder


@pytest.fixture
def store(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished store."""
    return Path(shutil.copytree(finished, tmp_path / "store"))


def resumed(store: Path, study: Study | None = None) -> tuple[int, list[str]]:
    """Run what is missing: number of tasks that were, and warnings."""
    warnings: list[str] = []
    counting = Instead(SerialExecutor(), run_task)
    result = (study or tiny()).run(store, executor=counting, warn=warnings.append)
    assert result.complete
    return counting.submitted, warnings


def test_a_finished_study_is_not_run_again(store: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in store.rglob("*")}
    assert resumed(store) == (0, [])
    assert {path: path.stat().st_mtime_ns for path in store.rglob("*") if path.is_file()}.items() <= (
        before.items()
    )


def test_only_missing_parts_are_computed_and_the_table_has_the_same_bytes(
    store: Path, finished: Path
) -> None:
    for path in sorted((store / "parts").iterdir())[::3]:
        path.unlink()
    assert resumed(store) == (4, [])
    tiny().open(store).compact()
    assert (store / "table.parquet").read_bytes() == (finished / "table.parquet").read_bytes()


def flipped(data: bytes, place: int) -> bytes:
    """One bit changed."""
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.mark.parametrize(
    "damage",
    [lambda data: b"", lambda data: data[: len(data) // 2], lambda data: b"x" * len(data)],
    ids=["empty", "half", "nonsense"],
)
def test_damaged_parts_are_computed_again(
    damage: Callable[[bytes], bytes], store: Path, finished: Path
) -> None:
    path = sorted((store / "parts").iterdir())[3]
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(StoreError, match="is damaged"):
        tiny().open(store).table()
    tasks, (warning,) = resumed(store)
    assert tasks == 1
    assert warning.startswith(str(path))
    assert path.read_bytes() == (finished / "parts" / path.name).read_bytes()


def test_any_bit_that_changes_what_a_part_says_is_noticed(store: Path) -> None:
    path = next((store / "parts").iterdir())
    data, found = path.read_bytes(), tiny().open(store).store
    whole, damaged = found.read(path.stem), 0
    for place in range(0, len(data), 7):
        path.write_bytes(flipped(data, place))
        if found.damaged([path.stem]):
            damaged += 1
        else:
            pd.testing.assert_frame_equal(found.read(path.stem), whole, check_exact=True)
    assert damaged > len(data) / 7 / 2
    path.write_bytes(data)
    assert not found.damaged([path.stem])


def test_parts_that_were_swapped_are_computed_again_whatever_their_order(store: Path, finished: Path) -> None:
    first, second, *others = sorted((store / "parts").iterdir())
    shutil.copy(first, second)
    for path in others[1::2]:
        path.unlink()
    tasks, (warning,) = resumed(store)
    assert tasks == 1 + len(others[1::2])
    assert "belongs to another task" in warning
    tiny().open(store).compact()
    assert (store / "table.parquet").read_bytes() == (finished / "table.parquet").read_bytes()


def test_half_written_files_are_removed(store: Path) -> None:
    """Also where nothing else was written yet: a kill while the first manifest is written."""
    (store / "parts" / "abc.parquet.77.tmp").write_bytes(b"half")
    resumed(store)
    assert not list(store.rglob("*.tmp"))
    begun = store.parent / "begun"
    begun.mkdir()
    (begun / "manifest.json.77.tmp").write_bytes(b"{")
    (begun / "lock.78").touch()
    assert tiny().run(begun).complete
    assert not list(begun.glob("*.tmp"))


@pytest.mark.parametrize(
    ("changes", "different"),
    [
        ({"seed": 8}, "seed"),
        ({"runs": 6}, "runs"),
        ({"arrangements": ["pure-network"]}, "scenarios"),
        ({"parameters": {"line_drop": [0.0, 0.05, 0.11], "turnover": [0.0, 0.1]}}, "its points"),
        ({"record": {"outcomes": ["drafted"]}}, "what it records"),
    ],
)
def test_a_store_of_another_study_is_refused(changes: dict[str, Any], different: str, store: Path) -> None:
    for use in (tiny(**changes).run, tiny(**changes).open):
        with pytest.raises(StoreError, match=f"holds results of .*{different}") as caught:
            use(store)
        assert "--store" in str(caught.value.advice)
    assert resumed(store) == (0, [])


def test_another_version_is_refused_and_other_libraries_are_said(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = json.loads((store / "manifest.json").read_text(encoding="utf-8"))
    document["libraries"]["numpy"] = "1.0"
    (store / "manifest.json").write_text(json.dumps(document), encoding="utf-8")
    tasks, (warning,) = resumed(store)
    assert tasks == 0
    assert "other libraries" in warning
    monkeypatch.setattr(manifest, "code_digest", lambda: "another")
    with pytest.raises(StoreError, match=r"another version of the program: 0.*; this is 0.*another"):
        tiny().run(store)


def test_what_is_no_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    for name in ("empty", "thesis", "faulty"):
        (tmp_path / name).mkdir()
    (tmp_path / "thesis" / "thesis.doc").touch()
    (tmp_path / "faulty" / "manifest.json").write_text("{", encoding="utf-8")
    (tmp_path / "file").touch()
    for name, said in (
        ("thesis", r"holds no study \(found thesis\.doc\)"),
        ("faulty", r"manifest\.json: cannot be read"),
        ("file", "is a file"),
    ):
        with pytest.raises(StoreError, match=said):
            tiny().run(tmp_path / name)
    with pytest.raises(StoreError, match="there is no store here"):
        tiny().open(tmp_path / "empty")
    assert [path.name for path in (tmp_path / "thesis").iterdir()] == ["thesis.doc"]


def test_a_read_only_store_can_be_read_but_not_run(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*given: Any, **more: Any) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(stores, "atomically", refused)
    monkeypatch.setattr("filelock.SoftFileLease.acquire", refused)
    monkeypatch.setattr(Path, "mkdir", refused)
    for folder in (store, store.parent / "new"):
        with pytest.raises(StoreError, match="cannot be written to"):
            tiny().run(folder)
    assert len(tiny().open(store).table()) == 12


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_stops_with_a_message_and_loses_nothing(
    number: int, finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, left = stores.write_parquet, iter(range(5))

    def full(frame: pd.DataFrame, file: Any, marks: Any) -> None:
        if next(left, None) is None:
            file.write(b"half")
            raise OSError(number, os.strerror(number))
        real(frame, file, marks)

    with monkeypatch.context() as patch:
        patch.setattr(stores, "write_parquet", full)
        with pytest.raises(StoreError, match="the disk is full") as caught:
            tiny().run(tmp_path, task_runs=SMALL)
    assert "resume" in str(caught.value.advice)
    assert not list(tmp_path.rglob("*.tmp"))
    assert owner_of(tmp_path) is None
    assert resumed(tmp_path) == (7, [])
    tiny().open(tmp_path).compact()
    assert (tmp_path / "table.parquet").read_bytes() == (finished / "table.parquet").read_bytes()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 48 KiB, where the system lets us have one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_really_full(small_disk: Path, finished: Path) -> None:
    with pytest.raises(StoreError, match="the disk is full"):
        tiny().run(small_disk, task_runs=SMALL)
    stored = len(tiny().open(small_disk).store.keys())
    assert 0 < stored < 12
    subprocess.run(["mount", "-o", "remount,size=10m", str(small_disk)], check=True)
    assert resumed(small_disk) == (12 - stored, [])
    tiny().open(small_disk).compact()
    assert (small_disk / "table.parquet").read_bytes() == (finished / "table.parquet").read_bytes()


def test_every_task_is_stored_failed_damaged_or_left(store: Path) -> None:
    lost, spoilt, failed = sorted((store / "parts").iterdir())[:3]
    lost.unlink()
    spoilt.write_bytes(spoilt.read_bytes()[:-9])
    failed.unlink()
    (store / "failed" / f"{failed.stem}.json").write_text("{}", encoding="utf-8")
    result = tiny().open(store)
    document = status_sheet(result, None, result.store.damaged(sorted(result.store.keys()))).document
    assert isinstance(document, dict)
    assert [document[key] for key in ("stored", "failed", "left")] == [document["tasks"] - 3, 1, 1]
    assert list(document["damaged"]) == [spoilt.stem]


def test_what_is_not_finished_is_missed(store: Path) -> None:
    """With a warning from all that gives results, unless the caller knows."""
    next((store / "parts").iterdir()).unlink()
    result = tiny().open(store)
    for results in (result.table, result.to_xarray):
        with pytest.warns(UserWarning, match=r"1 of \d+ tasks are not done; .* partial=True") as caught:
            results()
        assert caught[0].filename == __file__
        results(partial=True)


def test_two_runners_at_once(store: Path) -> None:
    with locked(store):
        with pytest.raises(StoreError, match=f"process {os.getpid()} on .*, last seen 20") as caught:
            tiny().run(store)
        assert str(store / LOCK) in str(caught.value.advice)
        assert owner_of(store) is not None
        assert len(tiny().open(store).table()) == 12
    assert owner_of(store) is None
    assert resumed(store) == (0, [])


@pytest.mark.skipif(sys.platform == "win32", reason="there it is so by itself")
def test_files_are_flushed_through_handles_that_may_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Windows wants it; in 0.1.0 every study failed there."""
    import fcntl
    import stat

    def as_on_windows(handle: int) -> None:
        read_only = fcntl.fcntl(handle, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY
        if read_only and not stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    monkeypatch.setattr(os, "fsync", as_on_windows)
    assert tiny().run(tmp_path).complete


HOLD = "import sys, time\nfrom pathlib import Path\nfrom tverretatlig_sim.study import store\n"
HOLD += "store.LEASE = float(sys.argv[2])\n"
HOLD += "with store.locked(Path(sys.argv[1])): print('held', flush=True); time.sleep(600)"


def left_behind(store: Path, lease: float = stores.LEASE, number: int = 9) -> None:
    """The lock of a process that was killed."""
    command = [sys.executable, "-c", HOLD, str(store), str(lease)]
    env = {**os.environ, "PYTHONPATH": SOURCE}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        process.send_signal(number)
    assert (store / LOCK).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=str)
def test_the_lock_of_a_dead_process_is_taken_over_at_once(store: Path, number: int) -> None:
    left_behind(store, number=number)
    clock = time.monotonic()
    assert resumed(store) == (0, [])
    assert time.monotonic() - clock < stores.LEASE / 2
    assert not (store / LOCK).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.slow
def test_the_lock_of_another_machine_is_taken_over_when_it_gives_no_sign_of_life(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "LEASE", 3.0)
    left_behind(store, 3.0)
    marker = store / LOCK
    text = marker.read_text(encoding="utf-8")
    host = next(line for line in text.splitlines() if line.startswith("host="))
    marker.write_text(text.replace(host, "host=elsewhere"), encoding="utf-8")
    owner = owner_of(store)
    assert owner is not None
    assert owner.host == "elsewhere"
    assert resumed(store) == (0, [])
    assert owner_of(store) is None


def test_an_unfinished_study_is_compacted_only_if_asked(store: Path) -> None:
    for path in list((store / "parts").iterdir())[:2]:
        path.unlink()
    result = tiny().open(store)
    with pytest.raises(StoreError, match="2 of 12 tasks are not done") as caught:
        result.compact()
    assert "--partial" in str(caught.value.advice)
    (path,) = result.compact(store.parent / "out", partial=True)
    assert len(pd.read_parquet(path)) == 10


def test_the_table_as_parquet_and_csv_is_the_table(store: Path, tmp_path: Path) -> None:
    result = tiny().open(store)
    parquet, csv = result.compact(tmp_path / "out", csv=True)
    pd.testing.assert_frame_equal(
        pd.read_parquet(parquet), result.table(), check_exact=True, check_dtype=False
    )
    pd.testing.assert_frame_equal(pd.read_csv(csv), result.table(), check_dtype=False)


def test_the_manifest_says_what_was_run(store: Path) -> None:
    document = json.loads((store / "manifest.json").read_text(encoding="utf-8"))
    assert set(document["scenarios"]) == {"pure-network", "0-24-2015"}
    assert (document["points"], document["runs"], document["months"], document["seed"]) == (6, 5, 8, 7)
    assert {"numpy", "pyarrow"} <= document["libraries"].keys()
    assert document["program"]["code"] == manifest.code_digest()
    (session,) = document["sessions"]
    assert (session["tasks"], session["runs"], session["executor"]) == (12, 60, "SerialExecutor")
    assert session["seconds"] > 0


def test_missing_libraries_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ValueError, match=r"pip install .tverretatlig-sim\[study\]"):
        tiny().run()
