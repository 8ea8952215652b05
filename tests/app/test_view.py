"""What is shown equals what ``simulate`` says for the same seed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import tverretatlig_sim as ts
from speaking import norwegian as in_norwegian
from tverretatlig_sim.app.bands import (
    OUTCOMES,
    QUANTILES,
    Blocks,
    GivenUpError,
    Span,
    outcomes,
    quantiles,
    spans,
)
from tverretatlig_sim.app.choice import BANDED, SIDES, Choice
from tverretatlig_sim.app.frames import Frames, Histories, simulate_frames
from tverretatlig_sim.app.frameworks import Givens
from tverretatlig_sim.app.layout import circle
from tverretatlig_sim.app.library import Arrangement, Library
from tverretatlig_sim.app.offers import Offers, switches
from tverretatlig_sim.app.spread import spread
from tverretatlig_sim.app.story import story
from tverretatlig_sim.app.view import UNITS, shown, stories, view
from tverretatlig_sim.ensemble.trace import trace
from tverretatlig_sim.i18n import label
from tverretatlig_sim.kernel.month import PHASES
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.state import STAGES
from tverretatlig_sim.show.render import texts
from tverretatlig_sim.show.simulations import findings, frameworks_table

SEED, RUN, RUNS = 3, 2, 20
CHOICE = Choice(
    Arrangement("dfo-simplified"),
    Arrangement("0-24-2018", ("specific-mandate",)),
    seed=SEED,
    run=RUN,
    runs=RUNS,
)


@pytest.fixture(scope="module")
def simulated(library: Library) -> dict[str, ts.Ensemble]:
    scenarios = {side: library.compose(CHOICE.side(side)) for side in SIDES}
    return {
        side: ts.simulate(scenario, RUNS, SEED, 60, series="runs") for side, scenario in scenarios.items()
    }


@pytest.fixture(scope="module")
def document(library: Library) -> dict[str, Any]:
    made = view(CHOICE, Histories(library), library)
    return json.loads(json.dumps(made, allow_nan=False))  # type: ignore[no-any-return]


@pytest.mark.parametrize("side", SIDES)
def test_numbers_of_every_month_are_those_of_simulate(
    side: str, document: dict[str, Any], simulated: dict[str, ts.Ensemble]
) -> None:
    assert document["months"] == 60
    run = simulated[side].series.sel(run=RUN)
    for month in range(60):
        stages = run["recommendations"].sel(month=month)
        counts = {stage: int(stages.sel(stage=stage)) for stage in STAGES}
        under_way = sum(counts[stage] for stage in ("drafted", "decided", "handed_over", "adopted"))
        drafted = under_way + counts["implemented"] + counts["dropped"]
        expected = [drafted, counts["implemented"], under_way, counts["dropped"]]
        series = [shown(float(run[name].sel(month=month)), UNITS[name]) for name in BANDED]
        assert document[side]["numbers"][month] == [*map(str, expected), *series]


@pytest.mark.parametrize("side", SIDES)
def test_what_is_drawn_is_that_of_simulate(
    side: str, document: dict[str, Any], simulated: dict[str, ts.Ensemble]
) -> None:
    run = simulated[side].series.sel(run=RUN)
    for name, drawn in (("trust", "trust"), ("ownership", "ownership"), ("attention", "attention")):
        assert document[side][drawn] == np.rint(100 * run[name].to_numpy()).astype(int).tolist()
    for name in BANDED:
        expected = run[name].to_numpy()
        assert np.allclose(
            np.array(document[side]["series"][name], dtype=float), expected, atol=1e-4, equal_nan=True
        )


@pytest.mark.parametrize("side", SIDES)
def test_pieces_move_as_the_trace_says(
    side: str, document: dict[str, Any], simulated: dict[str, ts.Ensemble]
) -> None:
    moves = {
        (lane["name"], STAGES[stage]): month - 1
        for lane in document[side]["lanes"]
        for month, stage in lane["moves"]
    }
    trace = simulated[side].trace(RUN)
    assert moves == {(row["recommendation"], row["to_stage"]): row["month"] for _, row in trace.iterrows()}
    lost = {row["recommendation"]: row["reason"] for _, row in trace.iterrows() if row["reason"]}
    assert {lane["name"]: lane["loss"] for lane in document[side]["lanes"] if lane["loss"]} == lost


def test_bands_are_the_quantiles_of_simulate(library: Library, simulated: dict[str, ts.Ensemble]) -> None:
    store = Blocks(library)
    blocks = {
        side: [store.get(Span(CHOICE.side(side), 60, SEED, *ends)) for ends in spans(RUNS)] for side in SIDES
    }
    givens = {side: Givens(library).get(CHOICE.side(side), 60) for side in SIDES}
    made = json.loads(json.dumps(spread(CHOICE, blocks, givens), allow_nan=False))
    assert (made["done"], made["runs"]) == (RUNS, RUNS)
    for side in SIDES:
        for row, name in enumerate(BANDED):
            values = simulated[side].series[name].transpose("month", "run").to_numpy()
            expected = np.full((len(QUANTILES), 60), np.nan)
            some = ~np.isnan(values).all(axis=1)
            expected[:, some] = np.nanquantile(values[some], QUANTILES, axis=1)
            assert np.allclose(quantiles(blocks[side])[row], expected, rtol=0, atol=1e-12, equal_nan=True)
            assert np.allclose(
                np.array(made["bands"][name][side], dtype=float), expected, atol=1e-4, equal_nan=True
            )
        found = outcomes(blocks[side])
        for name in OUTCOMES:
            assert np.array_equal(found[name], simulated[side].outcomes[name].to_numpy(), equal_nan=True)
    table = frameworks_table({side: simulated[side].frameworks() for side in SIDES})
    assert made["frameworks"] == [
        [group.heading, rows] for group, rows in zip(table.groups, texts(table), strict=True)
    ]
    comparison = ts.Comparison({"A": simulated["a"], "B": simulated["b"]}, SEED, RUNS, 60)
    assert made["finding"] == findings(comparison)[0]


def test_blocks_meet_end_to_end_and_begin_small() -> None:
    for runs in (1, 16, 17, 64, 65, 256, 1000):
        ends = spans(runs)
        assert [first for first, _ in ends[1:]] == [end for _, end in ends[:-1]]
        assert (ends[0][0], ends[-1][1]) == (0, runs)
        assert ends[0][1] <= 16


def test_a_block_that_nobody_waits_for_is_given_up(library: Library) -> None:
    asked: list[int] = []

    def given_up() -> bool:
        asked.append(1)
        return len(asked) > 3

    store = Blocks(library)
    span = Span(CHOICE.a, 60, SEED, 0, 4)
    with pytest.raises(GivenUpError):
        store.get(span, given_up)
    assert len(asked) == 4
    assert store.get(span).outcomes["implemented_rate"].shape == (4,)


@pytest.fixture(scope="module")
def frames(library: Library) -> Frames:
    return simulate_frames(library.scenarios["etatssamarbeidet-2022"], 67, 1, 0)


@pytest.mark.parametrize("lang", ["en", "nb"])
def test_every_story_tells_every_transition_and_its_reason(frames: Frames, lang: str) -> None:
    rows = trace(frames.world, _parameters(frames), 1, 0, PHASES)
    for name in frames.world.recommendations.names:
        told = story(frames, name)
        assert told is not None
        mine = rows[rows["recommendation"] == name]
        events = told.events[: len(mine)]
        assert [event.month for event in events] == [month + 1 for month in mine["month"]]
        for event, (_, row) in zip(events, mine.iterrows(), strict=True):
            assert row["date"] in event.text
            if row["reason"]:
                assert label(f"app.event.{row['reason']}").split("{")[0].rstrip(" (") in event.text
        ended = len(mine) and mine.iloc[-1]["to_stage"] in {"implemented", "dropped"}
        assert len(told.events) == len(mine) + (not ended)
        assert "{" not in " ".join([told.title, told.facts, *(event.text for event in told.events)])


def _parameters(frames: Frames) -> Parameters:
    from tverretatlig_sim.ensemble.ensemble import resolve_parameters

    return resolve_parameters(frames.scenario, None, 1)


def test_a_recommendation_that_only_one_side_has(library: Library) -> None:
    only_b = replace(
        CHOICE, recommendation=view(CHOICE, Histories(library), library)["b"]["lanes"][0]["name"]
    )
    told = stories(only_b, Histories(library), library)
    assert told["a"] is None
    assert told["b"]["events"]


def test_levers_that_cannot_be_pulled_say_why(library: Library) -> None:
    hierarchy = replace(CHOICE, a=Arrangement("pure-hierarchy", ("line-calibration",)))
    english = switches(hierarchy, Offers(library))["a"]
    norwegian = in_norwegian(switches, hierarchy, Offers(library))["a"]
    assert set(english) == {*library.levers, *library.dials}
    assert english["matrix"]["reason"].startswith("Not here: cannot be pulled: there is no forum")
    assert english["rung"] == {"on": False, "reason": ""}
    assert english["line-calibration"] == {"on": True, "reason": ""}
    assert english["good-arenas"] == {"on": False, "reason": ""}
    assert english["specific-mandate"]["reason"].startswith("Not here: changes nothing that counts here")
    assert english["simpler-structure"]["reason"].startswith("Not here: changes nothing here")
    assert norwegian["simpler-structure"]["reason"] == (
        "Ikke her: endrer ingenting her: alt det ber om, er slik allerede"
    )
    assert norwegian["roles-in-secretariat"]["reason"].startswith("Ikke her: kan ikke brukes: ")


def test_every_shipped_scenario_can_be_shown(library: Library) -> None:
    histories, names = Histories(library), list(library.scenarios)
    for a, b in zip(names[::2], names[1::2], strict=True):
        document = view(Choice(Arrangement(a), Arrangement(b)), histories, library)
        for side, name in (("a", a), ("b", b)):
            everyone = {agency.name for agency in library.scenarios[name].everyone}
            assert {agency["name"] for agency in document[side]["agencies"]} == everyone
            assert len(document[side]["numbers"]) == document["months"]


def test_agencies_of_a_ministry_stand_side_by_side(library: Library) -> None:
    for scenario in library.scenarios.values():
        places = circle(scenario)
        order = sorted(places.agencies, key=places.agencies.__getitem__)
        steered = {agency.name: agency.ministry for agency in scenario.everyone}
        blocks = [
            steered[name] for k, name in enumerate(order) if not k or steered[name] != steered[order[k - 1]]
        ]
        assert len(blocks) == len(set(blocks))
        assert set(order) == {agency.name for agency in scenario.everyone}
        angles = sorted(places.agencies.values())
        assert angles[0] >= 0
        assert angles[-1] <= 2 * np.pi
        for name, (first, last) in places.ministries.items():
            mine = [places.agencies[agency] for agency in order if steered[agency] == name]
            assert first < min(mine) <= max(mine) < last
