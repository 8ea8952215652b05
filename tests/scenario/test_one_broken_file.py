"""A broken file concerns the scenarios that use it, and no others."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from choosing import mostly_slow
from tverretatlig_sim.cli.commands import tverretatlig
from tverretatlig_sim.scenario import ScenarioError, files, list_scenarios, load_scenario
from tverretatlig_sim.scenario.levers import list_levers

from .small_world import World

SHIPPED = files.SHIPPED
KYST = '[[agency]]\nname = "Kystverket"\nministry = "NFD"\ncapacity = 1\ncore_tasks = { coast = 1.0 }\n'
WITH_MINISTRY = f'[[ministry]]\nname = "NFD"\n{KYST}'
BROKEN = {
    "a fault in a table": (WITH_MINISTRY.replace("capacity = 1", "capacity = -1"), "capacity"),
    "a stray word": (f"{KYST}nonsense\n", "is not valid TOML"),
    "no closing quotation mark": (KYST.replace('"Kystverket"', '"Kystverket'), "is not valid TOML"),
    "an unknown key": (f"{WITH_MINISTRY}[other]\n", "unknown key"),
    "evidence of nothing": (
        f'{WITH_MINISTRY}\n[evidence]\n"agency.place" = {{ grade = "assumed" }}\n',
        'unknown key "agency.place"',
    ),
    "a ministry that is not there": (KYST, '"NFD" is not a known ministry'),
}


def called(*arguments: str) -> Result:
    return CliRunner().invoke(tverretatlig, list(arguments))


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what comes with the package, which a test may break."""
    folder = tmp_path / "scenarios"
    shutil.copytree(SHIPPED, folder)
    monkeypatch.setattr(files, "SHIPPED", folder)
    return folder


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_file_of_actors_concerns_who_names_them(world: World, fault: str) -> None:
    text, said = BROKEN[fault]
    before = world.load()
    world.write("actors/coast.toml", text)
    assert world.load() == before
    assert called("validate", str(world.path)).exit_code == 0
    world.change("arrangement", "[[forum]]", '[[member]]\nagency = "Kystverket"\n[[forum]]')
    complaint = world.complaint()
    assert complaint.startswith("actors/coast.toml: ")
    assert said in complaint
    assert "is not a known agency" not in complaint


def test_a_broken_file_of_ones_own_that_replaces_a_shipped_agency_is_not_passed_over(
    world: World, shipped: Path
) -> None:
    (shipped / "actors").mkdir()
    shutil.move(world.folder / "actors" / "all.toml", shipped / "actors" / "all.toml")
    world.load()
    world.write("actors/own.toml", 'x\n[[agency]]\nname = "Udir"\n')
    assert "actors/own.toml: line 1" in world.complaint()
    (world.folder / "actors" / "own.toml").unlink()
    (shipped / "actors" / "spare.toml").write_text('x\n[[agency]]\nname = "POD"\n')
    world.load()


def test_a_broken_shipped_file_does_not_matter_to_who_replaces_what_is_in_it(
    world: World, shipped: Path
) -> None:
    (shipped / "actors").mkdir()
    (shipped / "actors" / "all.toml").write_text('[[agency]]\nname = "Udir"\n[[ministry]]\nname = 3\n')
    world.load()


def test_an_agency_that_is_nowhere_may_be_in_the_broken_file(world: World) -> None:
    world.write("actors/coast.toml", f"nonsense\n{KYST}")
    world.change("arrangement", 'agency = "FHI"', 'agency = "FHY"')
    assert world.complaint().startswith("actors/coast.toml: line 1")
    (world.folder / "actors" / "coast.toml").unlink()
    assert '"FHY" is not a known agency' in world.complaint()


def test_a_description_given_twice_concerns_who_names_it(world: World) -> None:
    world.write("actors/more.toml", '[[agency]]\nname = "POD"\nministry = "JD"\ncapacity = 1\n'
                "core_tasks = { justice = 1.0 }\n")  # fmt: skip
    world.load()
    world.change("arrangement", "[[forum]]", '[[member]]\nagency = "POD"\n[[forum]]')
    assert 'agency "POD": is described twice, first in actors/all.toml' in world.complaint()


def test_a_link_out_of_the_folder_concerns_who_names_someone_unknown(world: World, tmp_path: Path) -> None:
    (tmp_path / "outside.toml").write_text(KYST)
    (world.folder / "actors" / "out.toml").symlink_to(tmp_path / "outside.toml")
    world.load()
    world.change("arrangement", 'agency = "FHI"', 'agency = "Kystverket"')
    assert "is a link that leads out of the scenario folder" in world.complaint()


ACTORS = sorted(path.name for path in (SHIPPED / "actors").glob("*.toml"))


@pytest.mark.parametrize("file", mostly_slow(ACTORS, ACTORS[:1]))
def test_each_shipped_file_of_actors_concerns_some_scenarios_only(copy: Path, file: str) -> None:
    path = copy / "actors" / file
    path.write_text(f"nonsense\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    refused = {}
    for name in list_scenarios():
        try:
            load_scenario(name)
        except ScenarioError as error:
            refused[name] = str(error)
    assert all(f"{file}: line 1, column 9: is not valid TOML" in reason for reason in refused.values())
    assert refused
    if file not in ("ministries.toml", "agencies.toml"):
        assert len(refused) < len(list_scenarios())
    assert called("list").exit_code == 0


@pytest.mark.parametrize("kind", ["arrangements", "portfolios", "letters"])
def test_a_broken_part_concerns_the_scenarios_that_name_it(copy: Path, kind: str) -> None:
    (copy / kind / "0-24-2015.toml").write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=rf"{kind}/0-24-2015.toml: line 1"):
        load_scenario("0-24-2015")
    load_scenario("labour-crime-2015")


def test_a_broken_scenario_file_is_listed_with_its_fault(copy: Path) -> None:
    (copy / "0-24-2015.toml").write_text("nonsense\n", encoding="utf-8")
    found = called("list")
    assert found.exit_code == 0
    assert "etatssamarbeidet-2022" in found.stdout
    listed = json.loads(called("list", "--json").stdout)
    (broken,) = [entry for entry in listed if "problem" in entry]
    assert "0-24-2015.toml: line 1, column 9: is not valid TOML" in broken["problem"]
    assert called("validate", "0-24-2018").exit_code == 0
    assert called("validate", "0-24-2015").exit_code == 2


def test_a_broken_lever_concerns_who_pulls_it(copy: Path) -> None:
    (copy / "levers" / "role-driver.toml").write_text("nonsense\n", encoding="utf-8")
    found = called("levers")
    assert found.exit_code == 0
    assert "role-driver.toml: line 1" in found.stderr
    assert "co-location" in found.stdout
    assert called("levers", "role-driver").exit_code != 0
    assert called("show", "0-24-2018+line-calibration", "--dial", "matrix=0.5").exit_code == 0
    assert called("dials").exit_code == 0
    assert called("show", "0-24-2018", "--dial", "driver=0.5").exit_code != 0
    assert "role-driver" in list_levers()
