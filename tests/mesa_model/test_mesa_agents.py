"""Agents are live, read-only views on the kernel's arrays, and work in Mesa's agent sets."""

import math

import numpy as np
import pytest

import tverretatlig_sim as ts
from tverretatlig_sim.mesa_model import AgencyAgent, MinistryAgent

VARIABLES = ("ownership", "inclusion", "load", "effort", "meeting_time")


@pytest.fixture
def model() -> ts.CoordinationModel:
    return ts.CoordinationModel("0-24-2018", rng=1)


def test_one_agent_for_each_actor(model):
    scenario = model.resolved_scenario
    agencies, ministries = (model.agents_by_type[kind].get("name") for kind in (AgencyAgent, MinistryAgent))
    assert agencies == sorted(agency.name for agency in scenario.everyone)
    assert ministries == sorted({agency.ministry for agency in scenario.everyone})


def test_fixed_attributes_are_those_of_the_scenario(model):
    scenario = model.resolved_scenario
    for given in scenario.everyone:
        agent = model.agency(given.name)
        assert agent.ministry == given.ministry
        assert given.name in model.ministry(given.ministry).agencies
        assert agent.core == (given.name in scenario.core)
        assert agent.seats == tuple(
            sorted(forum.name for forum in scenario.arrangement.forum if given.name in forum.seats)
        )
    assert sum(len(m.agencies) for m in model.agents_by_type[MinistryAgent]) == len(scenario.everyone)


def test_views_are_live(model):
    agents = list(model.agents)
    udir, ministry = model.agency("Udir"), model.ministry("KD")
    before = udir.ownership, udir.effort, udir.understanding, udir.mean_trust, ministry.attention
    for _ in range(3):
        model.step()
    now = udir.ownership, udir.effort, udir.understanding, udir.mean_trust, ministry.attention
    assert all(one != other for one, other in zip(before, now, strict=True))
    assert list(model.agents) == agents


def test_views_show_the_agent_s_own_row(model):
    for _ in range(4):
        model.step()
    for row, name in enumerate(model.world.agencies.names):
        agent = model.agency(name)
        for variable in VARIABLES:
            assert getattr(agent, variable) == getattr(model.state, variable)[row, 0]
        assert list(agent.understanding) == list(model.world.themes)
        assert list(agent.understanding.values()) == model.state.understanding[:, row, 0].tolist()
    for row, name in enumerate(model.world.ministries.names):
        assert model.ministry(name).attention == model.state.attention[row, 0]


@pytest.mark.parametrize(
    "name", [*VARIABLES, "name", "ministry", "core", "seats", "understanding", "mean_trust"]
)
def test_agencies_are_read_only(model, name):
    with pytest.raises(AttributeError):
        setattr(model.agency("Udir"), name, 1.0)


@pytest.mark.parametrize("name", ["name", "attention", "agencies"])
def test_ministries_are_read_only(model, name):
    with pytest.raises(AttributeError):
        setattr(model.ministry("KD"), name, 1.0)


def test_a_changed_understanding_stays_outside_the_model(model):
    model.agency("Udir").understanding["education"] = 99.0
    assert model.agency("Udir").understanding["education"] < 1.0


def test_trust(model):
    model.step()
    world = model.world
    for tie, (i, j) in enumerate(zip(world.ties.source, world.ties.target, strict=True)):
        source, target = model.agency(world.agencies.names[i]), model.agency(world.agencies.names[j])
        assert source.trust(target) == source.trust(target.name) == model.state.trust[tie, 0]
    udir = model.agency("Udir")
    assert math.isnan(udir.trust(udir))
    trusted = [cell.agents[0] for cell in udir.cell.connections.values()]
    assert udir.mean_trust == pytest.approx(np.mean([udir.trust(other) for other in trusted]))


def test_space_has_an_agency_at_each_node_and_an_edge_for_each_tie(model):
    names = model.world.agencies.names
    assert [model.space.G.nodes[node]["name"] for node in model.space.G] == list(names)
    assert [cell.agents[0].name for cell in model.space.all_cells] == list(names)
    assert model.space.G.number_of_edges() == len(model.world.ties.source)


def test_agent_sets(model):
    model.step()
    agencies = model.agents_by_type[AgencyAgent]
    ownership = agencies.get("ownership")
    assert ownership == model.state.ownership[:, 0].tolist()
    assert agencies.agg("ownership", max) == max(ownership)
    core = agencies.select(lambda agency: agency.core)
    assert {agency.name for agency in core} == model.resolved_scenario.core
    seen = []
    agencies.do(lambda agency: seen.append(agency.effort))
    assert seen == agencies.get("effort")
    groups = agencies.groupby("ministry").agg("ownership", np.mean)
    assert groups.keys() == set(model.agents_by_type[MinistryAgent].get("name"))


def test_collected_agents_agree_with_the_series():
    model = ts.CoordinationModel("0-24-2018", rng=2, months=5)
    model.run_model()
    series = ts.simulate("0-24-2018", runs=1, seed=2, months=5, series="runs").series.isel(run=0)
    agencies = model.datacollector.get_agenttype_vars_dataframe(AgencyAgent)
    ministries = model.datacollector.get_agenttype_vars_dataframe(MinistryAgent)
    for frame, kind, name in (
        *((agencies, "agency", variable) for variable in VARIABLES),
        (ministries, "ministry", "attention"),
    ):
        wide = frame.reset_index().pivot_table(index="Step", columns="name", values=name)
        assert wide.columns.tolist() == series[kind].values.tolist()
        assert len(wide) == len(model.datacollector.get_model_vars_dataframe()) == 6
        np.testing.assert_array_equal(wide.to_numpy()[1:], series[name].transpose("month", kind).values)


@pytest.mark.parametrize("kind", ["agency", "ministry"])
def test_unknown_actors(model, kind):
    with pytest.raises(ts.ScenarioError, match=f"there is no such {kind}"):
        getattr(model, kind)("nobody")
    with pytest.raises(ts.ScenarioError, match='did you mean "Udir"'):
        model.agency("Hdir").trust("udir")
