"""The first minutes: a scenario of one's own, and the Tab key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tverretatlig_sim import list_scenarios, load_scenario, simulate
from tverretatlig_sim.i18n import LANGUAGES
from tverretatlig_sim.show.starter import starter

from .conftest import Command

SUGGESTION = re.compile(r"^# (?=\[\[arrangement|\w+ = (?!\[\[))", re.MULTILINE)
"""The comment sign before a line of TOML that a reader may want to try."""


def test_init_writes_a_scenario_that_runs(command: Command, process: Command, tmp_path: Path) -> None:
    result = process("init", "my-study", "--lang", "nb")
    assert result.status == 0
    assert "tverretatlig compare etatssamarbeidet-2022" in result.out
    file = tmp_path / "my-study" / "my-study.toml"
    base = ("etatssamarbeidet-2022", str(file.relative_to(tmp_path)))
    compared = command("compare", *base, "--runs", "3", "--months", "30", "--json")
    assert compared.status == 0
    assert (
        load_scenario(file).arrangement.follow_up.value != load_scenario(base[0]).arrangement.follow_up.value
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("base", list_scenarios())
def test_every_suggestion_can_be_tried(base: str, tmp_path: Path, lang: str) -> None:
    text = starter("mine", base)
    tried, count = SUGGESTION.subn("", text)
    assert count >= 7
    for version in (text, tried):
        (tmp_path / "mine.toml").write_text(version, encoding="utf-8")
        scenario = load_scenario(tmp_path / "mine.toml")
        assert scenario.default_months == load_scenario(base).default_months
    assert scenario.arrangement.stop_points.value == 3
    assert "FHI" in {agency.name for agency in scenario.agencies}
    assert simulate(scenario, runs=1, months=3, series="none").outcomes["planned"].size == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("bad name",), "cannot have this name"),
        (("..",), "cannot have this name"),
        (("mine", "--from", "0-24-2081"), 'did you mean "0-24-2018"'),
    ],
)
def test_init_refuses(command: Command, tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    result = command("init", *arguments)
    assert (result.status, result.out) == (2, "")
    assert message in result.err
    assert list(tmp_path.iterdir()) == []


def test_init_overwrites_nothing(command: Command, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("kept", encoding="utf-8")
    result = command("init", "mine")
    assert result.status == 2
    assert "not empty" in result.err
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script(process: Command, shell: str) -> None:
    result = process("completion", shell)
    assert result.status == 0
    assert "_TVERRETATLIG_COMPLETE" in result.out


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("tverretatlig comp", "compare"),
        ("tverretatlig run 0-24", "0-24-2018"),
        ("tverretatlig run 0-24-2018+stronger", "0-24-2018+stronger-secretariat"),
        ("tverretatlig run x --with joint-reporting,stronger", "joint-reporting,stronger-secretariat"),
        ("tverretatlig compare 0-24-2018 --portfolio dfo", "dfo-simplified"),
    ],
)
def test_tab_completes(command: Command, words: str, found: str) -> None:
    last = str(len(words.split()) - 1)
    result = command(_TVERRETATLIG_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=last)
    assert f"plain,{found}" in result.out.splitlines()
