"""Files that cannot be read, and names that lead astray."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tverretatlig_sim.scenario import ScenarioError, load_scenario

from .small_world import HEAD, World


def complaint(name: str | Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(name)
    return str(caught.value)


def test_an_unknown_name_is_answered_with_the_known_ones(shipped: Path) -> None:
    (shipped / "etatssamarbeidet-2022.toml").write_text("")
    assert complaint("etatssamarbeidet-2021") == (
        '"etatssamarbeidet-2021": there is no such scenario; allowed: "etatssamarbeidet-2022"; '
        'did you mean "etatssamarbeidet-2022"?'
    )


def test_a_name_without_suffix_points_to_the_file_nearby(world: World) -> None:
    assert 'did you mean "small.toml"?' in complaint("small")


@pytest.mark.parametrize("name", ["", "..", "parameters", "a\0b", "x" * 5000])
def test_names_that_are_none(world: World, name: str) -> None:
    assert "there is no such scenario" in complaint(name)


def test_a_missing_file(world: World) -> None:
    assert complaint("smal.toml") == 'smal.toml: there is no such file; did you mean "small"?'


@pytest.mark.parametrize("name", ["a\0b.toml", "x" * 5000 + ".toml"])
def test_impossible_paths(world: World, name: str) -> None:
    assert complaint(name)


def test_a_folder(world: World) -> None:
    assert complaint(world.folder).endswith("is a folder, not a file")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_read(world: World) -> None:
    os.mkfifo(world.folder / "pipe.toml")
    assert complaint("pipe.toml") == "pipe.toml: is not an ordinary file"


def test_a_file_that_is_not_utf_8(world: World) -> None:
    world.write("small.toml", HEAD.replace("verden", "være").encode("latin-1"))
    text = "small.toml: is not UTF-8 text (byte 45); save the file with the encoding UTF-8"
    assert complaint("small.toml") == text


def test_a_file_that_is_too_large_is_not_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.write("small.toml", b"#" * 1_000_001)
    read = Path.read_bytes
    monkeypatch.setattr(
        Path, "read_bytes", lambda path: pytest.fail("read") if "small" in path.name else read(path)
    )
    assert complaint("small.toml") == "small.toml: is too large (1.0 MB); allowed: at most 1 MB"


@pytest.mark.parametrize(
    ("line", "fragments"),
    [
        ("x = ", ["line 8, column 5: is not valid TOML"]),
        ('name = "', ["line 8, column 9: is not valid TOML"]),
        ("x = {", ["is not valid TOML"]),
        ("months = 1,5", ["line 8, column 11", "write numbers with a decimal point: 1.5"]),
        ("months = { value = 1,5 }", ["line 8", "write numbers with a decimal point: 1.5"]),
        ("months = 2022-01", ['write months in quotation marks: "2022-01"']),
        ("name = flat", ['write text in quotation marks: "flat"']),
        ('start = "2022-01"', ["line 8", "Cannot overwrite a value"]),
        ("x = " + "[" * 100_000, ["nested too deeply"]),
        ("x = " + "[" * 30 + "]" * 30, ["nested too deeply; allowed: at most 20 levels"]),
        ("x" + ".x" * 200_000 + " = 1", ["nested too deeply"]),
        ("x" + ' . "x"' * 30 + " = 1", ["nested too deeply"]),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_faulty_toml(world: World, line: str, fragments: list[str]) -> None:
    world.change("head", "", line)
    text = world.complaint()
    for fragment in ["small.toml: ", *fragments]:
        assert fragment in text


def test_a_link_out_of_the_folder_is_not_followed(world: World, tmp_path: Path) -> None:
    place = "arrangements/out.toml"
    (tmp_path / "outside.toml").write_text("")
    (world.folder / place).symlink_to(tmp_path / "outside.toml")
    world.change("head", 'arrangement = "flat"', 'arrangement = "out"')
    assert f"{place}: is a link that leads out of the scenario folder" in world.complaint()


def test_a_linked_folder_of_parts_is_not_followed(world: World, tmp_path: Path) -> None:
    (world.folder / "portfolios").rename(tmp_path / "elsewhere")
    (world.folder / "portfolios").symlink_to(tmp_path / "elsewhere")
    assert "portfolios/one.toml: is a link that leads out" in world.complaint()


def test_a_link_that_goes_round_in_a_circle(world: World) -> None:
    (world.folder / "arrangements" / "loop.toml").symlink_to("loop.toml")
    world.change("head", 'arrangement = "flat"', 'arrangement = "loop"')
    assert "arrangements/loop.toml: " in world.complaint()
