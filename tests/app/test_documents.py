"""What is shown equals what ``simulate`` gives for the same seed."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

import tverretatlig_sim as ts
from speaking import norwegian
from tverretatlig_sim.app.bands import OUTCOMES, QUANTILES, batch_ends, ensemble_view, quantiles
from tverretatlig_sim.app.library import Arrangement, Library
from tverretatlig_sim.app.query import BANDED, SIDES, Choice
from tverretatlig_sim.app.scheduler import AbandonedError
from tverretatlig_sim.app.server import switches
from tverretatlig_sim.app.simulation import Simulator, Span
from tverretatlig_sim.app.view import circle, stories, view
from tverretatlig_sim.ensemble.batch import world_of
from tverretatlig_sim.i18n import label
from tverretatlig_sim.kernel.state import STAGES
from tverretatlig_sim.show.render import texts
from tverretatlig_sim.show.rows import Value
from tverretatlig_sim.show.simulations import findings, frameworks_table

SEED, RUN, RUNS = 3, 2, 20
MONTHS = 79
"""As long as the longer of the two chosen runs."""
CHOICE = Choice(
    Arrangement("dfo-simplified"), Arrangement("0-24-2018", ("specific-mandate",)), SEED, RUN, RUNS
)
COUNTED = ("drafted", "decided", "handed_over", "adopted")


@pytest.fixture(scope="module")
def simulated(library: Library) -> dict[str, ts.Ensemble]:
    return {
        side: ts.simulate(library.scenario(arrangement), RUNS, SEED, MONTHS, series="runs")
        for side, arrangement in CHOICE.sides.items()
    }


@pytest.mark.parametrize("name", ["labour-crime-2015", "etatssamarbeidet-history", "both"])
def test_all_that_there_is_in_a_run_is_drawn(name: str) -> None:
    """Ministries that steer nobody, what comes at a date, what runs beside."""
    both = replace(ts.together("0-24-2018", "labour-crime-2015"), name="both")
    library = Library([both])
    made = view(Choice(Arrangement(name), Arrangement("0-24-2018"), SEED, RUN, RUNS), Simulator(library))["a"]
    there = world_of(library.scenario(Arrangement(name)), MONTHS).everyone
    assert len(made["forums"]) == len(there["forum"])
    assert len(made["agencies"]) == len(there["agency"])
    arcs = sorted(it["arc"] for it in made["ministries"])
    assert len(arcs) == len(there["ministry"])
    assert all(before[1] < after[0] for before, after in pairwise(arcs))


@pytest.mark.parametrize("side", SIDES)
def test_the_view_is_the_run_of_simulate(
    side: str, library: Library, simulated: dict[str, ts.Ensemble]
) -> None:
    made = json.loads(json.dumps(view(CHOICE, Simulator(library)), allow_nan=False))
    document, run = made[side], simulated[side].series.sel(run=RUN)
    assert made["months"] == len(document["numbers"]) == MONTHS
    for month in range(MONTHS):
        counts = {stage: int(run["recommendations"].sel(month=month, stage=stage)) for stage in STAGES}
        under_way = sum(counts[stage] for stage in COUNTED)
        drafted = under_way + counts["implemented"] + counts["dropped"]
        series = [str(Value(float(run[name].sel(month=month)), unit)) for name, unit in BANDED.items()]
        expected = [*map(str, (drafted, counts["implemented"], under_way, counts["dropped"])), *series]
        assert document["numbers"][month] == expected
    for name in ("trust", "ownership", "attention"):
        assert document[name] == np.rint(100 * run[name].to_numpy()).astype(int).tolist()
    for name in BANDED:
        drawn = np.array(document["series"][name], dtype=float)
        assert np.allclose(drawn, run[name].to_numpy(), atol=1e-4, equal_nan=True)
    trace = simulated[side].trace(RUN)
    moves = {
        (lane["name"], STAGES[to]): month - 1 for lane in document["lanes"] for month, to in lane["moves"]
    }
    assert moves == {(row["recommendation"], row["to_stage"]): row["month"] for _, row in trace.iterrows()}
    lost = {row["recommendation"]: row["reason"] for _, row in trace.iterrows() if row["reason"]}
    assert {lane["name"]: lane["loss"] for lane in document["lanes"] if lane["loss"]} == lost


def test_bands_outcomes_and_frameworks_are_those_of_simulate(
    library: Library, simulated: dict[str, ts.Ensemble]
) -> None:
    simulator = Simulator(library)
    found = [simulator.batches(simulator.spans(CHOICE, *ends)) for ends in batch_ends(RUNS)]
    batches = {side: [both[side] for both in found] for side in SIDES}
    made = json.loads(json.dumps(ensemble_view(CHOICE, batches, simulator), allow_nan=False))
    assert (made["done"], made["runs"]) == (RUNS, RUNS)
    for side in SIDES:
        for row, name in enumerate(BANDED):
            values = simulated[side].series[name].transpose("month", "run").to_numpy()
            expected = np.full((len(QUANTILES), MONTHS), np.nan)
            some = ~np.isnan(values).all(axis=1)
            expected[:, some] = np.nanquantile(values[some], QUANTILES, axis=1)
            assert np.allclose(quantiles(batches[side])[:, row], expected, rtol=0, atol=1e-12, equal_nan=True)
            drawn = np.array(made["bands"][name][side], dtype=float)
            assert np.allclose(drawn, expected, atol=1e-4, equal_nan=True)
        for name in OUTCOMES:
            values = np.concatenate([batch.outcomes[name] for batch in batches[side]])
            assert np.array_equal(values, simulated[side].outcomes[name].to_numpy(), equal_nan=True)
    table = frameworks_table({side: simulated[side].frameworks() for side in SIDES})
    assert made["frameworks"] == [
        [group.heading, rows] for group, rows in zip(table.groups, texts(table), strict=True)
    ]
    assert (
        made["finding"]
        == findings(ts.Comparison({"A": simulated["a"], "B": simulated["b"]}, SEED, RUNS, MONTHS))[0]
    )


def test_an_abandoned_batch_ends_within_a_month_and_can_be_asked_for_again(library: Library) -> None:
    months: list[int] = []

    def checkpoint() -> None:
        months.append(1)
        if len(months) > 3:
            raise AbandonedError

    simulator, span = Simulator(library), Span(CHOICE.a, MONTHS, SEED, 0, 4)
    with pytest.raises(AbandonedError):
        simulator.batches({"a": span}, checkpoint=checkpoint)
    assert len(months) == 4
    assert simulator.batches({"a": span})["a"].outcomes["implemented_rate"].shape == (4,)


@pytest.mark.slow
def test_workers_make_the_same_batches(library: Library) -> None:
    spans = Simulator(library).spans(CHOICE, 0, 8)
    here, there = (Simulator(library).batches(spans, workers) for workers in (1, 2))
    for side in SIDES:
        np.testing.assert_array_equal(here[side].series, there[side].series)
        np.testing.assert_equal(dict(here[side].outcomes), dict(there[side].outcomes))


def test_every_story_tells_every_transition_and_its_reason(library: Library) -> None:
    choice, simulator = (
        Choice(Arrangement("etatssamarbeidet-2022"), Arrangement("dfo-simplified")),
        Simulator(library),
    )
    trace = ts.simulate("etatssamarbeidet-2022", 1, 1, 91, series="none").trace(0)
    for recommendation in simulator.histories(choice)["a"].recommendations:
        mine = trace[trace["recommendation"] == recommendation.name]
        asked = replace(choice, rec=recommendation.name)
        told = stories(asked, simulator)["a"]
        events = told["events"][: len(mine)]
        assert [event["month"] for event in events] == [month + 1 for month in mine["month"]]
        for event, (_, row) in zip(events, mine.iterrows(), strict=True):
            assert row["date"] in event["text"]
            if row["reason"]:
                assert label(f"app.event.{row['reason']}").split("{")[0].rstrip(" (") in event["text"]
        ended = len(mine) and mine.iloc[-1]["to_stage"] in {"implemented", "dropped"}
        assert len(told["events"]) == len(mine) + (not ended)
        for text in (json.dumps(told), json.dumps(norwegian(stories, asked, simulator)["a"])):
            assert "{" not in text.replace('{"', "")
    assert stories(replace(choice, rec="no/such"), simulator) == {"a": None, "b": None}


@pytest.mark.slow
def test_switches_say_why_a_lever_or_dial_is_not_available(library: Library) -> None:
    hierarchy = replace(CHOICE, a=Arrangement("pure-hierarchy", ("line-calibration",)))
    english, norsk = switches(hierarchy, library)["a"], norwegian(switches, hierarchy, library)["a"]
    assert set(english) == {*library.levers, *library.dials}
    assert english["matrix"]["reason"].startswith("Not here: cannot be pulled: there is no forum")
    assert english["rung"] == {"on": False, "reason": "", "stands": 4.0}
    assert english["good-arenas"] == {"on": False, "reason": ""}
    assert english["line-calibration"] == {"on": True, "reason": ""}
    assert english["simpler-structure"]["reason"].startswith("Not here: changes nothing here")
    assert norsk["simpler-structure"]["reason"].startswith("Ikke her: endrer ingenting her")
    assert norsk["roles-in-secretariat"]["reason"].startswith("Ikke her: kan ikke brukes: ")


def test_every_shipped_scenario_has_its_agencies_side_by_side_on_the_map(library: Library) -> None:
    for scenario in library.scenarios.values():
        angles, arcs = circle(scenario)
        steered = {agency.name: agency.ministry for agency in scenario.everyone}
        assert set(angles) == set(steered)
        assert 0 <= min(angles.values()) <= max(angles.values()) <= 2 * np.pi
        ends = sorted(arcs.values())
        assert all(before[1] < after[0] for before, after in pairwise(ends))
        for agency, angle in angles.items():
            first, last = arcs[steered[agency]]
            assert first < angle < last
