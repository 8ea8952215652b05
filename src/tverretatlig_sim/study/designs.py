"""Designs: which points of the space of factors are run."""

from __future__ import annotations

import csv
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from math import prod
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field
from scipy.stats import qmc

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.i18n import _, reason_of
from tverretatlig_sim.scenario import Scenario, ScenarioError
from tverretatlig_sim.scenario.errors import Origin, Problem, is_, listed, quoted
from tverretatlig_sim.scenario.files import shown
from tverretatlig_sim.scenario.quantity import Name
from tverretatlig_sim.scenario.schema import Table
from tverretatlig_sim.study.factors import Factor, factors_of
from tverretatlig_sim.study.history_matching import stored_sets
from tverretatlig_sim.study.sampling import sobol_shares

MOST_POINTS = 10_000_000
GRID_LEVELS, MORRIS_LEVELS = 5, 4
SHIPPED_SETS = "evidence-consistent"

Kind = Literal["grid", "list", "latin-hypercube", "sobol", "saltelli", "morris"]
Positive = Annotated[int, Field(ge=1, le=10**9)]


class Design(Table):
    """Which points are run.

    Attributes:
        kind: how they are chosen.
        points: their number, in a Latin hypercube or a Sobol sequence.
        base: points of the two base samples of a Saltelli design, a power of 2.
        second_order: whether a Saltelli design allows second-order indices.
        trajectories: of a Morris design.
        levels: of the factors of a Morris design, or of a grid's ranges.
        file: points of a list, a CSV file with a column a factor; or ``evidence-consistent``.
    """

    kind: Kind
    points: Positive | None = None
    base: Positive | None = None
    second_order: bool | None = None
    trajectories: Positive | None = None
    levels: Annotated[int, Field(ge=2, le=10**6)] | None = None
    file: Name | None = None


KEYS: Mapping[Kind, tuple[str, ...]] = {
    "grid": ("levels",),
    "list": ("file",),
    "latin-hypercube": ("points",),
    "sobol": ("points",),
    "saltelli": ("base", "second_order"),
    "morris": ("trajectories", "levels"),
}
"""Keys that go with each kind of design."""
THOUSANDS = re.compile(r"[-+]?\d{1,3}(\.\d{3})+")
"""A number that may be a thousand times what it seems, where others have a decimal comma."""
BY_SALIB = ("saltelli", "morris")
NEEDED = {"points", "base", "trajectories"}


def design_problems(design: Design, factors: Sequence[Factor], origin: Origin) -> list[Problem]:
    """What is wrong with a design for these factors."""
    here, keys, kind = Origin(origin.file, "design"), KEYS[design.kind], quoted(design.kind)
    given = {key for key in Design.model_fields if key != "kind" and getattr(design, key) is not None}
    strange = _("does not go with the kind {kind}", kind=kind)
    missing = _("is missing; a design of the kind {kind} needs it", kind=kind)
    problems = [here.problem(key, strange, listed(keys)) for key in sorted(given - set(keys))]
    problems += [here.problem(key, missing, _("a whole number")) for key in keys if key in NEEDED - given]
    if design.base and design.base & (design.base - 1):
        hint = _("try {number}", number=2 ** round(np.log2(design.base)))
        problems.append(here.problem("base", is_(design.base), _("a power of 2"), hint))
    if not factors and design.kind not in ("grid", "list"):
        problems.append(origin.problem("parameters", _("none varies, but {kind} needs one", kind=kind)))
    if design.kind in BY_SALIB and find_spec("SALib") is None:
        install = 'pip install "tverretatlig-sim[study]"'
        what = _("{kind} needs the library SALib: {install}", kind=kind, install=install)
        problems.append(here.problem("kind", what))
    if design.kind == "grid":
        once = _("every value of a grid once")
        problems += [
            Origin(origin.file, "parameters").problem(factor.name, _("is given more than once"), once)
            for factor in factors
            if len(set(factor.values)) < len(factor.values)
        ]
    problems += _list_problems(design, factors, here) if design.kind == "list" else []
    size = 0 if problems else design_size(design, factors)
    if size > MOST_POINTS:
        limit = _("at most {number}", number=MOST_POINTS)
        problems.append(here.problem("", _("has {number} points", number=size), limit))
    return problems


def _list_problems(design: Design, factors: Sequence[Factor], here: Origin) -> list[Problem]:
    if design.file is not None:
        names = ", ".join(factor.name for factor in factors)
        what = _("gives the points, but {names} vary too", names=names)
        return [here.problem("file", what)] if factors else []
    problems = [
        here.problem("", _("parameter {name} needs a list of values", name=quoted(factor.name)))
        for factor in factors
        if not factor.values
    ]
    lengths = {len(factor.values) for factor in factors if factor.values}
    if len(lengths) > 1:
        what = _("the lists of values have different lengths: {lengths}", lengths=sorted(lengths))
        problems.append(here.problem("", what, _("one length")))
    return problems


def design_size(design: Design, factors: Sequence[Factor]) -> int:
    """Number of points, or slightly more, without making them; of a file's list, 0."""
    match design.kind:
        case "grid":
            levels = design.levels or GRID_LEVELS
            return prod(len(factor.values) or factor.levels or levels for factor in factors)
        case "list":
            return max([1, *(len(factor.values) for factor in factors)]) if design.file is None else 0
        case "saltelli":
            return (design.base or 0) * (len(factors) * (2 if design.second_order else 1) + 2)
        case "morris":
            return (design.trajectories or 0) * (len(factors) + 1)
        case _:
            return design.points or 0


def design_points(design: Design, factors: Sequence[Factor], seed: int) -> Floats:
    """The points of a sound design. Shape (point, factor), each column in the unit of its factor.

    A grid varies its last factor fastest; Saltelli and Morris designs are in the order that SALib reads.
    """
    if design.kind == "grid":
        axes = [factor.grid(design.levels or GRID_LEVELS) for factor in factors]
        mesh = np.meshgrid(*axes, indexing="ij")
        return np.stack([axis.ravel() for axis in mesh], axis=-1) if axes else np.empty((1, 0))
    if design.kind == "list":
        return np.array([factor.values for factor in factors]).T if factors else np.empty((1, 0))
    shares = SHARES[design.kind](design, len(factors), seed)
    return np.column_stack([factor.quantile(shares[:, k]) for k, factor in enumerate(factors)])


def _latin(design: Design, factors: int, seed: int) -> Floats:
    return qmc.LatinHypercube(factors, seed=np.random.default_rng(seed)).random(design.points or 1)


def _sobol(design: Design, factors: int, seed: int) -> Floats:
    return sobol_shares(factors, design.points or 1, seed)


def _saltelli(design: Design, factors: int, seed: int) -> Floats:
    from SALib.sample import sobol

    shares: Floats = sobol.sample(
        _unit_problem(factors), design.base or 1, calc_second_order=bool(design.second_order), scramble=True,
        seed=np.random.default_rng(seed),
    )  # fmt: skip
    return shares


def _morris(design: Design, factors: int, seed: int) -> Floats:
    from SALib.sample import morris

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="num_levels should be an even number")
        shares: Floats = morris.sample(
            _unit_problem(factors), design.trajectories or 1, num_levels=design.levels or MORRIS_LEVELS,
            seed=np.random.default_rng(seed),
        )  # fmt: skip
    return shares


def _unit_problem(factors: int) -> dict[str, object]:
    return {
        "num_vars": factors,
        "names": [str(k) for k in range(factors)],
        "bounds": [[0.0, 1.0]] * factors,
    }


SHARES: Mapping[Kind, Callable[[Design, int, int], Floats]] = {
    "latin-hypercube": _latin,
    "sobol": _sobol,
    "saltelli": _saltelli,
    "morris": _morris,
}
"""Points in the unit cube, shape (point, factor), of designs that fill the ranges."""


def points_of_file(
    name: str, folder: Path, scenarios: Mapping[str, Scenario], origin: Origin, problems: list[Problem]
) -> tuple[Factor, ...]:
    """Factors whose values are the points of a list; what is wrong is appended to the problems.

    Args:
        name: of a CSV file, relative to the study file's folder; or ``evidence-consistent``. Columns stand
            apart by commas, or by semicolons or tabs; with these, numbers may have a decimal comma.
        folder: of the study file.
        scenarios: by arrangement.
        origin: the study file.
        problems: found problems are appended here.
    """
    if name == SHIPPED_SETS:
        sets = stored_sets()
        return factors_of(dict(zip(sets.names, sets.values.T, strict=True)), scenarios)
    path = folder / name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else _("is no text in UTF-8")
        what = _("{file} cannot be read: {reason}", file=quoted(shown(path)), reason=reason)
        problems.append(origin.problem("design, file", what))
        return ()
    here = Origin(shown(path))
    columns = _columns(text, here, problems)
    try:
        return factors_of(columns, scenarios) if columns else ()
    except ScenarioError as error:
        problems += [replace(problem, file=here.file) for problem in error.problems]
        return ()


def _columns(text: str, here: Origin, problems: list[Problem]) -> dict[str, list[float]]:
    """Columns of a table of points by name; empty, and the reason among the problems, if it is none."""
    lines, before = [line for line in text.splitlines() if line.strip()], len(problems)
    separator = next((it for it in ";\t" if it in lines[0]), ",") if lines else ","
    commas = separator != ","
    read = ([cell.strip() for cell in row] for row in csv.reader(lines, delimiter=separator))
    rows = [row for row in read if any(row)]
    names = rows[0] if rows else []
    if len(rows) < 2:
        problems.append(here.problem("", _("has no points")))
    if len(set(names)) < len(names):
        problems.append(here.problem("", _("names a column twice"), _("every factor once")))
    problems += [
        here.problem("", _("column {number} has no name", number=k), _("the address of a factor"))
        for k, name in enumerate(names, start=1)
        if not name
    ]
    cells = [cell for row in rows[1:] for cell in row]
    if commas and any("," in cell for cell in cells) and any(map(THOUSANDS.fullmatch, cells)):
        what = _("has numbers with a decimal comma and with a decimal point")
        problems.append(here.problem("", what, _("one of them, and nothing between thousands")))
    numbers = []
    for place, row in enumerate(rows[1:], start=1):
        if len(row) != len(names):
            what = _(
                "point {number} has {found} values for {needed} columns",
                number=place,
                found=len(row),
                needed=len(names),
            )
            cure = _("with decimal commas, put semicolons between the columns")
            problems.append(here.problem("", what, hint="" if commas else cure))
            return {}
        numbers.append([_number(cell, commas) for cell in row])
    for name, column in zip(names, zip(*numbers, strict=True), strict=False):
        if None in column:
            problems.append(here.problem(name, _("holds more than numbers")))
    if len(problems) > before:
        return {}
    return {name: [row[k] or 0.0 for row in numbers] for k, name in enumerate(names)}


def _number(cell: str, decimal_comma: bool) -> float | None:
    """The number in a cell; None if it holds something else."""
    try:
        return None if "_" in cell else float(cell.replace(",", ".") if decimal_comma else cell)
    except ValueError:
        return None
