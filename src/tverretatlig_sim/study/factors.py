"""Factors: the numbers that a study varies, with their values or distributions.

Each has one address: a bare name is a behavioural parameter; ``arrangement.mandate_clarity`` or
``forum.steering-group.cadence`` is a number of the scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field
from scipy import stats

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.i18n import _
from tverretatlig_sim.scenario import Scenario, ScenarioError, addresses
from tverretatlig_sim.scenario.errors import Origin, Problem, did_you_mean, is_, listed, printable, quoted
from tverretatlig_sim.scenario.files import Value
from tverretatlig_sim.scenario.parameters import UNKNOWN, parameter_specs
from tverretatlig_sim.scenario.quantity import Bounds
from tverretatlig_sim.scenario.schema import Table
from tverretatlig_sim.scenario.validate import checked
from tverretatlig_sim.study.sampling import scaled, uncertain_parameters
from tverretatlig_sim.study.task import is_address

Distribution = Literal["uniform", "log-uniform", "triangular", "normal"]

FARTHEST = 1000
"""Standard deviations that a normal distribution's mean may lie outside its range; widths of the range that a
standard deviation may have."""
EVERY = "*"
"""Stands for every parameter whose evidence range has a width."""
EVIDENCE = "evidence"
PARAMETER = "parameter."
ALLOWED = _('a number, a list of numbers, a table with low and high, or "evidence"')
EXTRAS: Mapping[str, frozenset[str]] = {
    "triangular": frozenset({"mode"}),
    "normal": frozenset({"mean", "sd"}),
}
"""What a distribution needs besides its range."""


class Range(Table):
    """A number that varies over a range.

    Attributes:
        low, high: ends of the range, in the number's unit.
        distribution: over the range.
        mode: most likely value of a triangular distribution.
        mean, sd: of a normal distribution, before it is cut off at the ends of the range.
        levels: values of a grid, evenly spread over the distribution.
    """

    low: float
    high: float
    distribution: Distribution = "uniform"
    mode: float | None = None
    mean: float | None = None
    sd: Annotated[float, Field(gt=0)] | None = None
    levels: Annotated[int, Field(ge=2, le=10**6)] | None = None


@dataclass(frozen=True)
class Factor:
    """A number that varies between the points of a study.

    Attributes:
        name: address of the number.
        low, high: lowest and highest value, in the number's unit.
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
    values: tuple[float, ...] = field(default=(), repr=False)
    mode: float | None = None
    mean: float | None = None
    sd: float | None = None
    levels: int | None = None
    whole: bool = False

    @classmethod
    def of(cls, name: str, values: Sequence[float] | Floats, *, whole: bool = False) -> Factor:
        """A factor with a list of values."""
        numbers = tuple(float(value) for value in values)
        return cls(name, min(numbers), max(numbers), "values", numbers, whole=whole)

    def quantile(self, shares: Floats) -> Floats:
        """Values below which these shares of the distribution lie.

        Args:
            shares: numbers from 0 to 1, any shape.
        """
        if self.values:
            place = np.minimum(np.floor(shares * len(self.values)), len(self.values) - 1)
            return np.asarray(np.array(self.values)[place.astype(int)])
        if self.distribution == "uniform":
            return scaled(shares, self)
        spread = np.clip(self._inverse()(shares), self.low, self.high)
        return np.round(spread) if self.whole else spread

    def _inverse(self) -> Callable[[Floats], Floats]:
        """Inverse of the distribution function."""
        low, high, width = self.low, self.high, self.high - self.low
        if self.mode is not None:
            return stats.triang((self.mode - low) / width, low, width).ppf
        if self.mean is not None and self.sd is not None:
            ends = (low - self.mean) / self.sd, (high - self.mean) / self.sd
            return stats.truncnorm(*ends, self.mean, self.sd).ppf
        return stats.loguniform(low, high).ppf

    def grid(self, levels: int) -> Floats:
        """The values of a list, or a range's ends and values evenly spread between them, each once."""
        if self.values:
            return np.array(self.values)
        return np.unique(self.quantile(np.linspace(0.0, 1.0, self.levels or levels)))


@dataclass(frozen=True)
class Number:
    """What is known of a number that could be a factor.

    Attributes:
        name: its address.
        bounds: hard limits.
        evidence: ends of its evidence range; None if there is none that all arrangements share.
    """

    name: str
    bounds: Bounds
    evidence: tuple[float, float] | None = None

    def faults(self, values: Sequence[float], inside: Origin, place: str) -> list[Problem]:
        """The first of some values that is beyond the limits, if any is."""
        wrong = [value for value in values if not _holds(self.bounds, value)]
        return [inside.problem(place, is_(value), self.bounds.allowed) for value in wrong[:1]]


def number_at(
    name: str, scenarios: Mapping[str, Scenario], inside: Origin, problems: list[Problem]
) -> Number | None:
    """The number at an address; None, with what is wrong among the problems, if there is none.

    Args:
        name: of a behavioural parameter, or the address of a number of the scenarios.
        scenarios: by arrangement; it is enough that one of them has the address.
        inside: where the address stands.
        problems: found problems are appended here.
    """
    specs = parameter_specs()
    if name in specs:
        return Number(name, specs[name].bounds, (specs[name].low, specs[name].high))
    if not is_address(name):
        problems.append(inside.problem(printable(name), UNKNOWN, listed(specs), did_you_mean(name, specs)))
        return None
    found = {label: address_in(scenario, name) for label, scenario in scenarios.items()}
    there = {label: address for label, address in found.items() if not isinstance(address, ScenarioError)}
    if not there:
        faults = [p for error in found.values() if isinstance(error, ScenarioError) for p in error.problems]
        problems += [inside.problem(printable(name), p.what, p.allowed, p.hint) for p in faults[:1]]
        return None
    quantities = [addresses.value(scenarios[label], address) for label, address in there.items()]
    ranges = {None if quantity is None else quantity.range for quantity in quantities}
    return Number(name, next(iter(there.values())).bounds, ranges.pop() if len(ranges) == 1 else None)


def address_in(scenario: Scenario, name: str) -> addresses.Address | ScenarioError:
    """A number of a scenario, or why it has none of this address."""
    try:
        return addresses.parse(scenario, name)
    except ScenarioError as error:
        return error


def numbers_in(scenario: Scenario, names: Iterable[str]) -> tuple[str, ...]:
    """Those of some addresses that a scenario has."""
    return tuple(
        name
        for name in filter(is_address, names)
        if not isinstance(address_in(scenario, name), ScenarioError)
    )


def factors_of(columns: Mapping[str, Any], scenarios: Mapping[str, Scenario]) -> tuple[Factor, ...]:
    """Factors whose values are the columns of a list of points.

    Raises:
        ScenarioError: with every address that is none, and every value outside its hard limits.
    """
    factors, problems, origin = list[Factor](), list[Problem](), Origin("parameters")
    for name, column in _once(columns, origin, problems).items():
        number = number_at(name, scenarios, origin, problems)
        if number is not None:
            problems += number.faults(list(column), origin, name)
            factors.append(Factor.of(name, column, whole=number.bounds.whole))
    if problems:
        raise ScenarioError(problems)
    return tuple(factors)


def read_factors(
    raw: Mapping[str, Value], scenarios: Mapping[str, Scenario], origin: Origin, problems: list[Problem]
) -> tuple[tuple[Factor, ...], dict[str, float]]:
    """Factors and fixed values of the ``[parameters]`` of a study; what is wrong is appended to the problems.

    Returns:
        Factors in the order of the file; values of numbers that are the same at all points, by address.
    """
    inside, factors, fixed = Origin(origin.file, "parameters"), list[Factor](), dict[str, float]()
    for name, value in _spelled_out(raw, inside, problems).items():
        number, before = number_at(name, scenarios, inside, problems), len(problems)
        if number is None:
            continue
        if _is_number(value):
            problems += number.faults([value], inside, name)
            fixed |= {name: float(value)} if len(problems) == before else {}
        elif factor := _factor(number, value, inside, problems):
            factors.append(factor)
    return tuple(factors), fixed


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _spelled_out(raw: Mapping[str, Value], inside: Origin, problems: list[Problem]) -> Mapping[str, Value]:
    """The table by address, ``"*"`` replaced by what it stands for; what is said of one of these counts."""
    if EVERY in raw and raw[EVERY] != EVIDENCE:
        problems.append(inside.problem(f'"{EVERY}"', is_(raw[EVERY]), quoted(EVIDENCE)))
    every = dict.fromkeys(uncertain_parameters(), EVIDENCE) if EVERY in raw else {}
    return every | _once({name: value for name, value in raw.items() if name != EVERY}, inside, problems)


def _once(table: Mapping[str, Any], inside: Origin, problems: list[Problem]) -> dict[str, Any]:
    """The table with the one address that each number has."""
    names = [name.removeprefix(PARAMETER) for name in table]
    twice = sorted({name for name in names if names.count(name) > 1})
    problems += [inside.problem(printable(name), _("is given more than once")) for name in twice]
    return dict(zip(names, table.values(), strict=True))


def _factor(number: Number, value: Value, inside: Origin, problems: list[Problem]) -> Factor | None:
    name, whole, before = number.name, number.bounds.whole, len(problems)
    what = None
    if value == EVIDENCE and number.evidence is not None:
        return Factor(name, *number.evidence, whole=whole)
    if value == EVIDENCE:
        what = _("has no evidence range that all arrangements share")
    elif isinstance(value, list):
        if value and all(map(_is_number, value)):
            problems += number.faults(value, inside, name)
            return Factor.of(name, value, whole=whole) if len(problems) == before else None
        what = _("is empty or holds more than numbers")
    elif isinstance(value, dict):
        here = Origin(inside.file, f"{inside.within}, {name}")
        table = checked(Range, value, here, problems)
        if table is not None and len(problems) == before:
            problems += _range_faults(table, number, here)
            return Factor(name, whole=whole, **table.model_dump())
        return None
    problems.append(inside.problem(name, what or is_(value), ALLOWED))
    return None


def _holds(bounds: Bounds, value: float) -> bool:
    """Whether a number, however large, is within limits."""
    try:
        return isfinite(value) and bounds.holds(float(value))
    except OverflowError:
        return False


def _range_faults(table: Range, number: Number, here: Origin) -> list[Problem]:
    faults = [p for key in ("low", "high") for p in number.faults([getattr(table, key)], here, key)]
    low, high, mode, kind = table.low, table.high, table.mode, table.distribution
    wrong = {
        "high": (not low < high, _("a number above low ({low:g})", low=low)),
        "low": (kind == "log-uniform" and low <= 0, _("a number above 0, for log-uniform")),
        "mode": (mode is not None and not low <= mode <= high, _("a number from low to high")),
    }
    if table.mean is not None and table.sd is not None and low < high:
        # Beyond these, the distribution function cannot be told from 0, 1 or a straight line.
        apart, width = max(low - table.mean, table.mean - high, 0.0), high - low
        wrong |= {
            "mean": (apart > FARTHEST * table.sd, _("at most {number} sd out of range", number=FARTHEST)),
            "sd": (table.sd > FARTHEST * width, _("at most {number} times the range", number=FARTHEST)),
        }
    faults += [
        here.problem(key, is_(getattr(table, key)), allowed)
        for key, (is_wrong, allowed) in wrong.items()
        if is_wrong
    ]
    needed = EXTRAS.get(kind, frozenset())
    given = {key for key in ("mode", "mean", "sd") if getattr(table, key) is not None}
    missing = _("is missing; a {kind} distribution needs it", kind=kind)
    strange = _("does not go with the distribution {distribution}", distribution=quoted(kind))
    faults += [here.problem(key, missing, _("a number")) for key in sorted(needed - given)]
    faults += [here.problem(key, strange) for key in sorted(given - needed)]
    return faults
