"""The command ``study analyse``: what matters in a study that has been run."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from tverretatlig_sim import study_of
from tverretatlig_sim.i18n import LANGUAGES
from tverretatlig_sim.show.studies import discovery_sentence
from tverretatlig_sim.study.analysis import Discovery, analyse

from .conftest import Command

STUDY = """
arrangements = ["pure-network", "0-24-2015"]
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


def test_a_finished_study_is_analysed(command: Command, tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(STUDY, encoding="utf-8")
    assert command("study", "run", "tiny.toml", "--workers", "1").status == 0
    ask = ("study", "analyse", "tiny.toml", "--outcome", "trust_mean")
    document = command(*ask, "--json", "--out", "out").json
    assert {row["of"] for row in document["noise"]} == {
        "pure-network",
        "0-24-2015",
        "pure-network − 0-24-2015",
    }
    assert {row["luck"] for row in document["noise"]} == {"known"}
    assert {row["order"] for row in document["sobol"]} == {"first", "total"}
    assert len(document["discover"]) == 1
    table = pd.read_csv(tmp_path / "out" / "sobol.csv")
    assert table["index"].tolist() == pytest.approx([row["index"] for row in document["sobol"]])
    figures = {path.name for path in (tmp_path / "out").glob("sobol-*.png")}
    assert {"sobol-1-pure-network.png", "sobol-2-0-24-2015.png"} <= figures
    printed = command(*ask, "--lang", "nb")
    assert printed.status == 0
    assert "Andel av variansen (Sobol)" in printed.out
    refused = command(*ask, "--morris")
    assert (refused.status, refused.out) == (2, "")
    assert "no whole Morris design" in refused.err


def test_what_cannot_be_done_is_refused_or_left_out() -> None:
    """8 points are too few for conditions; the rate is not defined after 8 months."""
    study = study_of({**tomllib.loads(STUDY), "design": {"kind": "saltelli", "base": 2}})
    result = study.run()
    found = analyse(result, "trust_mean")
    assert [why for why in map(str, found.left_out) if why.startswith("discover") and "too few" in why]
    assert {"dependence", "convergence"} <= set(found.tables)
    with pytest.raises(ValueError, match="too few"):
        analyse(result, "trust_mean", ["discover"])
    with pytest.raises(ValueError, match="was not recorded; allowed: trust_mean, implemented_rate"):
        analyse(result, "nonsense")
    with pytest.raises(ValueError, match="defined at 0 of 8 points"):
        analyse(result, "implemented_rate")
    alone = study_of({**tomllib.loads(STUDY), "arrangements": ["pure-network"], "runs": 1})
    with pytest.raises(ValueError, match="at least two arrangements"):
        analyse(alone.run(), "trust_mean", ["convergence"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sentences_follow_the_numbers(lang: str) -> None:
    limits = pd.DataFrame(
        {
            "factor": ["turnover"],
            "low": [0.03],
            "high": [float("inf")],
            "range_low": [0.0],
            "range_high": [0.1],
        }
    )
    clear = Discovery("A", "B", "trust_mean", 200, 60, limits, 60, 50, 0.3, 400)
    said = discovery_sentence(clear)  # type: ignore[arg-type]
    assert "turnover" in said
    assert "83 %" in said  # 50 of 60
    assert "30 %" in said
    assert "400" in said
    vague = Discovery("A", "B", "trust_mean", 200, 60, limits, 60, 20, 0.3, 400)
    assert not vague.found
    assert "turnover" not in discovery_sentence(vague)  # type: ignore[arg-type]
