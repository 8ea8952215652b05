"""Loading: what a resolved scenario holds, and where its parts are looked up."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from tverretatlig_sim.dates import FROM_START
from tverretatlig_sim.scenario import Scenario, ScenarioError, list_scenarios, load_scenario

from .small_world import ACTORS, ARRANGEMENT, FILES, HEAD, World


def agency_names(scenario: Scenario) -> list[str]:
    return [agency.name for agency in scenario.agencies]


@pytest.mark.parametrize("name", list_scenarios())
def test_every_shipped_scenario_loads(name: str) -> None:
    scenario = load_scenario(name)
    steering = {agency.ministry for agency in scenario.agencies}
    assert {ministry.name for ministry in scenario.ministries} == steering
    assert scenario.default_months >= 1


def test_names_of_shipped_scenarios_are_sorted_and_leave_out_the_parameters(shipped: Path) -> None:
    for name in ("b", "a"):
        (shipped / f"{name}.toml").write_text("")
    assert list_scenarios() == ["a", "b"]


def test_members_and_ministries_of_the_resolved_scenario(world: World) -> None:
    scenario = world.load()
    assert agency_names(scenario) == ["FHI", "Hdir", "Udir"]
    assert [ministry.name for ministry in scenario.ministries] == ["HOD", "KD"]
    assert scenario.core == {"Udir"}
    assert scenario.name == "small"
    assert scenario.title.nb == "Liten verden"
    assert scenario.path == world.path


def test_a_membership_overrides_the_catalogue(world: World) -> None:
    world.change("arrangement", 'agency = "FHI"', 'agency = "FHI"\nministry = "KD"\nownership = 0.9')
    fhi, hdir, _ = world.load().agencies
    assert fhi.ministry == "KD"
    assert float(fhi.ownership or 0) == 0.9
    assert float(hdir.capacity) == 5.0


def test_every_all_becomes_a_sorted_list(world: World) -> None:
    scenario = world.load()
    everyone = ["FHI", "Hdir", "Udir"]
    assert scenario.arrangement.forum[0].seats == everyone
    assert scenario.portfolio.project[0].members == everyone
    assert scenario.letters.letter[0].to == everyone
    assert scenario.letters.event[0].ministries == ["HOD", "KD"]


def test_a_letter_to_all_goes_to_the_agencies_of_its_ministries(world: World) -> None:
    world.change("letters", '["KD", "HOD"]', '["HOD"]')
    assert world.load().letters.letter[0].to == ["FHI", "Hdir"]


def test_a_letter_without_an_end_is_in_force_until_december(world: World) -> None:
    world.change("letters", '"2022-01"', '"2023-04"')
    assert world.load().letters.letter[0].ends == "2023-12"


def test_parties_by_default_are_no_more_than_the_members(world: World) -> None:
    world.change("portfolio", 'members = "all"', 'members = ["Udir"]')
    world.change("portfolio", "parties = 2", "")
    assert float(world.load().portfolio.project[0].parties) == 1


@pytest.mark.parametrize(("change", "months"), [("", 60), ("months = 12", 12)])
def test_length_of_a_run(world: World, change: str, months: int) -> None:
    world.change("head", "", change)
    assert world.load().default_months == months


def test_length_of_a_run_with_a_late_project(world: World) -> None:
    world.change("portfolio", '"2022-03"', '"2026-01"')
    assert world.load().default_months == 48 + FROM_START


def test_parts_of_ones_own_come_before_shipped_ones(world: World, shipped: Path) -> None:
    (shipped / "arrangements").mkdir()
    (shipped / "arrangements" / "flat.toml").write_text("broken")
    assert agency_names(world.load()) == ["FHI", "Hdir", "Udir"]


def test_parts_that_are_not_ones_own_are_the_shipped_ones(world: World, shipped: Path) -> None:
    for part in ("actors", "arrangement"):
        path, text = FILES[part]
        (shipped / path).parent.mkdir()
        (shipped / path).write_text(text)
        (world.folder / path).unlink()
    assert agency_names(world.load()) == ["FHI", "Hdir", "Udir"]


def test_inline_actors_win_over_own_ones_and_these_over_shipped_ones(world: World, shipped: Path) -> None:
    (shipped / "actors").mkdir()
    (shipped / "actors" / "all.toml").write_text(ACTORS.replace("capacity = 4.0", "capacity = 1.0"))
    assert float(world.load().agencies[2].capacity) == 4.0
    inline = (
        '[[actors.agency]]\nname = "Udir"\nministry = "KD"\ncapacity = 9.0\ncore_tasks = { education = 1.0 }'
    )
    world.change("head", "", inline)
    assert float(world.load().agencies[2].capacity) == 9.0


def test_a_scenario_in_one_file(world: World) -> None:
    inline = ARRANGEMENT.replace("[[", "[[arrangement.")
    head = HEAD.replace('arrangement = "flat"', "") + "[arrangement]\n" + inline
    assert agency_names(load_scenario(world.write("inline.toml", head))) == ["FHI", "Hdir", "Udir"]


def test_a_shipped_scenario_is_found_by_name(world: World, shipped: Path) -> None:
    for path, text in FILES.values():
        (shipped / path).parent.mkdir(exist_ok=True)
        (shipped / path).write_text(text)
    assert load_scenario("small").path == shipped / "small.toml"


def test_a_path_may_be_text(world: World) -> None:
    assert load_scenario("small.toml").name == "small"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(world: World) -> None:
    world.write("small.toml", b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode())
    assert world.load().name == "small"


def test_names_are_plain_text_in_one_normal_form(world: World) -> None:
    world.change("arrangement", 'name = "directors"', 'name = "=1+1 <b>ra\u030ad</b> "')
    world.change("arrangement", '["directors", "line"]', '["=1+1 <b>r\u00e5d</b>"]')
    assert world.load().arrangement.forum[0].name == "=1+1 <b>r\u00e5d</b>"


def test_a_scenario_can_be_sent_to_another_process(world: World) -> None:
    scenario = world.load()
    assert pickle.loads(pickle.dumps(scenario)) == scenario


def test_an_error_can_be_sent_to_another_process(world: World) -> None:
    world.change("head", "", "x = 1")
    with pytest.raises(ScenarioError) as caught:
        world.load()
    assert pickle.loads(pickle.dumps(caught.value)).problems == caught.value.problems


def test_reading_scenarios_imports_no_heavy_library() -> None:
    code = (
        "import sys, tverretatlig_sim.scenario; "
        "print(*{'numpy', 'pandas', 'scipy', 'networkx', 'matplotlib', 'mesa'} & sys.modules.keys())"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == ""
