"""The commands in the documents are ones that the program knows; those that take seconds are run, slowly."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from tverretatlig_sim.cli.commands import tverretatlig

from .documents import DOCUMENTS, ROOT, blocks, save_files

COMMAND = re.compile(r"^tverretatlig (.*?)(?:[ \t]{2,}.*|[ \t]+#.*)?$", re.MULTILINE)
"""A command, without what is said about it after two spaces or a #."""

STAND_INS = {"A": "etatssamarbeidet-2023", "B": "etatssamarbeidet-2022", "NAME": "pure-network"}
"""A and B differ in few parts, so that there are few hybrids to explain the difference with."""
CHEAP = {"--runs": "2", "--sets": "2", "--months": "30"}
SLOW = {"app", "archive", "brief", "patterns", "report", "rerun", "retain", "search", "story", "study"}
"""Commands tried in tests of their own."""
LONG = {"barriers"}
"""Commands of which one of a document is tried."""


def commands(document: Path) -> list[list[str]]:
    """The arguments of each command, in order."""
    text = "\n".join(block.text for block in blocks(document) if block.language in ("", "sh", "console"))
    found = [shlex.split(line.replace("\\\n", " ")) for line in COMMAND.findall(text)]
    return [[_with_names(word) for word in words] for words in found]


def _with_names(word: str) -> str:
    scenario, plus, lever = word.partition("+")
    return STAND_INS.get(scenario, scenario) + plus + lever


def parsed(words: list[str]) -> click.Context:
    """The command as the program understands it.

    Raises:
        click.UsageError: it does not.
    """
    with click.Context(tverretatlig) as context:
        name, command, rest = tverretatlig.resolve_command(context, words)
        assert command is not None
        while isinstance(command, click.Group):
            name, command, rest = command.resolve_command(context, rest)
            assert command is not None
        return command.make_context(name, list(rest))


def cheap(words: list[str], command: click.Command) -> list[str]:
    """The same with few runs of few months, at the default parameters, of what differs in few parts."""
    known = {it for one in command.params for it in (*one.opts, *one.secondary_opts)}
    few = [word for option, number in CHEAP.items() if option in known for word in (option, number)]
    if words[0] == "explain":
        words = ["explain", STAND_INS["A"], STAND_INS["B"], *words[3:]]
    return [*words, *few, *({"--no-robust"} & known)]


def test_commands_are_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = [words for document in DOCUMENTS for words in commands(document)]
    for kept in (words[1] for words in found if words[0] == "archive"):
        Path(kept).touch()  # for rerun, which asks for a file that is there
    assert len([parsed(words) for words in found]) > 50


@pytest.mark.slow
@pytest.mark.parametrize("document", [d for d in DOCUMENTS if commands(d)], ids=lambda path: path.stem)
def test_commands_work(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    save_files(document, tmp_path)
    tried = set[str]()
    for words in commands(document):
        if words[0] not in SLOW | (LONG & tried) and "--robust" not in words:
            tried.add(words[0])
            tverretatlig.main(cheap(words, parsed(words).command), standalone_mode=False)
            assert capsys.readouterr().out


def test_a_command_is_found_without_what_is_said_about_it() -> None:
    text = "tverretatlig run A --months 72   one\ntverretatlig list   # all\ntverretatlig show A\n"
    assert COMMAND.findall(text) == ["run A --months 72", "list", "show A"]


def test_the_page_of_commands_has_all_of_them() -> None:
    page = ROOT / "docs" / "commands.md"
    assert {words[0] for words in commands(page)} == set(tverretatlig.commands)


def test_an_unknown_option_is_noticed() -> None:
    with pytest.raises(click.NoSuchOption):
        parsed(["run", "pure-network", "--no-such-option"])
