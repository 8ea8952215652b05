"""What users write: it runs to sensible outcomes, or is refused with a message that says what and where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from choosing import mostly_slow
from tverretatlig_sim import Scenario, ScenarioError, list_scenarios, load_scenario, simulate

Table = dict[str, Any]
Change = Callable[[Table], object]
NAMES = ["Ærfugl-ø 漢字 🙂", "a'b\"c", "x" * 120, "  A  b ", "e\u0301", "<i>x</i>", "a/b", "a+b=c,d", "..",
         "%s{0}", "all", "None", "[bold]x[/bold]"]  # fmt: skip


def table(names: Sequence[str] = ("A", "B", "C")) -> Table:
    """A small scenario in one table."""
    agencies = [{"name": name, "ministry": "M", "capacity": 2.0, "core_tasks": {"a": 1.0}} for name in names]
    steer = {"name": "steer", "function": "steer", "seats": "all", "cadence": 2, "served_by": "office"}
    office = {
        "name": "office", "function": "prepare", "seats": list(names[:2]), "cadence": 1, "secretariat_fte": 1
    }  # fmt: skip
    project = {
        "name": "p", "themes": {"a": 1.0}, "origin": "commissioned", "lead": names[0], "members": "all",
        "size": 6, "recommendations": 3, "start": "2026-02",
    }  # fmt: skip
    letter = {"name": "x", "ministries": ["M"], "to": "all", "begins": "2026-01", "strength": 0.5}
    return {
        "name": "own",
        "start": "2026-01",
        "actors": {"ministry": [{"name": "M"}], "agency": agencies},
        "arrangement": {
            "name": "own", "coordinator": names[0], "facilitator": "office", "route": ["steer", "line"],
            "member": [{"agency": name} for name in names], "forum": [steer, office],
        },
        "portfolio": {"name": "own", "project": [project]},
        "letters": {"name": "own", "letter": [letter]},
    }  # fmt: skip


def made(change: Change, names: Sequence[str] = ("A", "B", "C")) -> Scenario:
    raw = table(names)
    change(raw)
    return load_scenario(raw)


def check_runs(scenario: Scenario) -> None:
    months = min(scenario.default_months, 72)
    found = simulate(scenario, runs=3, months=months, series="none").outcomes
    assert not np.isinf(found.to_numpy(dtype=float)).any()
    rates = found[[column for column in found if column.endswith("_rate")]].to_numpy(dtype=float)
    assert np.all(np.isnan(rates) | ((rates >= 0) & (rates <= 1)))


def arrangement(**fields: object) -> Change:
    return lambda raw: raw["arrangement"].update(fields)


def forum(**fields: object) -> Change:
    return lambda raw: raw["arrangement"]["forum"][0].update(fields)


def office(**fields: object) -> Change:
    return lambda raw: raw["arrangement"]["forum"][1].update(fields)


def project(**fields: object) -> Change:
    return lambda raw: raw["portfolio"]["project"][0].update(fields)


def agency(**fields: object) -> Change:
    return lambda raw: raw["actors"]["agency"][0].update(fields)


def head(**fields: object) -> Change:
    return lambda raw: raw.update(fields)


def without_forums(raw: Table) -> None:
    raw["arrangement"].update(forum=[], route=["line"])
    del raw["arrangement"]["facilitator"]


def served_in_a_circle(raw: Table) -> None:
    second = {"name": "second", "function": "prepare", "seats": ["A"], "cadence": 1, "secretariat_fte": 1}
    raw["arrangement"]["forum"].append({**second, "served_by": "office"})
    office(served_by="second")(raw)


def all_dates(date: str) -> Change:
    def change(raw: Table) -> None:
        raw["start"] = raw["portfolio"]["project"][0]["start"] = raw["letters"]["letter"][0]["begins"] = date

    return change


RUN: dict[str, Change] = {
    "as it is": lambda raw: None,
    "no forum": without_forums,
    "no project": lambda raw: raw["portfolio"].update(project=[]),
    "no letter": head(letters={"name": "none"}),
    "one month": head(months=1),
    "fifty years": head(months=600),
    "the first month there is": all_dates("1900-01"),
    "the last month there is": all_dates("2099-12"),
    "cadence beyond the run": forum(cadence=100),
    "hardly any capacity": agency(capacity=1e-9, line_capacity=1e-9),
    "every capacity": agency(capacity=1e5, line_capacity=1e5, staff=1e6),
    "themes hardly there": project(themes={"a": 1e-300}),
    "another theme": project(themes={"z": 1.0}),
    "hardly any work": project(size=1e-9, line_work=0),
    "work without end": project(size=1e5, line_work=1e5),
    "a deadline at once": project(deadline=1),
    "a thousand recommendations": project(recommendations=1000),
    "a thousand stops": arrangement(stop_points=1000),
    "secretariats that serve each other": served_in_a_circle,
    "a route that comes back": arrangement(route=["line", "steer", "line"]),
    "turnover of everybody": arrangement(
        turnover=10, unstable=[{"begins": "2026-01", "ends": "2099-01", "turnover": 10}] * 3
    ),
    "nothing at the start": arrangement(start={"trust": 0, "ownership": 0}, mandate_clarity=0, turnover=0),
    "a tiny secretariat": office(secretariat_fte=1e-12),
    "a municipal chain of members": lambda raw: (
        arrangement(municipal_chain=["C"])(raw), project(municipal=True)(raw)
    ),
}  # fmt: skip

NEVER = 'forums that decide never meet in the run, so nothing gets past them: "steer"'
REFUSED: dict[str, tuple[Change, str]] = {
    "nobody": (arrangement(member=[]), "arrangement, member: is empty; allowed: at least one entry"),
    "no lead": (
        lambda raw: raw["portfolio"]["project"][0].pop("lead"), 'portfolio, project "p", lead: is missing'
    ),
    "too far away": (
        head(start="1900-01"),
        'project "p", start: 2026-02 is too long after the scenario starts (1900-01) to be followed up; '
        "allowed: 1946-01 or earlier, or months at the top of the scenario file",
    ),
    "the same name twice": (
        lambda raw: raw["actors"]["agency"].append(raw["actors"]["agency"][0]),
        'actors, agency "A": is described twice',
    ),
    "extends itself": (arrangement(extends="own"), 'arrangement, extends: there is no arrangement "own"'),
}  # fmt: skip
"""Beside what files are refused for (`test_errors`)."""


@pytest.mark.parametrize("case", mostly_slow(RUN, list(RUN)[::4]))
def test_it_runs(case: str) -> None:
    check_runs(made(RUN[case]))


@pytest.mark.parametrize("count", [1, 200])
def test_few_and_many_agencies_run(count: int) -> None:
    check_runs(made(lambda raw: None, [f"A{number}" for number in range(count)]))


@pytest.mark.parametrize("name", NAMES)
def test_any_printable_name_is_a_name(name: str) -> None:
    def change(raw: Table) -> None:
        raw.update(name=name)
        forum(name=name)(raw)
        project(name=name, themes={name: 1.0})(raw)
        arrangement(route=[name, "line"])(raw)
        raw["letters"]["letter"][0].update(name=name, projects=[name])

    check_runs(made(change, (name, "B", "C")))


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_with_a_reason(case: str) -> None:
    change, said = REFUSED[case]
    with pytest.raises(ScenarioError) as refusal:
        made(change)
    assert any(said in str(problem) for problem in refusal.value.problems), str(refusal.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (forum(cadence=100), NEVER),
        (forum(begins="2090-01"), NEVER),
        (forum(ends="2025-01"), NEVER),
        (
            project(municipal=True),
            'projects work through municipalities, but municipal_chain names nobody to carry that out: "p"',
        ),
        (head(months=1), 'projects start after the run has ended: "p"'),
    ],
)  # fmt: skip
def test_what_can_never_happen_is_noted(change: Change, said: str) -> None:
    assert said in map(str, made(change).notes)


def test_forums_that_meet_are_not_noted() -> None:
    assert made(forum(cadence=60)).notes == ()
    assert made(forum(begins="2026-05", ends="2026-06")).notes == ()
    for name in list_scenarios():
        loaded = load_scenario(name)
        assert [note for note in map(str, loaded.notes) if not note.startswith("from ")] == []
