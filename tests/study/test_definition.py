"""Study files: what is wrong is said with file, place, what and what is allowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tverretatlig_sim import ScenarioError, load_scenario, load_study, study_of

from .studies import TABLE, tiny

HEAD = 'arrangements = ["pure-network"]\n[design]\nkind = "grid"\n'


def complaints(**changes: Any) -> list[str]:
    """Problems of the tiny study, changed."""
    with pytest.raises(ScenarioError) as caught:
        tiny(**changes)
    return [str(problem) for problem in caught.value.problems]


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(HEAD + "[parameters]\nturnover = [0.0, 0.1]\n", encoding="utf-8")
    study = load_study(tmp_path / "mine.toml")
    assert study.name == "mine"
    assert (study.runs, study.seed) == (50, 1)
    assert study.months == load_scenario("pure-network").default_months
    assert list(study.scenarios) == ["pure-network"]
    assert len(study.points) == 2


LINE_DROP: list[tuple[Any, str]] = [
    (1.5, "parameters, line_drop: is 1.5; allowed: a number from 0 to 1"),
    ([0.1, -1], "parameters, line_drop: is -1; allowed: a number from 0 to 1"),
    ([], "is empty or holds more than numbers"),
    ([0.1, 0.1], "line_drop: is given more than once"),
    (10**400, "line_drop: is a huge whole number; allowed: a number from"),
    ({"low": 0.0, "high": 10**400}, "high: is "),
    ("little", 'is "little"; allowed: a number, a list of numbers'),
    ({"low": 0.1}, "parameters, line_drop, high: is missing"),
    ({"low": 0.2, "high": 0.1}, "high: is 0.1; allowed: a number above low"),
    ({"low": 0.0, "high": 2.0}, "high: is 2; allowed: a number from 0 to 1"),
    ({"low": 0.0, "high": 0.1, "distribution": "log-uniform"}, "low: is 0; allowed: a number above 0"),
    (
        {"low": 0.0, "high": 0.1, "distribution": "triangular"},
        "mode: is missing; a triangular distribution needs it",
    ),
    ({"low": 0.0, "high": 0.1, "mode": 0.05}, 'mode: does not go with the distribution "uniform"'),
]
"""What is given for that parameter, and what is said."""
DESIGN: list[tuple[Any, str]] = [
    ({"kind": "gird"}, 'study: design, kind: is the text "gird"; allowed: "grid", '),
    ({"kind": "gird"}, 'did you mean "grid"?'),
    ({"kind": "sobol"}, 'points: is missing; a design of the kind "sobol" needs it'),
    ({"kind": "sobol", "points": 4, "levels": 2}, 'levels: does not go with the kind "sobol"'),
    ({"kind": "saltelli", "base": 100}, "base: is 100; allowed: a power of 2; try 128"),
    ({"kind": "list"}, 'parameter "turnover" needs a list of values'),
    ({"kind": "list", "file": "x.csv"}, "gives the points, but line_drop, turnover vary too"),
]
"""What is given as the design."""
FAULTS: list[tuple[Any, str]] = [
    ({"arangements": []}, 'study: arangements: unknown key; allowed: "arrangements", "cross", '),
    ({"arrangements": ["pure-netwrok"]}, 'there is no such scenario; allowed: "0-24-2015", '),
    ({"arrangements": ["pure-netwrok"]}, 'did you mean "pure-network"?'),
    (
        {"arrangements": ["pure-network+luck"]},
        'arrangement "pure-network", with luck: there is no such lever',
    ),
    ({"arrangements": ["pure-network"] * 2}, 'arrangement "pure-network": is given more than once'),
    ({"runs": 0}, "study: runs: is 0; allowed: at least 1"),
    ({"design": {"kind": "grid", "levels": 10**6}, "parameters": {"*": "evidence"}}, "at most 10000000"),
    ({"parameters": {"line_dorp": 0.1}}, 'parameters, line_dorp: unknown parameter; allowed: "'),
    ({"parameters": {"line_dorp": 0.1}}, 'did you mean "line_drop"?'),
    ({"numbers": "single"}, "numbers: unknown key"),
    ({"parameters": {"*": "everything"}}, 'parameters, "*": is "everything"; allowed: "evidence"'),
    ({"parameters": 3}, "parameters: is 3; allowed: a table"),
    ({"record": {"outcomes": ["happiness"]}}, 'record, outcomes, "happiness": unknown outcome; allowed: "'),
    ({"parameters": {}, "design": {"kind": "sobol", "points": 4}}, 'none varies, but "sobol" needs one'),
]
"""What else is given."""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        *FAULTS,
        *(({"design": given}, said) for given, said in DESIGN),
        *(({"parameters": {"line_drop": given}}, said) for given, said in LINE_DROP),
    ],
)
def test_faults_are_explained(changes: dict[str, Any], said: str) -> None:
    found = complaints(**changes)
    assert any(said in problem for problem in found), found


def test_all_faults_are_said_at_once() -> None:
    found = complaints(runs=0, parameters={"line_drop": 7, "turnoverr": 1})
    assert len(found) == 3


def test_levers_and_swaps_make_arrangements() -> None:
    study = study_of(
        {
            **TABLE,
            "arrangements": ["pure-network", "0-24-2018+stronger-secretariat"],
            "levers": ["stable-staffing"],
            "swaps": {"portfolio": "0-24-2015"},
        }
    )
    assert list(study.scenarios) == [
        "pure-network/portfolio=0-24-2015+stable-staffing",
        "0-24-2018/portfolio=0-24-2015+stable-staffing+stronger-secretariat",
    ]


def test_arrangements_cross_with_alternatives() -> None:
    study = tiny(
        arrangements=["pure-network", "0-24-2018"],
        cross={"levers": ["", "stable-staffing"], "portfolio": ["", "0-24-2018"]},
    )
    assert list(study.scenarios) == [
        "pure-network",
        "pure-network/portfolio=0-24-2018",
        "pure-network+stable-staffing",
        "pure-network/portfolio=0-24-2018+stable-staffing",
        "0-24-2018",
        "0-24-2018+stable-staffing",
    ]
    assert [str(note).rpartition(": ")[2] for note in study.notes] == [
        'the same as "0-24-2018"',
        'the same as "0-24-2018+stable-staffing"',
    ]


def test_alternatives_that_do_not_fit_are_left_out_with_a_note() -> None:
    study = tiny(arrangements=["0-24-2015"], cross={"levers": ["", "simpler-structure"]})
    assert list(study.scenarios) == ["0-24-2015"]
    (note,) = study.notes
    assert str(note).startswith('left out: arrangement "0-24-2015", with simpler-structure: ')
    assert "changes nothing here" in str(note)


def test_alternatives_that_do_not_exist_are_faults() -> None:
    (problem,) = complaints(arrangements=["pure-network"], cross={"levers": ["", "luck"]})
    assert "there is no such lever" in problem


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    own = "\n".join(['arrangement = "pure-network"', 'portfolio = "0-24-2015"', 'letters = "pure-network"'])
    (tmp_path / "own.toml").write_text(f'start = "2015-01"\n{own}\n', encoding="utf-8")
    (tmp_path / "study.toml").write_text(HEAD.replace("pure-network", "own.toml"), encoding="utf-8")
    assert list(load_study(tmp_path / "study.toml").scenarios) == ["own"]


def test_where_a_scenario_lies_does_not_change_a_study(tmp_path: Path) -> None:
    from tverretatlig_sim.scenario.files import shipped_folder

    text = (shipped_folder() / "pure-network.toml").read_text(encoding="utf-8")
    digests = []
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pure-network.toml").write_text(text, encoding="utf-8")
        study = study_of({**TABLE, "arrangements": ["./pure-network.toml"]}, tmp_path / name)
        digests.append(study.digest)
    assert digests[0] == digests[1] == tiny(arrangements=["pure-network"]).digest


def test_a_study_is_another_if_a_scenario_changes() -> None:
    assert tiny(levers=["stable-staffing"]).digest != tiny().digest
    assert tiny().changed(runs=6).digest != tiny().digest


@pytest.mark.parametrize("name", ["example", "screening"])
def test_the_shipped_studies_are_valid(name: str) -> None:
    study = load_study(Path(__file__).parents[2] / "experiments" / f"{name}.toml")
    assert study.title
    assert not study.notes
