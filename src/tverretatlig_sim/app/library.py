"""What can be chosen: scenarios, levers and dials, which of them go together, and why the others do not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from tverretatlig_sim.app.scheduler import Cache
from tverretatlig_sim.ensemble.frameworks import GIVEN, Setting
from tverretatlig_sim.scenario import Scenario, list_scenarios, load_scenario, with_levers
from tverretatlig_sim.scenario.errors import ScenarioError
from tverretatlig_sim.scenario.levers import (
    Dial,
    Lever,
    list_dials,
    load_dial,
    load_lever,
    sound_levers,
)
from tverretatlig_sim.scenario.load import edited_by
from tverretatlig_sim.scenario.overlay import Line, line_of

Refusals = tuple[tuple[str, ScenarioError], ...]
"""Levers that cannot be applied, and why."""
Faults = Mapping[str, ScenarioError]
"""Why lines cannot be made, by key."""
SINCE = "since"
"""Key of a fault of the month."""
SCENARIOS_KEPT = 64
REFUSALS_KEPT = 256
SETTING = re.compile(r"([a-z-]{1,40})=([+-]?[0-9]{1,6}(?:\.[0-9]{0,12})?)")
"""A dial's setting in an address, ``matrix=0.8``; neither exponents nor very long numbers."""
DECIMALS = 2
"""Decimals of a setting that are kept, so that addresses cannot ask for endlessly many arrangements."""

STANDS: Mapping[str, Callable[[Setting], float]] = {
    "rung": GIVEN["ladder.aimed"],
    "ambition": GIVEN["ladder.ambition"],
    "geographic": GIVEN["distance.geographic"],
    "structural": GIVEN["distance.structural"],
    "matrix": GIVEN["matrix.authority"],
    "hierarchy": GIVEN["hierarchy.strength"],
    "voluntary": GIVEN["voluntary.start"],
    "law-and-budget": lambda it: GIVEN["instrument.legal"](it) + GIVEN["instrument.economic"](it),
    # Of projects that meet the line four times or more, with clear aims: 1.
    "theory-of-change": lambda it: float(
        np.mean([it.world.projects.clarity, np.minimum(it.world.projects.stop_points / 4, 1)])
    ),
    "municipal": GIVEN["chain.to_municipalities"],
    # One end of these is what there is, whatever it is.
    **dict.fromkeys(("cognitive", "power"), lambda _it: 1.0),
    **dict.fromkeys(("driver", "interest-balancer", "system-steward"), lambda _it: 0.0),
}
"""Where each dial stands in a scenario as it is; NaN where there is nothing that it could be read off."""

_dial_lever = lru_cache(REFUSALS_KEPT)(load_lever)


@dataclass(frozen=True)
class Arrangement:
    """A scenario by name, with what is changed in it.

    Attributes:
        scenario: its name.
        levers: levers and settings of dials (``matrix=0.8``) that are applied, sorted.
        lines: what its user changes, as ``line_of`` reads it, before these.
        since: first month in which the lines hold; empty for the whole run.
    """

    scenario: str
    levers: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    since: str = ""

    @property
    def names(self) -> frozenset[str]:
        """Names of the levers that are applied and of the dials that are set."""
        return frozenset(map(name_of, self.levers))


class Library:
    """Everything that can be chosen. A name in an address never becomes a path."""

    def __init__(self, own: Sequence[Scenario] = ()) -> None:
        """Take up scenarios besides the shipped ones.

        Args:
            own: loaded scenarios; one that is called like a shipped one takes its place.
        """
        self.own = {scenario.name: scenario for scenario in own}
        self._scenarios: Cache[Arrangement, Scenario] = Cache(SCENARIOS_KEPT)
        self._changed: Cache[Arrangement, tuple[Scenario, Faults]] = Cache(SCENARIOS_KEPT)
        self._fittings: Cache[Arrangement, tuple[Arrangement, Refusals]] = Cache(SCENARIOS_KEPT)
        self._refusals: Cache[Arrangement, Mapping[str, ScenarioError]] = Cache(REFUSALS_KEPT)
        self._standing: Cache[Arrangement, Mapping[str, float]] = Cache(SCENARIOS_KEPT)

    @cached_property
    def scenarios(self) -> Mapping[str, Scenario]:
        """All scenarios without levers, one's own first; shipped ones with a faulty file are left out."""
        known = dict(self.own)
        for name in list_scenarios():
            if name not in known:
                with suppress(ScenarioError):
                    known[name] = load_scenario(name)
        return known

    @cached_property
    def levers(self) -> Mapping[str, Lever]:
        """All levers by name; those with a faulty file are left out."""
        return {lever.name: lever for lever in sound_levers()[0]}

    @cached_property
    def dials(self) -> Mapping[str, Dial]:
        """All dials by name."""
        return {name: load_dial(name) for name in list_dials()}

    def scenario(self, arrangement: Arrangement) -> Scenario:
        """The scenario with its levers and settings applied.

        Raises:
            ScenarioError: if they cannot be applied here.
        """
        return self._scenarios.get(arrangement, self._applied)

    def changed(self, arrangement: Arrangement) -> tuple[Scenario, Faults]:
        """The scenario with its lines, without levers; why some of the lines cannot be made, by key."""
        return self._changed.get(replace(arrangement, levers=()), self._with_lines)

    def months(self, *arrangements: Arrangement) -> int:
        """Length of the runs: the longest of the scenarios' own, as ``compare`` takes it."""
        return max(self.scenario(arrangement).default_months for arrangement in arrangements)

    def fitting(self, asked: Arrangement) -> tuple[Arrangement, Refusals]:
        """The arrangement with as many levers as go together, in the order asked for; why not the others."""
        return self._fittings.get(asked, self._fitted)

    def refusals(self, arrangement: Arrangement) -> Mapping[str, ScenarioError]:
        """Levers that cannot be applied and dials that cannot be set on an arrangement as it is, and why."""
        return self._refusals.get(arrangement, self._refused)

    def standing(self, arrangement: Arrangement) -> Mapping[str, float]:
        """Where each dial stands in an arrangement, within its bounds; its lower end where nothing tells."""
        return self._standing.get(arrangement, self._read_off)

    def _read_off(self, arrangement: Arrangement) -> Mapping[str, float]:
        setting = Setting.of(self.scenario(arrangement))
        found = {
            name: float(np.nan_to_num(STANDS[name](setting), nan=dial.low))
            for name, dial in self.dials.items()
        }
        return {
            name: min(max(value, self.dials[name].low), self.dials[name].high)
            for name, value in found.items()
        }

    def _fitted(self, asked: Arrangement) -> tuple[Arrangement, Refusals]:
        everything = replace(asked, levers=tuple(sorted(asked.levers)))
        if _error(self.scenario, everything) is None:
            return everything, ()
        kept, refused = replace(asked, levers=()), list[tuple[str, ScenarioError]]()
        for lever in asked.levers:
            wider = replace(asked, levers=tuple(sorted((*kept.levers, lever))))
            if (error := _error(self.scenario, wider)) is None:
                kept = wider
            else:
                refused.append((lever, error))
        return kept, tuple(refused)

    def _refused(self, arrangement: Arrangement) -> Mapping[str, ScenarioError]:
        def error_of(lever: str) -> ScenarioError | None:
            return _error(self._applied, replace(arrangement, levers=(*arrangement.levers, lever)))

        # A dial that can be set to anything at all can be set; its slider finds out which values are refused.
        tries = {name: [name] for name in self.levers} | {
            name: [setting(dial, end) for end in (dial.bounds.high, dial.bounds.low)]
            for name, dial in self.dials.items()
        }
        refused: dict[str, ScenarioError] = {}
        for name, (first, *others) in tries.items():
            error = None if name in arrangement.names else error_of(first)
            if error is not None and all(error_of(other) is not None for other in others):
                refused[name] = error
        return refused

    def _applied(self, arrangement: Arrangement) -> Scenario:
        levers = map(self._lever, arrangement.levers)
        return with_levers(self.changed(arrangement)[0], *levers)

    def _with_lines(self, arrangement: Arrangement) -> tuple[Scenario, Faults]:
        base, faults = self.scenarios[arrangement.scenario], dict[str, ScenarioError]()
        lines = dict[str, Line]()
        for text in arrangement.lines:
            try:
                line = line_of(text)
                lines[line.key] = line
            except ScenarioError as error:
                faults[text.partition("=")[0].strip()] = error
        if not lines:
            return base, faults
        try:
            made = edited_by(base, [*lines.values()], arrangement.since or None, faults=faults)
        except ScenarioError as error:  # the month
            return base, {**faults, SINCE: error}
        return (made if made.changes != base.changes else base), faults

    def _lever(self, name: str) -> Lever:
        return _dial_lever(name) if name != name_of(name) else self.levers[name]


def _error(make: Callable[[Arrangement], Scenario], arrangement: Arrangement) -> ScenarioError | None:
    try:
        make(arrangement)
    except ScenarioError as error:
        return error
    return None


def name_of(lever: str) -> str:
    """The name of a lever, or of the dial that a setting such as ``matrix=0.8`` is of."""
    return lever.partition("=")[0]


def setting(dial: Dial, value: float) -> str:
    """How the setting of a dial to a value within its bounds is written."""
    return f"{dial.name}={round(value, 0 if dial.bounds.whole else DECIMALS) + 0.0:g}"


def refusal(error: ScenarioError) -> str:
    """Why a lever or a setting cannot be applied, in the current language."""
    return str(error.problems[0].what)
