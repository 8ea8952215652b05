"""Rules keep to what they declare, and can be replaced, added, left out; one run alone is one of many."""

from __future__ import annotations

import pickle
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tverretatlig_sim as ts
from tverretatlig_sim import RULES, rule, simulate
from tverretatlig_sim.ensemble.ensemble import resolve_parameters
from tverretatlig_sim.kernel import Draws, RuleSet, State, advance, flow, initial_state, stock
from tverretatlig_sim.kernel.rules import declaration_of
from tverretatlig_sim.kernel.state import variables
from tverretatlig_sim.scenario.schema import given
from tverretatlig_sim.world import build_world

NAME, MONTHS = "0-24-2018", 6
ODD = Path(__file__).parents[2] / "docs" / "odd.md"


def full_scenario() -> ts.Scenario:
    """A shipped scenario in which every rule has something to do."""
    scenario = ts.load_scenario(NAME)
    own = scenario.arrangement
    projects = [
        p.model_copy(update={"municipal": n % 2 == 0, "instrument": "legal" if n % 3 == 0 else p.instrument})
        for n, p in enumerate(scenario.portfolio.project)
    ]
    practice = {
        "delivery": "increments",
        "stop_points": given(2.0),
        "preparation": given(2.0),
        "lead_authority": given(0.5),
        "programme_resources": given(0.3),
        "municipal_chain": [scenario.agencies[0].name],
        "route": [own.forum[0].name, "line"],
        "forum": [f.model_copy(update={"rank": given(0.5)}) for f in own.forum],
    }
    portfolio = scenario.portfolio.model_copy(update={"project": projects, "at_once": given(5.0)})
    return replace(scenario, arrangement=own.model_copy(update=practice), portfolio=portfolio)


def walk(
    scenario: ts.Scenario, runs: range, months: int, rules: RuleSet = RULES, **values: Any
) -> list[State]:
    """States after each month of some runs."""
    world, draws = build_world(scenario, months), Draws(1, np.array(runs))
    parameters = resolve_parameters(scenario, values, len(runs))
    states = [initial_state(world, parameters, draws, len(runs), rules)]
    for month in range(months):
        states.append(advance(states[-1], world, parameters, draws, month, rules))
    return states[1:]


class Watched(State):
    """A state that notes what is read."""

    seen: set[str]

    def __getattribute__(self, name: str) -> Any:
        own = object.__getattribute__(self, "__dict__")
        if name in own and "seen" in own:
            own["seen"].add(name)
        return object.__getattribute__(self, name)


@pytest.mark.parametrize("name", ["full", "0-24-2015", "etatssamarbeidet-2025", "pure-hierarchy"])
def test_rules_keep_to_what_they_declare(name: str) -> None:
    """Handed only what they declare to read, they change nothing in place and stay within ranges."""
    scenario = full_scenario() if name == "full" else ts.load_scenario(name)
    held, free = (walk(scenario, range(4), 48, rules)[-1] for rules in (RULES.checked(), RULES))
    for variable in variables():
        np.testing.assert_array_equal(getattr(held, variable), getattr(free, variable))


def test_rules_declare_no_more_than_they_read_and_write() -> None:
    scenario = full_scenario()
    world, draws = build_world(scenario, 60), Draws(1, np.arange(6))
    parameters = resolve_parameters(scenario, {}, 6)
    state = initial_state(world, parameters, draws, 6)
    read: dict[str, set[str]] = {name: set() for name in RULES.names}
    wrote: dict[str, set[str]] = {name: set() for name in RULES.names}
    for month in range(60):
        state = state.copy()
        for name in RULES.names:
            watched = Watched(vars(state), state.runs)
            vars(watched)["seen"] = read[name]
            changes = RULES[name](watched, world, parameters, draws, world.calendar[month])
            wrote[name] |= changes.keys()
            state.update(changes, name)
    for name in RULES.names:
        declaration = declaration_of(RULES[name])
        assert read[name] & variables().keys() == declaration.reads, name
        assert wrote[name] == declaration.writes, name


def test_every_rule_cites_its_item_and_every_item_has_a_rule() -> None:
    section = ODD.read_text(encoding="utf-8").split("## 7. Submodels")[1].split("\n### 7.9")[0]
    items, phase = set(), ""
    for line in section.splitlines():
        if head := re.match(r"### (7\.\d) (\w+)", line):
            phase = head[1]
            assert head[2] == RULES.phases[int(phase[2:]) - 1]
        if item := re.match(r"(\d+)\. ", line):
            items.add(f"{phase}.{item[1]}")
    cited = set()
    for name in RULES.names:
        citation = re.findall(r"7\.\d(?:\.\d+)?", re.search(r"\(ODD ([^;)]*)", RULES[name].__doc__ or "")[1])  # type: ignore[index]
        assert citation, name
        cited |= set(citation)
    assert items <= cited
    assert {number for number in cited if number.count(".") == 2} <= items


@pytest.mark.parametrize("name", ["full", "etatssamarbeidet-2022"])
def test_one_run_alone_has_the_bits_of_one_of_many(name: str) -> None:
    scenario = full_scenario() if name == "full" else ts.load_scenario(name)
    many = walk(scenario, range(40), 30)
    for alone in (range(1), range(17, 18), range(5, 38)):
        for one, all_runs in zip(walk(scenario, alone, 30), many, strict=True):
            for variable in variables():
                expected = getattr(all_runs, variable)[..., alone.start : alone.stop]
                np.testing.assert_array_equal(getattr(one, variable), expected, err_msg=variable)


@rule(
    reads="ownership memory", writes="ownership memory", memory=stock("agency", "share", "0..1", "past", 0.3)
)
def ownership_lags(state, world, parameters, draws, month):  # type: ignore[no-untyped-def]
    return {"memory": state.ownership, "ownership": (state.ownership + state.memory) / 2}


def doubled(state, world, parameters, draws, month):  # type: ignore[no-untyped-def]
    return {"ownership": np.minimum(1.0, 2 * state.ownership)}


def test_rules_are_replaced_added_and_left_out() -> None:
    assert RULES.replace("ownership_fades", doubled).names[RULES.names.index("ownership_fades")] == "doubled"
    added = {
        "after a rule": (RULES.after("ownership_fades", doubled), "results_are_seen", "renew"),
        "before a rule": (RULES.before("ownership_fades", doubled), "ownership_fades", "renew"),
        "after a phase": (RULES.after("convene", doubled), "groups_make_progress", "convene"),
        "before a phase": (RULES.before("work", doubled), "groups_make_progress", "work"),
        "last": (RULES.after("renew", doubled), None, "renew"),
    }
    for rules, following, phase in added.values():
        place = rules.names.index("doubled")
        assert rules.names[place + 1 : place + 2] == ((following,) if following else ())
        assert rules.entries[place][0] == phase
        assert rules.without("doubled") == RULES
    assert RULES.without("decide").phases == tuple(phase for phase in RULES.phases if phase != "decide")
    assert pickle.loads(pickle.dumps(RULES)) == RULES
    assert "renew: ownership_fades" in repr(RULES)


def test_a_rule_may_bring_a_variable_of_its_own() -> None:
    rules = RULES.after("renew", ownership_lags)
    states = walk(ts.load_scenario(NAME), range(3), MONTHS, rules.checked())
    plain = walk(ts.load_scenario(NAME), range(3), 1)[0]
    np.testing.assert_array_equal(states[0].memory, plain.ownership)
    np.testing.assert_array_equal(states[0].ownership, (plain.ownership + 0.3) / 2)
    assert rules.variables.keys() - variables().keys() == {"memory"}
    with pytest.raises(AttributeError, match="there is no state variable memory"):
        _ = plain.memory
    batches = [simulate(NAME, 6, 1, MONTHS, rules=rules, batch_size=size).outcomes for size in (1, 6)]
    assert batches[0].equals(batches[1])


def returning(changes: Any) -> Any:
    def mine(state, world, parameters, draws, month):  # type: ignore[no-untyped-def]
        return changes(state) if callable(changes) else changes

    return mine


def same_trust(state: State) -> dict[str, Any]:
    return {"trust": state.trust}


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        (returning(None), TypeError, "mine returned None; allowed: a dict of changed variables"),
        (
            returning({"owner": np.zeros((7, 2))}),
            ValueError,
            "returned owner, which is no state variable",
        ),
        (returning({"trust": np.zeros(3)}), ValueError, "mine returned trust of shape .*; allowed: "),
        (rule(reads="trust")(returning(same_trust)), ValueError, "mine writes trust, which"),
        (rule(writes="trust")(returning(same_trust)), AttributeError, "mine reads trust, which"),
        (returning(lambda s: {"trust": s.trust + 2}), ValueError, r"to 2\.\d+ … .*allowed: 0\.\.1"),
        (returning(lambda s: {"trust": s.trust * np.nan}), ValueError, "mine takes trust to nan"),
        (returning(lambda s: {"trust": s.trust.fill(0)}), ValueError, "read-only"),
    ],
)
def test_a_rule_that_does_wrong_is_named(wrong: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        simulate(NAME, 2, months=2, rules=RULES.after("renew", wrong).checked())


def test_sets_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="no rule or phase 'ownership_fade'; there is ownership_fades"):
        RULES.without("ownership_fade")
    with pytest.raises(ValueError, match="two rules are called doubled"):
        RULES.after("renew", doubled).after("renew", doubled)
    with pytest.raises(ValueError, match="there is a state variable trust already"):
        RULES.after("renew", rule(trust=flow("tie", "share", "0..1", "mine"))(returning({})))
