"""The command speaks the language it is asked for, wherever it is asked, in all it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from tverretatlig_sim.cli.commands import tverretatlig

from .conftest import Command, Result

PAIR = ("0-24-2018", "dfo-simplified")
Spoken = Callable[..., Result]


@pytest.fixture
def spoken(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spoken:
    """Run the command in this process, in the test's own folder; many cases would take long otherwise."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TVERRETATLIG_LANG", raising=False)

    def run(*arguments: str) -> Result:
        status = 0
        try:
            tverretatlig.main(list(arguments), prog_name="tverretatlig", standalone_mode=False)
        except click.ClickException as error:
            error.show()
            status = error.exit_code
        return Result(status, *capsys.readouterr())

    return run


WHEREVER = {
    "before the command": ("--lang", "nb", "show", "nobody"),
    "after the command": ("show", "nobody", "--lang", "nb"),
    "in the midst": ("show", "--lang", "nb", "nobody"),
    "in one word": ("--lang=nb", "show", "nobody"),
    "twice, the last counts": ("--lang", "en", "show", "nobody", "--lang", "nb"),
}


@pytest.mark.parametrize("arguments", WHEREVER.values(), ids=WHEREVER)
def test_language_is_asked_for_anywhere(arguments: tuple[str, ...], spoken: Spoken) -> None:
    result = spoken(*arguments)
    assert result.status == 2
    assert result.err.startswith('Feil: "nobody": det finnes ikke noe slikt scenario; tillatt: "0-24-2015"')
    assert result.err.endswith("«tverretatlig list» viser alle.\n")


def test_language_by_the_environment(process: Command) -> None:
    result = process("show", "nobody", TVERRETATLIG_LANG="nb")
    assert result.err.startswith('Feil: "nobody": det finnes ikke noe slikt scenario')


def test_the_command_line_comes_before_the_environment(command: Command) -> None:
    assert command("show", "nobody", "--lang", "en", TVERRETATLIG_LANG="nb").err.startswith("Error:")


def test_an_unknown_language_in_the_environment(command: Command) -> None:
    result = command(TVERRETATLIG_LANG="norsk")
    assert (result.status, result.out) == (2, "")
    assert result.err == "Error: the variable TVERRETATLIG_LANG is 'norsk'; allowed: en, nb\n"


def test_an_empty_variable_is_none(command: Command) -> None:
    assert "see the scenarios" in command(TVERRETATLIG_LANG="").out


def test_greeting(spoken: Spoken) -> None:
    assert "et eget scenario" in spoken("--lang", "nb").out
    assert "a scenario of your own" in spoken().out


def test_one_language_does_not_leak_into_the_next(spoken: Spoken) -> None:
    english = spoken("run", "--help").out
    norwegian = spoken("run", "--help", "--lang", "nb").out
    assert "Bruk: tverretatlig run [VALG] NAVN..." in norwegian
    assert spoken("run", "--help").out == english
    assert "Show this message and exit." in english
    assert spoken("run", "--help", "--lang", "nb").out == norwegian


ENGLISH = re.compile(r"\b(the|with|of|and|usage|show|each|default|integer|range|options|commands)\b", re.I)


@pytest.mark.parametrize(
    "path",
    [
        [],
        *([name] for name in tverretatlig.commands),
        ["study", "run"],
        ["study", "analyse"],
        ["study", "compact"],
    ],
    ids=" ".join,
)
def test_help_is_norwegian_throughout(path: list[str], spoken: Spoken) -> None:
    result = spoken(*path, "--help", "--lang", "nb")
    assert result.status == 0
    assert "--lang [en|nb]" in result.out
    names = "|".join([*tverretatlig.commands, "default", "evidence.csv", r"--[\w-]+", r"\w+[_-][\w-]+"])
    left = ENGLISH.findall(re.sub(rf"\[.*?\]|{names}", "", result.out))
    assert left == []


REFUSED = {
    "no command": (("compar",), "Det finnes ingen kommando «compar». Mente du «compare»?"),
    "no command of study": (("study", "rum"), "Det finnes ingen kommando «rum». Mente du «run»?"),
    "no option": (("run", "--rnus", "3"), "Det finnes ikke noe valg '--rnus'"),
    "no argument": (("run",), "Mangler argumentet 'NAVN...'"),
    "no choice": (("evidence", "x", "--grade", "guess"), "'guess' er ikke blant 'sourced', "),
    "no whole number": (("run", "x", "--runs", "2.5"), "'2.5' er ikke et gyldig tall"),
    "too few": (("run", "x", "--runs", "-2"), "-2 er utenfor området x>=1"),
    "decimal comma": (("run", "x", "--until", "0,01"), "skriv desimalpunktum: 0.01"),
    "empty folder": (("run", "x", "--out", ""), "mappens navn er tomt"),
    "too many arguments": (("show", "a", "b"), "Ett argument for mye (b)"),
    "one scenario": (("compare", "0-24-2018"), "en sammenligning trenger minst to scenarier"),
    "twice": (("run", "0-24-2018", "0-24-2018"), "oppgitt mer enn én gang: 0-24-2018"),
    "set": (("run", "0-24-2018", "--set", "attention_level=2"), "er 2; tillatt: et tall fra 0 til 1 andel"),
    "lever": (("show", "0-24-2018+nope"), "det finnes ikke noe slikt grep"),
    "dial": (("show", "0-24-2018+matrix=2"), 'innstillingen "matrix": er 2; tillatt: et tall fra 0 til 1'),
    "seed": (("run", "0-24-2018", "--seed", "9" * 20), "må være et heltall fra 0 til 18446744073709551615"),
    "until and robust": (
        ("compare", *PAIR, "--until", "1", "--robust"),
        "kan ikke brukes sammen med --robust",
    ),
    "no html": (("report", *PAIR, "--out", "a.pdf"), "Prøv «--out a.html»."),
    "no store": (("study", "status", "study.toml"), "studiefil kan inneholde"),
    "no free name": (("init", "+"), "Tillatt: bokstaver, sifre"),
    "no base": (("init", "new", "--from", "nope"), "det følger ikke med noe scenario med dette navnet"),
    "too few agencies": (("generate", "new", "--agencies", "3"), "må være et heltall fra 13 til 1000000"),
    "no pattern": (("patterns", "nope"), "det finnes ikke noe mønster 'nope'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_norwegian(case: str, spoken: Spoken, tmp_path: Path) -> None:
    arguments, said = REFUSED[case]
    result = spoken(*arguments, "--lang", "nb")
    assert result.status == 2
    assert said in result.err
    assert "Feil:" in result.err
    assert "Error" not in result.err
    assert result.out == ""
    assert list(tmp_path.iterdir()) == []


FILES = {
    "nothing": ("", "mine.toml: start: mangler"),
    "latin-1": (
        "name = «æ»".encode("latin-1"),
        "er ikke UTF-8-tekst (byte 8); lagre filen med tegnkodingen UTF-8",
    ),
    "twice": (
        'name = "a"\nname = "b"',
        "er ikke gyldig TOML («Cannot overwrite a value»); en nøkkel eller tabell kan bare stå én",
    ),
    "a table twice": (
        "[actors]\n[actors]",
        "er ikke gyldig TOML («Cannot declare ('actors',) twice»); en nøkkel eller tabell kan",
    ),
    "decimal comma": ("months = 1,5", "after a statement»); skriv tall med desimalpunktum: 1.5"),
    "quotation marks of a text program": ("start = “2022-01”", 'skriv rette anførselstegn ("), ikke “'),
    "a space of a web page": ("start\u00a0= 1", "et mellomrom i denne linjen er av et spesielt slag"),
    "a date": (
        "start = 2022-01-01",
        'start: er datoen 2022-01-01; tillatt: en måned i anførselstegn: "2022-01"',
    ),
    "unknown key": ('starrt = "2022-01"', 'starrt: ukjent nøkkel; tillatt: "actors", '),
    "no number": ("months = nan", "months: er nan; tillatt: et heltall fra 1 til 600 måneder"),
    "no part": ('portfolio = "dfo"', 'portfolio: finner ikke porteføljen "dfo"; tillatt: "0-24-2015", '),
}


@pytest.mark.parametrize("case", FILES)
def test_a_faulty_file_in_norwegian(case: str, spoken: Spoken, tmp_path: Path) -> None:
    content, said = FILES[case]
    data = content if isinstance(content, bytes) else content.encode()
    (tmp_path / "mine.toml").write_bytes(data)
    result = spoken("validate", "mine.toml", "--lang", "nb")
    assert result.status == 2
    assert said in result.err
    assert "docs/how-to/scenarios.md" in result.err


def test_a_folder_is_asked_about(spoken: Spoken, tmp_path: Path) -> None:
    assert spoken("init", "mine").status == 0
    assert 'er en mappe, ikke en fil; mente du "mine/mine.toml"?' in spoken("run", "mine", "--lang", "nb").err


def test_a_file_in_the_way_of_a_new_scenario(spoken: Spoken, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    for command in ("init", "generate"):
        result = spoken(command, "taken")
        assert result.status == 2
        assert result.err.endswith("Give the name of a new folder.\n")


def test_faults_of_a_module_are_no_traceback(spoken: Spoken, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("1 / 0\n", encoding="utf-8")
    result = spoken("patterns", "--module", "mine.py", "--lang", "nb")
    assert result.status == 2
    assert "mine.py: kan ikke kjøres: ZeroDivisionError: division by zero" in result.err


def test_problems_as_json_are_in_the_language(command: Command) -> None:
    problems = command("validate", "nobody.toml", "--json", "--lang", "nb").json["problems"]
    assert [problem["what"] for problem in problems] == ["filen finnes ikke"]


def test_notes_and_progress(spoken: Spoken) -> None:
    arguments = ("run", "0-24-2018", "--portfolio", "ny-giv-2010", "--runs", "2", "--months", "3")
    result = spoken(*arguments, "--lang", "nb")
    assert result.status == 0
    assert "Merknad til 0-24-2018/portfolio=ny-giv-2010: prosjekter der lederen ikke er med her" in result.err
    assert "Simulert 2 av 2 kjøringer" in result.err
