"""A folder of results is written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tverretatlig_sim.show.files import OutputError, Writer, check_folder, write_folder


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
