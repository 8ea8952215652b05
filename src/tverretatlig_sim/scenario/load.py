"""Scenarios by name, file or table: composed, checked, fitted and with levers pulled."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

from tverretatlig_sim.i18n import _, joined
from tverretatlig_sim.scenario.addresses import set_values
from tverretatlig_sim.scenario.compose import compose
from tverretatlig_sim.scenario.errors import Origin, Problem, ScenarioError, did_you_mean, listed, quoted
from tverretatlig_sim.scenario.files import (
    Folders,
    is_path,
    list_scenarios,
    read_table,
    shipped_folder,
    shown,
    split_name,
    toml_names,
)
from tverretatlig_sim.scenario.levers import Lever, pulled
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.scenario import Scenario, built, composed_table

ScenarioLike: TypeAlias = Scenario | str | Path | Mapping[str, Any]
"""A scenario, the name of a shipped one, the path of a file, or a table such as a file holds."""


def load_scenario(
    source: ScenarioLike,
    *,
    levers: Iterable[str | Path | Lever] | str | Path | Lever = (),
) -> Scenario:
    """A scenario that comes with the package, by name, or one's own, from a file or a table.

    Parts that a file names are looked up in the file's own folder first, then among those that come with
    the package. Where an arrangement leaves out what it inherits (``without``), everything that misses it is
    fitted; the scenario's notes say what was done.

    Args:
        source: a name from ``list_scenarios()``, or the path of a TOML file, both also with levers after plus
            signs (``0-24-2018+line-calibration``); a table such as a scenario file holds; or a scenario,
            which is checked as a file is if it was made or changed in memory.
        levers: more levers to pull with them, or a single one; see ``with_levers``.

    Raises:
        ScenarioError: with all problems of the file and its parts, or of the levers.
    """
    if isinstance(source, Scenario):
        return with_levers(source, levers)
    own: tuple[str, ...] = ()
    if isinstance(source, Mapping):
        whole, path = composed_table(source), None
    else:
        if isinstance(source, str):
            source, own = split_name(source, Path())
        path = _path_of(source)
        folders = Folders(tuple(dict.fromkeys((path.parent.absolute(), shipped_folder().absolute()))))
        whole = compose({"name": path.stem, **read_table(path)}, Origin(shown(path)), folders, path.stem)
    return with_levers(built(whole, path), *own, levers)


def with_levers(
    scenario: ScenarioLike, *levers: str | Path | Lever | Iterable[str | Path | Lever]
) -> Scenario:
    """The scenario with levers pulled and dials set: structure first, then numbers, whatever their order.

    Numbers are set, then multiplied, added to and held within limits. What changes force elsewhere follows
    ``fit`` and is said in ``notes``, as is what had to be left out. The name is the scenario's and the
    levers' sorted names, joined by ``+``; without levers the scenario is returned as it is.

    Args:
        scenario: what to change, as for ``load_scenario``; no lever has been pulled on it.
        levers: names from ``list_levers()``, paths of lever files, dials (``matrix=0.8``), or levers already
            loaded; also lists of these.

    Raises:
        ScenarioError: the scenario is not valid, a lever cannot be read or pulled here or would change
            nothing, or two contradict.
        TypeError: they are of another kind.
    """
    alone = str | Path | Lever
    given = [[it] if isinstance(it, alone) or not isinstance(it, Iterable) else it for it in levers]
    sound = scenario.checked() if isinstance(scenario, Scenario) else load_scenario(scenario)
    return pulled(sound, *chain.from_iterable(given))


def with_values(scenario: ScenarioLike, values: Mapping[str, float | Quantity]) -> Scenario:
    """The scenario with other numbers at some addresses; see ``addresses.numbers`` for those there are.

    Args:
        scenario: what to change, as for ``load_scenario``.
        values: by address; a bare number becomes an assumption that says it was set by hand.

    Raises:
        ScenarioError: the scenario is not valid; or with every address that is none and every number beyond
            its hard limits.
        TypeError: they are of another kind.
    """
    return set_values(load_scenario(scenario), values)


def _path_of(source: str | Path) -> Path:
    if not isinstance(source, str | os.PathLike):
        what = _("a scenario is given by its name, the path of its file or a table")
        raise TypeError(joined("; ", (what, _("given: {given!r}", given=source))))
    text = os.fspath(source)
    if isinstance(source, Path) or is_path(text):
        return Path(source)
    known = list_scenarios()
    if text in known:
        return shipped_folder() / f"{text}.toml"
    nearby = text in toml_names(Path.cwd())
    hint = did_you_mean(f"{text}.toml", [f"{text}.toml"]) if nearby else did_you_mean(text, known)
    what = _("there is no such scenario")
    raise ScenarioError([Problem(quoted(text), "", what, listed(known), hint, "unknown_scenario")])
