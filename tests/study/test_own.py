"""Rules, outcomes, series, levers, dials, patterns and barriers of one's own, everywhere."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tverretatlig_sim as ts
from tverretatlig_sim.kernel import RuleSet, stock
from tverretatlig_sim.own import Packed, digest_with_code
from tverretatlig_sim.scenario.schema import Title
from tverretatlig_sim.study import patterns
from tverretatlig_sim.study.barriers import Barrier, Explanation, Remedy
from tverretatlig_sim.study.robust import compare_robustly, explain_robustly
from tverretatlig_sim.study.samples import edit
from tverretatlig_sim.study.sampling import draw_sets
from tverretatlig_sim.study.search import Dial, search

NAME = "0-24-2018"
STUDY: dict[str, Any] = {
    "arrangements": [NAME],
    "parameters": {"turnover": [0.01, 0.03]},
    "design": {"kind": "grid"},
    "record": {"outcomes": ["wear_end"]},
    "runs": 4,
    "months": 8,
}
TITLE = Title(en="Mine", nb="Min")


def headlines(chance: float) -> RuleSet:
    """The model's rules and one with a variable of its own; its number is in a closure."""

    @ts.rule(
        reads="attention wear",
        writes="attention wear",
        wear=stock("ministry", "share", "0..1", "how used the ministry is to headlines"),
    )
    def strike(state: Any, world: Any, parameters: Any, draws: Any, month: Any) -> dict[str, Any]:
        struck = draws.every("headline", month.index, world.ministries.keys) < chance
        lift = 0.5 * struck * (1 - state.wear)
        attention = state.attention + lift * (1 - state.attention)
        return {"attention": attention, "wear": np.maximum(0.9 * state.wear, struck)}

    return ts.RULES.after("events_strike", strike)


@pytest.fixture
def own() -> Iterator[None]:
    """Rules with their own state, an outcome and a series of it."""
    with ts.use(headlines(0.3)):
        ts.outcome("level", "less", name="wear_end")(lambda s: s.state.wear.mean(axis=0))
        ts.series("ministry", "share", name="wear")(lambda state, world, month: state.wear)
        yield


@pytest.mark.slow
@pytest.mark.usefixtures("own")
def test_every_function_that_simulates_knows_them() -> None:
    runs = {"runs": 4, "months": 8}
    ensemble = ts.simulate(NAME, **runs, series=["wear", "trust_mean"])
    expected = ensemble.outcomes["wear_end"]
    assert 0 < expected.mean() < 1
    np.testing.assert_allclose(ensemble.series["wear"].mean("ministry").isel(month=-1), expected)
    assert ensemble.summary().loc["wear_end", "n"] == 4
    other = ts.edit(NAME, letters=0.1, name="weak-letters")
    comparison = ts.compare([NAME, other], **runs)
    assert comparison.ensembles[NAME].outcomes["wear_end"].equals(expected)
    assert len(comparison.table("wear_end")) == 1
    comparison.plot()
    model = ts.CoordinationModel(NAME, rng=1, months=8)
    for _ in range(8):
        model.step()
    assert model.outcomes()["wear_end"][0] == expected[0]
    shared = ts.explain(NAME, other, "wear_end", **runs)
    assert shared.total().mean == pytest.approx(comparison.table("wear_end")["mean"][0])
    sets = draw_sets(2)
    robust = compare_robustly([NAME, other], sets, 2, months=6, outcomes=["wear_end"])
    assert robust.outcomes[NAME]["wear_end"].mean() > 0
    assert len(explain_robustly(NAME, other, sets, "wear_end", 2, months=4).table())
    assert len(ts.barriers(NAME, 2, months=4, outcomes=["wear_end"]).table)
    assert search(NAME, 2, 4, months=8, gain="wear_end").as_it_was[0].mean == pytest.approx(expected.mean())


@pytest.mark.usefixtures("own")
def test_a_study_takes_them_to_its_workers() -> None:
    study = ts.study_of(STUDY)
    here, there = study.run(task_runs=4).table(), study.run(workers=2, task_runs=4).table()
    assert here.equals(there)
    assert (
        here["wear_end"][0]
        == ts.simulate(NAME, 4, months=8, parameters={"turnover": 0.01}).outcomes["wear_end"].mean()
    )


@pytest.mark.usefixtures("own")
def test_their_code_enters_the_key_of_a_study() -> None:
    usual = ts.study_of({**STUDY, "record": {"outcomes": ["drafted"]}}, rules=ts.RULES).digest
    mine, same, other = (ts.study_of(STUDY, rules=headlines(it)).digest for it in (0.3, 0.3, 0.4))
    assert mine == same != other
    before = ts.study_of(STUDY).digest
    ts.outcome("level", "less", name="wear_end")(lambda s: s.state.wear.max(axis=0))
    assert ts.study_of(STUDY).digest != before
    ts.outcome(name="beside_it")(lambda s: s.number("drafted"))
    with_more = ts.study_of({**STUDY, "record": {"outcomes": ["drafted"]}}, rules=ts.RULES)
    assert with_more.digest == usual


def test_a_digest_sees_what_a_function_refers_to() -> None:
    table = {"a": 1, "b": np.arange(3)}

    def reads() -> object:
        return table, helper()

    def helper() -> float:
        return 0.5

    before = digest_with_code(reads)
    assert digest_with_code(reads) == before
    table["b"] = np.arange(4)
    assert digest_with_code(reads) != before
    assert digest_with_code({"x", "y"}) == digest_with_code({"y", "x"})


def test_what_cannot_go_to_other_processes_is_refused_at_once() -> None:
    lock = threading.Lock()

    def locked(state: Any, world: Any, parameters: Any, draws: Any, month: Any) -> dict[str, Any]:
        with lock:
            return {}

    with pytest.raises(ValueError, match="must be able to go to other processes: cannot pickle"):
        ts.study_of(STUDY | {"record": {}}, rules=ts.RULES.after("events_strike", locked))


def test_wrong_shapes_and_names_are_refused_in_a_sentence() -> None:
    refused: list[tuple[str, Callable[[], object]]] = [
        ("comes with the package", lambda: ts.outcome(name="drafted")(lambda s: s)),
        ("cannot be called so", lambda: ts.outcome(name="turnover")(lambda s: s)),
        ("cannot be called so", lambda: ts.outcome(name="x_sd")(lambda s: s)),
        ("cannot be called so", lambda: ts.outcome(name="my outcome")(lambda s: s)),
        ("allowed: share", lambda: ts.outcome("percent", name="x")(lambda s: s)),  # type: ignore[arg-type]
        ("dims = 'people'; allowed: agency", lambda: ts.series("people", name="x")(lambda s, w, m: s)),
    ]
    for message, made in refused:
        with pytest.raises(ValueError, match=message):
            made()
    with pytest.raises(TypeError, match="cannot be put to use; allowed: RuleSet, Outcome"):
        ts.use(ts.RULES, 3)
    with (
        ts.use(ts.Outcome("one", "number", "neither", lambda s: np.zeros(1))),
        pytest.raises(ValueError, match=r"outcome 'one' gives shape \(1,\); one number a run: \(2,\)"),
    ):
        ts.simulate(NAME, 2, months=2)
    with (
        ts.use(ts.Series(("agency",), lambda s, w, m: s.attention, "flat")),
        pytest.raises(
            ValueError, match=r"series 'flat' gives shape \(6, 2\); allowed: \(agency, run\) = \(7, 2\)"
        ),
    ):
        ts.simulate(NAME, 2, months=2)
    assert "one" not in ts.OUTCOMES


def lever() -> ts.Lever:
    return ts.load_lever(
        {
            "name": "my-lever", "title": {"en": "Mine", "nb": "Min"}, "source": "me", "evidence": "advice",
            "meaning": {"en": "Faster", "nb": "Raskere"},
            "change": [{"what": "forum[all].cadence", "how": "multiply", "amount": 0.5}],
        }
    )  # fmt: skip


def test_levers_and_dials_are_called_by_name_also_at_a_date_in_a_worker() -> None:
    dial = ts.load_dial(
        {
            "name": "my-dial", "framework": "matrix", "title": {"en": "Mine", "nb": "Min"}, "source": "me",
            "meaning": {"en": "0 to 1", "nb": "0 til 1"}, "assumed": {"en": "all", "nb": "alt"},
            "change": [{"what": "arrangement.follow_up", "how": "set", "amount": "value"}],
        }
    )  # fmt: skip
    with pytest.raises(ts.ScenarioError, match="no such lever"):
        ts.with_levers(NAME, "my-lever")
    with ts.use(lever(), dial):
        assert "my-lever" in ts.list_levers()
        assert ts.with_levers(NAME, "my-lever", "my-dial=0.7").arrangement.follow_up.value == 0.7
        later = ts.then(NAME, "2018-09", "my-lever")
        study = ts.study_of({**STUDY, "arrangements": [later], "record": {"outcomes": ["drafted"]}})
        assert study.run(workers=2, task_runs=4).table().equals(study.run().table())
    assert "my-lever" not in ts.list_levers()


@pytest.mark.slow
def test_patterns_barriers_and_dials_of_the_search() -> None:
    kind = Explanation(
        id="slow-line", title=TITLE, common=Remedy(variation={"parameters": {"line_drop": 0.0}}),
        wholly=Remedy(variation={"set": {"arrangement.follow_up": 1.0}}),
    )  # fmt: skip
    mine = Barrier(explanation="slow-line", arrangements=[NAME], source="me", grade="T", claim=TITLE)
    pattern = patterns.Pattern(
        "mine", patterns.Text("a", "b"), "me", "advice",
        lambda c: c.sample(NAME, months=12).outcome("drafted"),
        patterns.Text("a", "b"), 1, patterns.switch("a", "b", parameters={"line_drop": 0.0}),
    )  # fmt: skip
    with ts.use(
        kind, mine, pattern, Dial("follow_up", (0.0, 1.0), lambda it: edit("arrangement.follow_up", it))
    ):
        found = ts.barriers(NAME, 2, months=30, outcomes=["drafted"]).table
        assert list(found["dose"][found["id"] == "slow-line"]) == ["common", "wholly"]
        (finding,) = patterns.evaluate(patterns.patterns(["mine"]), draw_sets(2), 2)
        assert finding.values.any()
        assert set(
            search(NAME, 3, 2, months=12, gain="drafted", dials=["follow_up"]).table()["follow_up"]
        ) <= {0.0, 1.0}
    assert "slow-line" not in set(ts.barriers(NAME, 2, months=2).table["id"])


SCRIPT = """\
import tverretatlig_sim as ts

def calm(state, world, parameters, draws, month):
    return {"attention": 0.0 * state.attention}

@ts.outcome("level")
def attention_end(s):
    return s.state.attention.mean(axis=0)

table = {"arrangements": ["0-24-2018"], "design": {"kind": "grid"}, "runs": 4, "months": 3}
table["record"] = {"outcomes": ["attention_end"]}
study = ts.study_of(table, rules=ts.RULES.replace("attention_returns", calm))
print("RAN", study.run(workers=2, task_runs=2).table()["attention_end"].tolist(), study.digest)
"""


@pytest.mark.slow
def test_a_script_needs_no_main_guard_and_gets_the_same_key_each_time(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    said = [
        subprocess.run(
            [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    assert said[0] == said[1]
    assert said[0].count("RAN") == 1


def test_packing_takes_the_code_along() -> None:
    packed = Packed.of(headlines(0.3))
    assert packed.unpacked() is packed.unpacked()
    assert packed.unpacked().names == headlines(0.3).names
