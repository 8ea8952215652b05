"""A folder of results is written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tverretatlig_sim.show.files import (
    CONTENTS,
    OutputError,
    Writer,
    check_folder,
    own_name,
    write_folder,
    write_results,
)


def writes(text: str) -> Writer:
    return lambda path: path.write_text(text, encoding="utf-8")


def fails(error: BaseException) -> Writer:
    def write(path: Path) -> None:
        path.write_text("half", encoding="utf-8")
        raise error

    return write


def test_a_new_folder_and_its_parents(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    write_folder(folder, {"one.txt": writes("1"), "two.txt": writes("2")})
    assert sorted(path.name for path in folder.iterdir()) == ["one.txt", "two.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_own_files_are_replaced_and_others_left_alone(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("old", encoding="utf-8")
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    write_folder(tmp_path, {"one.txt": writes("new")})
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {
        "one.txt": "new",
        "mine.txt": "mine",
    }


@pytest.mark.parametrize(
    "error", [OSError(28, "disk is full left on device"), KeyboardInterrupt(), ValueError("x")]
)
def test_nothing_is_left_of_a_failure(tmp_path: Path, error: BaseException) -> None:
    expected = OutputError if isinstance(error, OSError) else type(error)
    with pytest.raises(expected):
        write_folder(tmp_path / "a" / "b", {"one.txt": writes("1"), "two.txt": fails(error)})
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_an_existing_folder_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("old", encoding="utf-8")
    with pytest.raises(OutputError, match="disk is full"):
        write_folder(tmp_path, {"one.txt": writes("new"), "two.txt": fails(OSError(28, "disk is full left"))})
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [
        ("one.txt", "old")
    ]


@pytest.mark.parametrize("below", ["", "deeper", "deeper/still"])
def test_a_file_in_the_way(tmp_path: Path, below: str) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="is not a folder"):
        check_folder(tmp_path / "taken" / below)


def test_a_folder_where_a_file_should_go(tmp_path: Path) -> None:
    (tmp_path / "one.txt").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        write_folder(tmp_path, {"one.txt": writes("1")})


def test_a_link_to_nowhere(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputError, match="is not a folder"):
        check_folder(tmp_path / "link")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="no permission"):
        check_folder(tmp_path / "new")


def test_results_of_two_kinds_never_lie_side_by_side(tmp_path: Path) -> None:
    """In 0.1.0 a new run.json lay beside the series of other scenarios."""
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    write_results(tmp_path, {"run.json": writes("1"), "series-1-a.png": writes("1")})
    write_results(tmp_path, {"run.json": writes("2")})
    there = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert there == {"run.json": "2", "notes.txt": "mine", CONTENTS: "run.json\n"}
    (tmp_path / CONTENTS).write_text("../notes.txt\nnotes.txt/\nnone\n\n", encoding="utf-8")
    write_results(tmp_path, {"compare.json": writes("3")})
    assert (tmp_path / "notes.txt").exists()


@pytest.mark.parametrize("fault", [PermissionError(13, "held open"), KeyboardInterrupt()])
@pytest.mark.parametrize("moved", range(7))
def test_a_file_that_cannot_be_moved_leaves_all_as_it_was(
    moved: int, fault: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In 0.1.0 a file held open by another program left a folder half new, half old."""
    old = {"one.txt": writes("old"), "three.txt": writes("old")}
    write_results(tmp_path, old)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    real, left = Path.replace, iter(range(moved))

    def replace(self: Path, target: Path) -> Path:
        if next(left, None) is None and str(fault) not in failed:
            failed.append(str(fault))
            raise fault
        names = {path.name for path in tmp_path.iterdir()} - {"one.txt"}
        assert not {"two.txt", "three.txt"} <= names
        return real(self, target)

    failed: list[str] = []
    monkeypatch.setattr(Path, "replace", replace)
    new = {"one.txt": writes("new"), "two.txt": writes("new")}
    if moved < 6:
        with pytest.raises((OutputError, KeyboardInterrupt)):
            write_results(tmp_path, new)
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    else:
        write_results(tmp_path, new)
        assert sorted(path.name for path in tmp_path.iterdir()) == [CONTENTS, "one.txt", "two.txt"]


def test_names_of_results_are_their_own() -> None:
    """In 0.1.0 names were cut at 100 characters, and the second comparison took the folder of the first."""
    long = "x" * 120
    asked: list[tuple[list[str], list[str]]] = [
        (["0-24-2018", "dfo-simplified"], []),
        (["0-24-2018", "dfo-simplified"], ["runs=20"]),
        (["0-24-2018", "dfo-simplified"], ["runs=2", "seed=0"]),
        (["dfo-simplified", "0-24-2018"], []),
        (["0-24-2018+line-calibration", "dfo-simplified"], []),
        ([f"{long}a", f"{long}b"], []),
        ([f"{long}a", f"{long}c"], []),
        (["x", "x-x"], []),
        (["x-x", "x"], []),
        (["a/mine.toml", "mine"], []),
        (["b/mine.toml", "mine"], []),
        (["å" * 120, "漢" * 120], []),
    ]
    found = [own_name("compare", *each) for each in asked]
    assert found[:2] == ["compare-0-24-2018-dfo-simplified", "compare-0-24-2018-dfo-simplified-runs=20"]
    assert len(set(found)) == len(found)
    assert all(len(name.encode()) <= 100 for name in found)
