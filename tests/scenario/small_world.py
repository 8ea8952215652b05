"""A small world for the tests of the loader: three agencies, two forums, one project, one letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from tverretatlig_sim.scenario import Scenario, ScenarioError, load_scenario

HEAD = """
title = { en = "Small world", nb = "Liten verden" }
start = "2022-01"
arrangement = "flat"
portfolio = "one"
letters = "yearly"
"""
ACTORS = """
[[ministry]]
name = "KD"
[[ministry]]
name = "HOD"
[[ministry]]
name = "JD"
[[agency]]
name = "Udir"
ministry = "KD"
capacity = 4.0
core_tasks = { education = 1.0, health = 0.2 }
[[agency]]
name = "Hdir"
ministry = "HOD"
capacity = 3
core_tasks = { health = 1.0 }
[[agency]]
name = "FHI"
ministry = "HOD"
capacity = 2.0
core_tasks = { health = 0.8 }
[[agency]]
name = "POD"
ministry = "JD"
capacity = 2.0
core_tasks = { justice = 1.0 }
"""
ARRANGEMENT = """
coordinator = "Udir"
facilitator = "secretariat"
route = ["directors", "line"]
[[member]]
agency = "Udir"
core = true
[[member]]
agency = "Hdir"
capacity = 5.0
[[member]]
agency = "FHI"
[[forum]]
name = "directors"
function = "steer"
seats = "all"
cadence = 2.0
chair = "Udir"
served_by = "secretariat"
[[forum]]
name = "secretariat"
function = "prepare"
seats = ["Udir", "Hdir"]
cadence = 1.0
secretariat_fte = 1.5
[[tie]]
source_agency = "Udir"
target_agency = "Hdir"
trust = 0.8
[[unstable]]
begins = "2022-06"
ends = "2022-12"
turnover = 2.0
"""
PORTFOLIO = """
[[project]]
name = "absence"
themes = { education = 1.0, health = 0.5 }
origin = "commissioned"
lead = "Udir"
members = "all"
size = 12.0
recommendations = 3
parties = 2
start = "2022-03"
gains = { Udir = 0.4 }
"""
LETTERS = """
[[letter]]
name = "january"
ministries = ["KD", "HOD"]
to = "all"
begins = "2022-01"
strength = 0.5
projects = ["absence"]
[[event]]
name = "prize"
ministries = "all"
month = "2023-05"
strength = 0.3
"""
PARAMETERS = """
[will_core]
value = 2.0
range = [0.5, 3.5]
bounds = [-40.0, 40.0]
unit = "logit"
grade = "assumed"
source = "no source measures willingness"
meaning = { en = "weight of core-task overlap", nb = "vekt på nærhet til kjerneoppgaver" }
phases = ["allocate"]
[rounds]
value = 3
range = [1, 5]
bounds = [1, 20]
unit = "rounds"
grade = "assumed"
source = "four submissions in ten months were many"
meaning = { en = "rounds before a case is dropped", nb = "runder før en sak faller" }
whole = true
"""
FILES = {
    "head": ("small.toml", HEAD),
    "actors": ("actors/all.toml", ACTORS),
    "arrangement": ("arrangements/flat.toml", ARRANGEMENT),
    "portfolio": ("portfolios/one.toml", PORTFOLIO),
    "letters": ("letters/yearly.toml", LETTERS),
}


class World:
    """The files of the small world in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for path, text in FILES.values():
            self.write(path, text)

    @property
    def path(self) -> Path:
        """The scenario file."""
        return self.folder / "small.toml"

    def write(self, path: str, text: str | bytes) -> Path:
        """Write one file of the folder."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    def change(self, part: str, old: str, new: str) -> None:
        """Replace the first occurrence of a text in one part; an empty old text appends."""
        path = self.folder / FILES[part][0]
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1) if old else f"{text}\n{new}\n", encoding="utf-8")

    def load(self) -> Scenario:
        """The scenario as the loader sees it."""
        return load_scenario(self.path)

    def complaint(self) -> str:
        """What the loader complains about."""
        with pytest.raises(ScenarioError) as caught:
            self.load()
        return str(caught.value)
