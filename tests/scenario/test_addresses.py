"""One address for each number: listed, read, set and told apart."""

from __future__ import annotations

import pytest

from tverretatlig_sim import Scenario, ScenarioError, list_scenarios, load_scenario
from tverretatlig_sim.scenario import addresses

from .small_world import World


@pytest.mark.parametrize("name", list_scenarios())
def test_every_number_is_set_by_its_address(name: str) -> None:
    scenario = load_scenario(name)
    numbers = addresses.numbers(scenario)
    others = {address: number.model_copy(update={"note": "another"}) for address, number in numbers.items()}
    changed = addresses.set_values(scenario, others)
    assert addresses.numbers(changed) == others
    assert changed.problems() == ()


def test_what_addresses_look_like(world: World) -> None:
    scenario = world.load()
    known = addresses.numbers(scenario)
    assert {
        "scenario.months", "agency.Hdir.capacity", "agency.Udir.core_tasks.health", "arrangement.follow_up",
        "start.trust", "forum.directors.cadence", "tie.Udir.Hdir.trust", "unstable.2022-06.2022-12.turnover",
        "project.absence.gains.Udir", "letters.budget_month", "letter.january.strength",
        "event.prize.strength", "parameter.rounds",
    } <= set(known)  # fmt: skip
    assert float(known["agency.Hdir.capacity"]) == 5
    assert not any(address.startswith("member.") for address in known)


def test_a_number_set_keeps_the_rest_and_says_that_it_was_set(world: World) -> None:
    scenario = world.load()
    changes = {"forum.directors.cadence": 3, "agency.Hdir.capacity": 2, "will_core": 1}
    made = addresses.set_values(scenario, {**changes, "arrangement.attention": 0.5})
    assert [float(forum.cadence) for forum in made.arrangement.forum] == [3, 1]
    assert made.arrangement.forum[0].cadence.source == "set by hand"
    read = Scenario.from_dict(made.to_dict())
    assert float(made.agencies[1].capacity) == float(read.agencies[1].capacity) == 2
    assert {name: float(number) for name, number in made.parameters.items()} == {"will_core": 1}
    assert made.arrangement.attention is not None
    assert addresses.value(scenario, "arrangement.attention") is None
    assert (made.portfolio, made.letters) == (scenario.portfolio, scenario.letters)
    assert addresses.set_values(scenario, {}) is scenario


def test_names_with_dots_stand_in_quotation_marks(world: World) -> None:
    world.change("arrangement", 'name = "directors"', 'name = "a.b \\"c\\""')
    world.change("arrangement", '["directors", "line"]', '["line"]')
    scenario = world.load()
    (address,) = [text for text in addresses.numbers(scenario) if "a.b" in text and "cadence" in text]
    assert address == r'forum."a.b \"c\"".cadence'
    assert float(addresses.set_values(scenario, {address: 6}).arrangement.forum[0].cadence) == 6


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("turnovr", 'there is no number "turnovr"; allowed: an address such as arrangement.mandate_clarity'),
        ("follow_up", 'did you mean "arrangement.follow_up"?'),
        ("forum.director.cadence", 'did you mean "forum.directors.cadence"?'),
        ("forum.directors.cadense", 'did you mean "forum.directors.cadence"?'),
        ("agency.Udir.core_tasks", 'there is no number "agency.Udir.core_tasks"'),
        ("agency.Udir.frame", 'there is no number "agency.Udir.frame"'),
        ("arrangement.follow_up.x", 'there is no number "arrangement.follow_up.x"'),
        ("member.Hdir.capacity", 'there is no number "member.Hdir.capacity"'),
        ("", 'there is no number ""'),
    ],
)
def test_an_address_that_is_none(world: World, address: str, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        addresses.set_values(world.load(), {address: 1})
    assert said in str(caught.value)
    assert caught.value.problems[0].code == "unknown_address"


@pytest.mark.parametrize("number", [-1, 1.5, float("nan"), True, "1"])
def test_a_number_beyond_its_limits(world: World, number: object) -> None:
    with pytest.raises(ScenarioError, match=r"arrangement\.follow_up: is .*; allowed: a number from 0 to 1"):
        addresses.set_values(world.load(), {"arrangement.follow_up": number})  # type: ignore[dict-item]


def test_a_bare_name_is_a_parameter_and_nothing_else() -> None:
    scenario = load_scenario("0-24-2018")
    made = addresses.set_values(scenario, {"turnover": 0.05})
    assert float(made.parameters["turnover"]) == 0.05
    assert made.arrangement == scenario.arrangement
