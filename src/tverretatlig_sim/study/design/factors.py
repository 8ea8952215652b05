"""Factors: the parameters a study varies, with their values or distributions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtr, ndtri

from tverretatlig_sim.arrays import Floats, floats
from tverretatlig_sim.i18n import _
from tverretatlig_sim.scenario.checking import checked
from tverretatlig_sim.scenario.errors import Origin, Problem, did_you_mean, is_, listed, printable, quoted
from tverretatlig_sim.scenario.files import Value
from tverretatlig_sim.scenario.parameters import UNKNOWN, ParameterSpec, parameter_specs
from tverretatlig_sim.study.design.schema import Distribution, FactorTable
from tverretatlig_sim.study.sampling import scaled, uncertain_parameters

EVERY = "*"
"""Stands for every parameter whose evidence range has a width."""
EVIDENCE = "evidence"
ALLOWED = _('a number, a list of numbers, a table with low and high, or "evidence"')
EXTRAS: Mapping[str, frozenset[str]] = {
    "triangular": frozenset({"mode"}),
    "normal": frozenset({"mean", "sd"}),
}
"""What a distribution needs besides its range."""


@dataclass(frozen=True)
class Factor:
    """A parameter that varies between the points of a study.

    Attributes:
        name: of the parameter.
        low, high: lowest and highest value, in the parameter's unit.
        distribution: over the range, or ``values`` if there is a list of these.
        values: the list, in the order given; empty for a range.
        mode: of a triangular distribution.
        mean, sd: of a normal distribution, before it is cut off at the ends.
        levels: number of values in a grid, if given for this factor.
        whole: whether values are whole numbers.
    """

    name: str
    low: float
    high: float
    distribution: Distribution | Literal["values"] = "uniform"
    values: tuple[float, ...] = ()
    mode: float | None = None
    mean: float | None = None
    sd: float | None = None
    levels: int | None = None
    whole: bool = False

    def quantile(self, shares: Floats) -> Floats:
        """Values below which these shares of the distribution lie.

        Args:
            shares: numbers from 0 to 1, any shape.
        """
        if self.values:
            place = np.minimum(np.floor(shares * len(self.values)), len(self.values) - 1)
            return floats(np.array(self.values)[place.astype(int)])
        if self.distribution == "uniform":
            return scaled(shares, self)
        spread = np.clip(self._continuous(shares), self.low, self.high)
        return np.round(spread) if self.whole else spread

    def _continuous(self, shares: Floats) -> Floats:
        if self.distribution == "log-uniform":
            return np.asarray(self.low * (self.high / self.low) ** shares)
        if self.mode is not None:
            return _triangular(shares, self.low, self.mode, self.high)
        mean, sd = self.mean or 0.0, self.sd or 1.0
        first, last = ndtr((self.low - mean) / sd), ndtr((self.high - mean) / sd)
        return np.asarray(mean + sd * ndtri(first + shares * (last - first)))

    def grid(self, levels: int) -> Floats:
        """The values of a list, or a range's ends and values evenly spread between them, each once."""
        if self.values:
            return np.array(self.values)
        return np.unique(self.quantile(np.linspace(0.0, 1.0, self.levels or levels)))


def _triangular(shares: Floats, low: float, mode: float, high: float) -> Floats:
    width, turn = high - low, (mode - low) / (high - low)
    rising = low + np.sqrt(shares * width * (mode - low))
    falling = high - np.sqrt((1.0 - shares) * width * (high - mode))
    return np.where(shares < turn, rising, falling)


def read_factors(
    raw: Value, origin: Origin, problems: list[Problem]
) -> tuple[tuple[Factor, ...], dict[str, float]]:
    """Factors and fixed values of the ``[parameters]`` of a study; what is wrong is appended to the problems.

    Returns:
        Factors in the order of the file; values of parameters that are the same in all points, by name.
    """
    if not isinstance(raw, dict):
        problems.append(origin.problem("parameters", is_(raw), _("a table")))
        return (), {}
    inside, specs = Origin(origin.file, "parameters"), parameter_specs()
    factors: list[Factor] = []
    fixed: dict[str, float] = {}
    for name, value in _spelled_out(raw, inside, problems).items():
        if name not in specs:
            problems.append(
                inside.problem(printable(name), UNKNOWN, listed(specs), did_you_mean(name, specs))
            )
        elif isinstance(value, int | float) and not isinstance(value, bool):
            fixed[name] = float(value)
            problems.extend(_outside(name, "", [value], specs[name], inside))
        elif factor := _factor(specs[name], value, inside, problems):
            factors.append(factor)
    return tuple(factors), fixed


def _spelled_out(raw: dict[str, Value], inside: Origin, problems: list[Problem]) -> dict[str, Value]:
    """The table with ``"*"`` replaced by the parameters it stands for; what is said of one of them counts."""
    if EVERY not in raw:
        return raw
    if raw[EVERY] != EVIDENCE:
        problems.append(inside.problem(f'"{EVERY}"', is_(raw[EVERY]), quoted(EVIDENCE)))
    others = {name: value for name, value in raw.items() if name != EVERY}
    return {**dict.fromkeys(uncertain_parameters(), EVIDENCE), **others}


def _factor(spec: ParameterSpec, value: Value, inside: Origin, problems: list[Problem]) -> Factor | None:
    if value == EVIDENCE:
        return Factor(spec.name, spec.low, spec.high, whole=spec.whole)
    if isinstance(value, list):
        return _listed(spec, value, inside, problems)
    if not isinstance(value, dict):
        problems.append(inside.problem(spec.name, is_(value), ALLOWED))
        return None
    here, before = Origin(inside.file, f"{inside.within}, {spec.name}"), len(problems)
    table = checked(FactorTable, value, here, problems)
    if table is None or len(problems) > before:
        return None
    problems.extend(_table_faults(table, spec, here))
    extras = {key: getattr(table, key) for key in ("mode", "mean", "sd", "levels")}
    return Factor(spec.name, table.low, table.high, table.distribution, whole=spec.whole, **extras)


def _listed(
    spec: ParameterSpec, values: list[Value], inside: Origin, problems: list[Problem]
) -> Factor | None:
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) < len(values) or not values:
        problems.append(inside.problem(spec.name, _("is empty or holds more than numbers"), ALLOWED))
        return None
    problems.extend(_outside(spec.name, "", numbers, spec, inside))
    floats = tuple(float(value) for value in numbers)
    return Factor(spec.name, min(floats), max(floats), "values", floats, whole=spec.whole)


def _outside(name: str, key: str, values: list[float], spec: ParameterSpec, inside: Origin) -> list[Problem]:
    wrong = [value for value in values if not spec.bounds.holds(value)]
    place = ", ".join(part for part in (name, key) if part)
    return [inside.problem(place, is_(value), spec.bounds.allowed) for value in wrong[:1]]


def _table_faults(table: FactorTable, spec: ParameterSpec, here: Origin) -> list[Problem]:
    faults = [
        problem for key in ("low", "high") for problem in _outside("", key, [getattr(table, key)], spec, here)
    ]
    if not table.low < table.high:
        allowed = _("a number above low ({low:g})", low=table.low)
        faults.append(here.problem("high", is_(table.high), allowed))
    if table.distribution == "log-uniform" and table.low <= 0:
        faults.append(here.problem("low", is_(table.low), _("a number above 0, for log-uniform")))
    if table.mode is not None and not table.low <= table.mode <= table.high:
        faults.append(here.problem("mode", is_(table.mode), _("a number from low to high")))
    distribution = {"distribution": quoted(table.distribution)}
    needed = EXTRAS.get(table.distribution, frozenset())
    given = {key for key in ("mode", "mean", "sd") if getattr(table, key) is not None}
    faults += [
        here.problem(
            key, _("is missing; a {kind} distribution needs it", kind=table.distribution), _("a number")
        )
        for key in sorted(needed - given)
    ]
    faults += [
        here.problem(key, _("does not go with the distribution {distribution}", **distribution))
        for key in sorted(given - needed)
    ]
    return faults
