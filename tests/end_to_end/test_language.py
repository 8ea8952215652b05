"""The command speaks the language it is asked for, wherever it is asked, in all it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tverretatlig_sim.cli.commands import tverretatlig

from .conftest import Command

WHEREVER = {
    "before the command": ("--lang", "nb", "show", "nobody"),
    "after the command": ("show", "nobody", "--lang", "nb"),
    "in the midst": ("show", "--lang", "nb", "nobody"),
    "in one word": ("--lang=nb", "show", "nobody"),
    "twice, the last counts": ("--lang", "en", "show", "nobody", "--lang", "nb"),
}


@pytest.mark.parametrize("arguments", WHEREVER.values(), ids=WHEREVER)
def test_language_is_asked_for_anywhere(arguments: tuple[str, ...], command: Command) -> None:
    result = command(*arguments)
    assert result.status == 2
    assert result.err.startswith('Feil: "nobody": det finnes ikke noe slikt scenario; tillatt: "0-24-2015"')
    assert result.err.endswith("«tverretatlig list» viser alle.\n")


def test_the_environment_asks_unless_the_command_line_does(command: Command) -> None:
    assert command("show", "nobody", TVERRETATLIG_LANG="nb").err.startswith("Feil:")
    assert command("show", "nobody", "--lang", "en", TVERRETATLIG_LANG="nb").err.startswith("Error:")
    assert "see the scenarios" in command(TVERRETATLIG_LANG="").out
    unknown = command(TVERRETATLIG_LANG="norsk")
    assert (unknown.status, unknown.out) == (2, "")
    assert unknown.err == "Error: the variable TVERRETATLIG_LANG is 'norsk'; allowed: en, nb\n"


def test_one_language_does_not_leak_into_the_next(command: Command) -> None:
    english = command("run", "--help").out
    norwegian = command("run", "--help", "--lang", "nb").out
    assert "Bruk: tverretatlig run [VALG] NAVN..." in norwegian
    assert "Show this message and exit." in english
    assert command("run", "--help").out == english
    assert command("run", "--help", "--lang", "nb").out == norwegian


ENGLISH = re.compile(r"\b(the|with|of|and|usage|show|each|default|integer|range|options|commands)\b", re.I)
PATHS = [
    [],
    *([name] for name in tverretatlig.commands),
    *(["study", x] for x in ("run", "analyse", "compact")),
]


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_help_is_norwegian_throughout(path: list[str], command: Command) -> None:
    result = command(*path, "--help", "--lang", "nb")
    assert result.status == 0
    assert "--lang [en|nb]" in result.out
    names = "|".join([*tverretatlig.commands, "default", "evidence.csv", r"--[\w-]+", r"\w+[_-][\w-]+"])
    assert ENGLISH.findall(re.sub(rf"\[.*?\]|{names}", "", result.out)) == []


REFUSED = {
    "no command": (("compar",), "Det finnes ingen kommando «compar». Mente du «compare»?"),
    "no option": (("run", "--rnus", "3"), "Det finnes ikke noe valg --rnus"),
    "no argument": (("run",), "Mangler argumentet 'NAVN...'"),
    "decimal comma": (("run", "x", "--until", "0,01"), "skriv desimalpunktum: 0.01"),
    "too many arguments": (("show", "a", "b"), "Ett argument for mye (b)"),
    "set": (("run", "0-24-2018", "--set", "attention_level=2"), "er 2; tillatt: et tall fra 0 til 1 andel"),
    "seed": (("run", "0-24-2018", "--seed", "9" * 20), "må være et heltall fra 0 til 18446744073709551615"),
    "no html": (("report", "pure-network", "0-24-2018", "--out", "a.pdf"), "Prøv «--out a.html»."),
    "no store": (("study", "status", "study.toml"), "studiefil kan inneholde"),
    "no pattern": (("patterns", "nope"), "det finnes ikke noe mønster 'nope'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_norwegian(case: str, command: Command) -> None:
    arguments, said = REFUSED[case]
    result = command(*arguments, "--lang", "nb")
    assert (result.status, result.out) == (2, "")
    assert said in result.err.replace("'--rnus'", "--rnus")  # newer click quotes it
    assert "Feil:" in result.err
    assert "Error" not in result.err


def test_a_faulty_file_in_norwegian(command: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("months = 1,5", encoding="utf-8")
    result = command("validate", "mine.toml", "--lang", "nb")
    assert "er ikke gyldig TOML («Expected newline" in result.err
    assert "skriv tall med desimalpunktum: 1.5\ndocs/how-to/scenarios.md" in result.err


def test_problems_notes_and_progress_are_in_the_language(command: Command) -> None:
    problems = command("validate", "nobody.toml", "--json", "--lang", "nb").json["problems"]
    assert [problem["what"] for problem in problems] == ["filen finnes ikke"]
    swapped = ("run", "0-24-2018", "--portfolio", "ny-giv-2010", "--runs", "2", "--months", "3")
    said = command(*swapped, "--lang", "nb").err
    assert "Merknad til 0-24-2018/portfolio=ny-giv-2010: " in said
    assert "Simulert 2 av 2 kjøringer" in said
