"""A Python file of one's own, named on the command line, is known to the commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Command

MINE = """\
import tverretatlig_sim as ts


def calm(state, world, parameters, draws, month):
    return {"attention": 0.0 * state.attention}


@ts.outcome("level", "more")
def attention_end(s):
    return s.state.attention.mean(axis=0)


ts.use(ts.RULES.replace("attention_returns", calm))
ts.use(ts.load_lever({
    "name": "my-lever", "title": {"en": "Mine", "nb": "Min"}, "source": "me", "evidence": "advice",
    "meaning": {"en": "Faster", "nb": "Raskere"},
    "change": [{"what": "forum[all].cadence", "how": "multiply", "amount": 0.5}],
}))
"""
STUDY = """\
arrangements = ["0-24-2018"]
runs = 4
months = 6
design = { kind = "grid" }
record = { outcomes = ["attention_end"] }
"""
FEW = ("--runs", "4", "--months", "6", "--module", "mine.py")


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    (tmp_path / "mine.toml").write_text(STUDY, encoding="utf-8")


def test_rules_outcomes_and_levers_of_a_module(command: Command) -> None:
    found = command("compare", "0-24-2018", "0-24-2018+my-lever", *FEW, "--json")
    assert found.status == 0, found.err
    assert "attention_end" in found.out
    assert "my-lever" in command("levers", "--module", "mine.py").out
    named = command("compare", "0-24-2018", "0-24-2015", *FEW)
    assert named.status == 0
    assert any("mine" in path.name for path in Path("results").iterdir())


def test_a_study_with_a_module_and_its_advice(command: Command) -> None:
    done = command("study", "run", "mine.toml", "--module", "mine.py", "--workers", "1")
    assert done.status == 0, done.err
    assert "study show mine.toml --module mine.py" in done.words
    assert "attention_end" in command("study", "show", "mine.toml", "--module", "mine.py").out
    Path("mine.py").write_text(MINE.replace("0.0 *", "0.1 *"), encoding="utf-8")
    other = command("study", "run", "mine.toml", "--module", "mine.py", "--workers", "1")
    assert other.status == 2
    assert "holds results of" in other.err


def test_faults_of_a_module_are_one_sentence(command: Command, refuses: Callable[..., None]) -> None:
    run = ("run", "0-24-2018", *FEW[:4])
    refuses("none.py: no such Python file", *run, "--module", "none.py")
    Path("bad.py").write_text("1 / 0\n", encoding="utf-8")
    refuses("bad.py: cannot be run: ZeroDivisionError", *run, "--module", "bad.py")
    Path("late.py").write_text(MINE.replace("0.0 *", "state.nothing *"), encoding="utf-8")
    refuses(
        "late.py, line 5: AttributeError: there is no state variable nothing", *run, "--module", "late.py"
    )
