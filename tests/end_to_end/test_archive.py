"""A result in one file: it makes itself again, and notices what was altered."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tverretatlig_sim.cli.archive import COMMANDS
from tverretatlig_sim.cli.commands import tverretatlig
from tverretatlig_sim.scenario import load_scenario

from .conftest import Command

SMALL = ("--runs", "4", "--months", "24")


def rewritten(file: Path, change: dict[str, bytes]) -> Path:
    """The archive with some files replaced."""
    altered = file.with_name("altered.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(altered, "w") as new:
        for name in old.namelist():
            new.writestr(name, change.get(name, old.read(name)))
    return altered


def test_what_can_be_archived_writes_its_results_to_a_folder() -> None:
    without = [
        name for name in COMMANDS if "out" not in {it.name for it in tverretatlig.commands[name].params}
    ]
    assert not without


@pytest.mark.slow
def test_an_archive_makes_the_same_bytes_again(command: Command, tmp_path: Path) -> None:
    own = load_scenario("pure-network+stronger-secretariat").to_toml()
    Path("own.toml").write_text(own, encoding="utf-8")
    words = ("compare", "own.toml", "pure-network", *SMALL, "--lang", "nb")
    assert command("archive", "answer.zip", *words).status == 0
    Path("own.toml").unlink()  # all that the result came from is inside
    again = command("rerun", "answer.zip")
    assert again.status == 0, again.err
    assert "The same results" in again.out
    file = tmp_path / "answer.zip"
    with zipfile.ZipFile(file) as packed:
        about = json.loads(packed.read("manifest.json"))
        scenario = packed.read("scenarios/pure-network.toml")
    assert about["language"] == "nb"
    assert {"tverretatlig-sim", "code", "numpy"} <= {*about["made_with"]}
    found = command("rerun", str(rewritten(file, {"scenarios/pure-network.toml": scenario + b"\n# altered"})))
    assert found.status == 1
    assert "scenarios/pure-network.toml" in found.err


@pytest.mark.slow
def test_another_result_than_the_archived_one_is_named(command: Command, tmp_path: Path) -> None:
    command("archive", "answer.zip", "run", "pure-network", *SMALL)
    with zipfile.ZipFile("answer.zip") as packed:
        about = json.loads(packed.read("manifest.json"))
    about["command"] = [word.replace("24", "25") for word in about["command"]]
    about["made_with"]["numpy"] = "0.1"
    found = command(
        "rerun", str(rewritten(tmp_path / "answer.zip", {"manifest.json": json.dumps(about).encode()}))
    )
    assert found.status == 1
    assert "not the same" in found.err
    assert "numpy was 0.1" in found.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("archive", "a.zip", "list"), "cannot be archived"),
        (("archive", "a.zip", "run", "pure-network", "--out", "x"), "--out does not go with archive"),
        (("rerun", "own.txt"), "is no archive"),
    ],
)
def test_what_is_no_archive_is_refused(command: Command, words: tuple[str, ...], said: str) -> None:
    Path("own.txt").write_text("nothing", encoding="utf-8")
    found = command(*words)
    assert found.status == 2
    assert said in found.err
    assert not Path("a.zip").exists()
