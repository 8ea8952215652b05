"""What cannot be done is refused with a message: no traceback, nothing written, status 2."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Command

PAIR = ("0-24-2018", "dfo-simplified")
REFUSED = {
    "unknown scenario": (("compare", "0-24-2018", "dfo-simplifed"), 'did you mean "dfo-simplified"'),
    "no such file": (("compare", "0-24-2018", "mine.toml"), "there is no such file"),
    "a name no file can have": (("show", "x" * 5000), "there is no such scenario"),
    "one scenario": (("compare", "0-24-2018"), "at least two scenarios"),
    "none": (("compare",), "NAME"),
    "the same twice": (("compare", "0-24-2018", "0-24-2018"), "more than once: 0-24-2018"),
    "the same twice in a run": (("run", "0-24-2018", "0-24-2018"), "more than once"),
    "no runs": (("compare", *PAIR, "--runs", "0"), "--runs"),
    "too many runs": (("compare", *PAIR, "--runs", "99999999999"), "runs"),
    "no precision": (("compare", *PAIR, "--until", "0"), "--until"),
    "precision of nothing": (("run", "0-24-2018", "--until", "nan"), "until"),
    "until and robust": (("compare", *PAIR, "--until", "0.1", "--robust"), "does not go with --robust"),
    "half a run": (("compare", *PAIR, "--runs", "2.5"), "--runs"),
    "no months": (("compare", *PAIR, "--months", "-1"), "--months"),
    "too many months": (("compare", *PAIR, "--months", "601"), "months"),
    "negative seed": (("run", "0-24-2018", "--seed", "-1"), "--seed"),
    "huge seed": (("run", "0-24-2018", "--seed", str(2**64)), "seed"),
    "unknown language": (("list", "--lang", "sv"), "'en', 'nb'"),
    "unknown command": (("comapre", *PAIR), "Did you mean “compare”?"),
    "unknown option": (("run", "0-24-2018", "--rnus", "3"), "--rnus"),
    "set without value": (("run", "0-24-2018", "--set", "attention_level"), "parameter=value"),
    "set without name": (("run", "0-24-2018", "--set", "=0.5"), "parameter=value"),
    "unknown parameter": (
        ("run", "0-24-2018", "--set", "atention_level=0.5"),
        'did you mean "attention_level"',
    ),
    "decimal comma": (("run", "0-24-2018", "--set", "attention_level=0,5"), "decimal point: 0.5"),
    "no number": (("run", "0-24-2018", "--set", "attention_level=high"), '"high" is not a number'),
    "nan": (("run", "0-24-2018", "--set", "attention_level=nan"), "not a number"),
    "inf": (("run", "0-24-2018", "--set", "attention_level=inf"), "not a number"),
    "beyond all numbers": (("run", "0-24-2018", "--set", "attention_level=1e999"), "from 0 to 1"),
    "huge": (("run", "0-24-2018", "--set", "attention_level=1e308"), "from 0 to 1"),
    "set twice": (
        ("run", "0-24-2018", "--set", "attention_level=0", "--set", "attention_level=1"),
        "more than once",
    ),
    "empty folder name": (("run", "0-24-2018", "--out", ""), "--out"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str, command: Command, tmp_path: Path) -> None:
    arguments, said = REFUSED[case]
    result = command(*arguments)
    assert result.status == 2
    assert said in result.err
    assert "Traceback" not in result.err
    assert len(result.err) < 2000
    assert result.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("case", ["unknown scenario", "unknown command", "nan", "too many months"])
def test_refused_in_a_process_of_its_own(case: str, process: Command, tmp_path: Path) -> None:
    """As above: these are refused by the loader, by the command line, by an option, and by the simulation."""
    arguments, said = REFUSED[case]
    result = process(*arguments)
    assert (result.status, result.out) == (2, "")
    assert said in result.err
    assert "Traceback" not in result.err
    assert list(tmp_path.iterdir()) == []


def test_all_faults_of_all_settings_are_told_at_once(command: Command) -> None:
    result = command(
        "run", "0-24-2018", "--set", "atention_level=1", "--set", "attention_noise=0,1", "--set", "x"
    )
    assert all(word in result.err for word in ("atention_level", "attention_noise", '"x"'))
    assert "list --parameters" in result.err


@pytest.mark.parametrize("below", ["taken", "taken/deeper"])
def test_a_file_where_the_folder_should_be(command: Command, tmp_path: Path, below: str) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    result = command("compare", *PAIR, "--runs", "2", "--out", below)
    assert result.status == 2
    assert "is not a folder" in result.err
    assert "--out" in result.err
    assert "Simulated" not in result.err  # found before any time was spent
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"
