"""What cannot be done is refused with a message: no traceback, nothing printed or written, status 2."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tverretatlig_sim.cli.base import Command as ClickCommand

from .conftest import Command

Refuses = Callable[..., None]
NAME, LEVER = "0-24-2018", "line-calibration"
PAIR = (NAME, "dfo-simplified")
ALIKE = ("etatssamarbeidet-2022", "etatssamarbeidet-2023")
LEVEL = "attention_level"

REFUSED = {
    "unknown scenario": (("compare", NAME, "dfo-simplifed"), 'did you mean "dfo-simplified"'),
    "no such file": (("compare", NAME, "mine.toml"), "there is no such file"),
    "a name no file can have": (("show", "x" * 5000), "there is no such scenario"),
    "one scenario": (("compare", NAME), "at least two scenarios"),
    "none": (("compare",), "NAME"),
    "one too few to explain": (("explain", NAME), "Missing argument 'B'"),
    "one too many to report": (("report", *PAIR, "pure-network"), "unexpected extra argument"),
    "the same twice": (("compare", NAME, NAME), f"more than once: {NAME}"),
    "the same twice by a lever": (("compare", NAME, f"{NAME}+{LEVER}", "--with", LEVER), "more than once"),
    "the same twice to report": (("report", NAME, NAME), "given more than once"),
    "no runs": (("compare", *PAIR, "--runs", "0"), "--runs"),
    "too many runs": (("compare", *PAIR, "--runs", "99999999999"), "runs"),
    "half a run": (("compare", *PAIR, "--runs", "2.5"), "--runs"),
    "no precision": (("compare", *PAIR, "--until", "0"), "--until"),
    "precision of nothing": (("run", NAME, "--until", "nan"), "--until"),
    "precision in percent": (("compare", *PAIR, "--until", "1"), "0<x<0.5"),
    "smallest in percent": (("compare", *PAIR, "--robust", "--smallest", "5"), "0<=x<1"),
    "smallest alone": (("compare", *PAIR, "--smallest", "0.02"), "--smallest goes with --robust"),
    "until and robust": (("compare", *PAIR, "--until", "0.1", "--robust"), "does not go with --robust"),
    "too many months": (("compare", *PAIR, "--months", "601"), "months"),
    "negative seed": (("run", NAME, "--seed", "-1"), "--seed"),
    "huge seed": (("run", NAME, "--seed", str(2**64)), "seed"),
    "unknown language": (("list", "--lang", "sv"), "'en', 'nb'"),
    "unknown command": (("comapre", *PAIR), "Did you mean “compare”?"),
    "unknown option": (("run", NAME, "--rnus", "3"), "--rnus"),
    "unknown outcome": (("explain", *ALIKE, "--outcome", "trust"), "did you mean"),
    "set without value": (("run", NAME, "--set", LEVEL), "parameter=value"),
    "set without name": (("run", NAME, "--set", "=0.5"), "parameter=value"),
    "unknown parameter": (("run", NAME, "--set", "atention_level=0.5"), f'did you mean "{LEVEL}"'),
    "decimal comma": (("run", NAME, "--set", f"{LEVEL}=0,5"), "decimal point: 0.5"),
    "no number": (("run", NAME, "--set", f"{LEVEL}=high"), '"high" is not a number'),
    "nan": (("run", NAME, "--set", f"{LEVEL}=nan"), "not a number"),
    "beyond all numbers": (("run", NAME, "--set", f"{LEVEL}=1e999"), "not a number"),
    "huge": (("run", NAME, "--set", f"{LEVEL}=1e308"), "from 0 to 1"),
    "set twice": (("run", NAME, "--set", f"{LEVEL}=0", "--set", f"{LEVEL}=1"), "more than once"),
    "empty folder name": (("run", NAME, "--out", ""), "the name of the folder is empty"),
    "unknown lever": (("run", NAME, "--with", "line-calibraton"), f'did you mean "{LEVER}"'),
    "unknown lever of one scenario": (("show", f"{NAME}+line-calibraton"), f'did you mean "{LEVER}"'),
    "unknown lever to show": (("levers", "fresh-mony"), 'did you mean "fresh-money"'),
    "no lever after the plus": (("show", f"{NAME}+"), "there is no such lever"),
    "unknown scenario with a lever": (("show", f"0-24-2019+{LEVER}"), "there is no such scenario"),
    "contradiction": (
        ("run", "etatssamarbeidet-2023", "--with", "core-only-forum,simpler-structure"),
        'levers "core-only-forum" and "simpler-structure": contradict each other',
    ),
    "cannot be pulled": (("run", "pure-hierarchy", "--with", "stronger-secretariat"), "no forum that a secr"),
    "changes nothing": (("run", "dfo-simplified", "--with", "specific-mandate"), "changes nothing here"),
    "unknown portfolio": (("run", NAME, "--portfolio", "dfo-simplifed"), 'did you mean "dfo-simplified"'),
    "dial without value": (("run", NAME, "--dial", "matrix"), "must be dial=value"),
    "dial with a comma": (("run", NAME, "--dial", "matrix=0,5"), "write a decimal point: matrix=0.5"),
    "dial out of range": (("run", NAME, "--dial", "matrix=2"), "a number from 0 to 1"),
    "unknown dial": (("run", NAME, "--dial", "matrx=0.5"), 'did you mean "matrix"'),
    "dial twice": (("run", NAME, "--dial", "matrix=0.5,matrix=0.7"), "more than once"),
    "unknown dial to show": (("dials", "matrx"), 'did you mean "matrix"'),
    "a name no folder can have": (("init", "bad name"), "cannot have this name"),
    "a folder that is none": (("generate", ".."), "cannot have this name"),
    "unknown base": (("init", "mine", "--from", "0-24-2081"), f'did you mean "{NAME}"'),
    "too few agencies": (("generate", "big", "--agencies", "3"), "must be a whole number from 13 to 1000000"),
    "too large a file": (("generate", "big", "--agencies", "1500"), "at most 1 MB can be read again"),
    "unknown pattern": (("patterns", "core-gives-mor"), "did you mean 'core-gives-more'"),
    "no module": (("patterns", "--module", "none.py"), "no such Python file"),
    "too few sets": (("patterns", "--sets", "1"), "1 is not in the range"),
    "unknown part to turn": (("search", NAME, "--turn", "colour"), "has no dial colour; allowed: portfolio"),
    "unknown gain": (("search", NAME, "--gain", "joy", "--out", "found"), "no outcome 'joy'"),
    "brief that is no page": (("brief", *PAIR, "--out", "r.pdf"), "must end in one of .html"),
    "report that is no page": (("report", *PAIR, "--out", "r.pdf"), "must end in one of .html"),
    "unknown study": (("study", "show", "nothing.toml"), "no such file"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str, refuses: Refuses) -> None:
    arguments, said = REFUSED[case]
    refuses(said, *arguments)


def test_all_faults_of_all_settings_are_told_at_once(command: Command) -> None:
    wrong = ("atention_level=1", "attention_noise=0,1", "x")
    result = command("run", NAME, *(word for setting in wrong for word in ("--set", setting)))
    assert all(word in result.err for word in ("atention_level", "attention_noise", '"x"'))
    assert result.err.splitlines()[0] == "Error:"
    assert "list --parameters" in result.err


@pytest.mark.parametrize("below", ["taken", "taken/deeper"])
def test_a_file_where_the_folder_should_be(refuses: Refuses, tmp_path: Path, below: str) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    # Found before any time was spent: there would be progress in the message.
    refuses(
        "is not a folder\nGive another folder with --out.\n", "compare", *PAIR, "--runs", "2", "--out", below
    )
    refuses("Give the name of a new folder.", "init", "taken")
    refuses("Give the name of a new folder.", "generate", "taken")
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"


def test_folders_in_the_way(refuses: Refuses, tmp_path: Path) -> None:
    for name in ("mine", "r.html"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "notes.txt").write_text("kept", encoding="utf-8")
    refuses("not empty", "init", "mine")
    refuses("is a folder", "report", *PAIR, "--out", "r.html")
    refuses("is a folder, not a file", "run", "mine")


def test_faults_of_a_module_are_no_traceback(refuses: Refuses, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("1 / 0\n", encoding="utf-8")
    refuses("mine.py: cannot be run: ZeroDivisionError", "patterns", "--module", "mine.py")


def test_a_fault_of_the_program_is_not_taken_for_one_of_the_user() -> None:
    def fails() -> None:
        raise ValueError("operands could not be broadcast together")

    with pytest.raises(ValueError, match="broadcast"):
        ClickCommand("fails", callback=fails).main([], standalone_mode=False)
