"""The model's parameters: default, evidence and hard bounds of each, read from the shipped parameter file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.scenario.errors import (
    Origin,
    Problem,
    ScenarioError,
    among,
    is_,
    printable,
)
from tverretatlig_sim.scenario.files import Value, read_table, shipped_folder, shown
from tverretatlig_sim.scenario.quantity import Bounds, Grade, Quantity
from tverretatlig_sim.scenario.schema import Table, Title
from tverretatlig_sim.scenario.validate import checked, problems_of

UNKNOWN = _("unknown parameter")
NO_NUMBERS = _("is not a number or a one-dimensional array of numbers")

Pair = Annotated[tuple[float, float], Field(strict=False)]


class ParameterSpec(Table):
    """What is known about one parameter: its name and its table in the parameter file.

    Attributes:
        name: as scenario files and overrides write it.
        value: default, in the parameter's unit.
        range: evidence range, from ``low`` to ``high``, within which the parameter is plausible.
        limits: hard bounds (``bounds`` in the file), ``minimum`` to ``maximum``: beyond, it means nothing.
        unit: unit in words.
        grade: ``sourced``, ``derived`` or ``assumed``.
        source: source tag and section, or the reason for an assumption.
        meaning: what it says, in both languages.
        whole: whether it must be a whole number.
        note: anything else a reader must know.
        phases: phases of the month that use it.
    """

    name: str
    value: float
    range: Pair
    limits: Pair = Field(alias="bounds")
    unit: str
    grade: Grade
    source: str
    meaning: Title
    whole: bool = False
    note: str = ""
    phases: tuple[str, ...] = Field(default=(), strict=False)

    @property
    def low(self) -> float:
        """Lowest plausible value."""
        return self.range[0]

    @property
    def high(self) -> float:
        """Highest plausible value."""
        return self.range[1]

    @property
    def minimum(self) -> float:
        """Lowest possible value."""
        return self.limits[0]

    @property
    def maximum(self) -> float:
        """Highest possible value."""
        return self.limits[1]

    @property
    def quantity(self) -> Quantity:
        """The default with its evidence."""
        return Quantity(
            value=self.value, range=self.range, grade=self.grade, source=self.source, note=self.note
        )

    @property
    def bounds(self) -> Bounds:
        """The hard bounds, as fields of a scenario file have them."""
        return Bounds(*self.limits, self.unit, whole=self.whole)


def parameter_specs() -> Mapping[str, ParameterSpec]:
    """All parameters by name, in the order of the parameter file.

    Raises:
        ScenarioError: the parameter file is missing or faulty.
    """
    return _specs(shipped_folder() / "parameters.toml")


@cache
def _specs(path: Path) -> Mapping[str, ParameterSpec]:
    problems, specs = list[Problem](), dict[str, ParameterSpec]()
    for name, raw in read_table(path).items():
        origin = Origin(shown(path), name)
        spec = checked(
            ParameterSpec, {**raw, "name": name} if isinstance(raw, dict) else raw, origin, problems
        )
        if spec is None:
            continue
        specs[name] = spec
        if not spec.minimum <= spec.low <= spec.value <= spec.high <= spec.maximum:
            problems.append(origin.problem("", _("value, range and bounds do not enclose each other")))
    if problems:
        raise ScenarioError(problems)
    return MappingProxyType(specs)  # read-only, as all callers share it


def checked_overrides(raw: Value, origin: Origin, problems: list[Problem]) -> dict[str, Quantity]:
    """The ``[parameters]`` of a scenario file as quantities; what is wrong is appended to the problems."""
    if not isinstance(raw, dict):
        problems.append(origin.problem("parameters", is_(raw), _("a table")))
        return {}
    specs = parameter_specs() if raw else {}
    inside = Origin(origin.file, "parameters")
    problems.extend(_unknown(name, specs, inside) for name in raw if name not in specs)
    quantities = {}
    for name in (name for name in raw if name in specs):
        try:
            adapter = TypeAdapter[Quantity](Annotated[Quantity, specs[name].bounds])
            quantities[name] = adapter.validate_python(raw[name])
        except ValidationError as error:
            within = Origin(origin.file, f"parameters, {name}")
            problems.extend(problems_of(error, Quantity, raw[name], within))
    return dict(sorted(quantities.items()))


def check_parameters(overrides: Mapping[str, object]) -> None:
    """Check values that replace the parameters' defaults in a simulation.

    Args:
        overrides: by parameter name, one number or a one-dimensional array with a number for each run.

    Raises:
        ScenarioError: with every unknown name and every value that is not a number within the hard bounds.
    """
    specs, origin = parameter_specs(), Origin("parameters")
    problems = [_unknown(name, specs, origin) for name in overrides if name not in specs]
    for name in [name for name in overrides if name in specs]:
        if what := _fault(overrides[name], specs[name].bounds):
            problems.append(origin.problem(name, what, specs[name].bounds.allowed))
    if problems:
        raise ScenarioError(problems)


def _unknown(name: object, specs: Mapping[str, ParameterSpec], origin: Origin) -> Problem:
    word = str(name)
    return origin.problem(printable(word), UNKNOWN, *among(word, specs), "unknown_parameter")


def _fault(values: Value, bounds: Bounds) -> Message | str:
    """What is wrong with the values of one parameter; empty if nothing is."""
    import numpy as np  # only simulations pass arrays; reading a scenario should stay light

    try:
        array = np.asarray(values)
    except ValueError:
        return NO_NUMBERS
    if array.dtype.kind not in "iuf" or array.ndim > 1 or array.size == 0:
        return NO_NUMBERS
    wrong = [number for number in np.atleast_1d(array).tolist() if not bounds.holds(number)]
    if not wrong:
        return ""
    first = is_(float(wrong[0]))
    more = _("(and {number} more values are wrong)", number=len(wrong) - 1) if wrong[1:] else ""
    return joined(" ", (first, more))
