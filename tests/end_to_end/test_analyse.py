"""The command ``study analyse``: what matters in a study that has been run."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tverretatlig_sim.show.analyses import discovery_sentence
from tverretatlig_sim.show.labels import LANGUAGES
from tverretatlig_sim.study.analysis import Discovery

from .conftest import Command

STUDY = """
arrangements = ["pure-network", "pure-hierarchy"]
runs = 3
months = 8

[parameters]
adoption_pace = "evidence"
turnover = "evidence"

[design]
kind = "saltelli"
base = 32

[record]
outcomes = ["trust_mean", "implemented_rate"]
replicates = true
"""


@pytest.fixture
def finished(command: Command, tmp_path: Path) -> Command:
    """A study that has been run, and the command to ask about it."""
    (tmp_path / "tiny.toml").write_text(STUDY, encoding="utf-8")
    assert command("study", "run", "tiny.toml", "--workers", "1").status == 0
    return command


def test_a_finished_study_is_analysed(finished: Command, tmp_path: Path) -> None:
    ask = ("study", "analyse", "tiny.toml", "--outcome", "trust_mean")
    document = finished(*ask, "--json", "--out", "out").json
    assert {row["of"] for row in document["noise"]} == {
        "pure-network",
        "pure-hierarchy",
        "pure-network − pure-hierarchy",
    }
    assert {row["luck"] for row in document["noise"]} == {"known"}
    assert {row["order"] for row in document["sobol"]} == {"first", "total"}
    assert len(document["discover"]) == 1
    table = pd.read_csv(tmp_path / "out" / "sobol.csv")
    assert table["index"].tolist() == pytest.approx([row["index"] for row in document["sobol"]])
    assert len(list((tmp_path / "out").glob("sobol-*.png"))) == 3
    printed = finished(*ask, "--lang", "nb")
    assert printed.status == 0
    assert "Andel av variansen (Sobol)" in printed.out


def test_what_cannot_be_analysed_is_refused_or_left_out(finished: Command) -> None:
    ask = ("study", "analyse", "tiny.toml")
    refusals = {
        ("--outcome", "nonsense"): "was not recorded; allowed: trust_mean, implemented_rate",
        ("--morris", "--outcome", "trust_mean"): "no whole Morris design",
    }
    for options, said in refusals.items():
        result = finished(*ask, *options)
        assert (result.status, result.out) == (2, "")
        assert said in result.err
    undefined = finished(*ask)  # the rate is not defined after 8 months
    assert undefined.status == 2
    assert "defined at 0 of" in undefined.err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sentences_follow_the_numbers(lang: str) -> None:
    limits = pd.DataFrame(
        {"factor": ["turnover"], "low": [0.03], "high": [float("inf")], "range_low": [0.0], "range_high": [0.1]}
    )
    clear = Discovery("A", "B", "trust_mean", 200, 60, limits, 60, 50)
    said = discovery_sentence(clear, lang)  # type: ignore[arg-type]
    assert "turnover" in said
    assert "83 %" in said  # 50 of 60
    assert "30 %" in said  # 60 of 200
    vague = Discovery("A", "B", "trust_mean", 200, 60, limits, 60, 20)
    assert not vague.found
    assert "turnover" not in discovery_sentence(vague, lang)  # type: ignore[arg-type]
