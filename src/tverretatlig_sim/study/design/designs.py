"""Designs: which points of the space of factors are run."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from math import prod

import numpy as np
from scipy.stats import qmc

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.i18n import _
from tverretatlig_sim.scenario.errors import Origin, Problem, is_, listed, quoted
from tverretatlig_sim.study.design.factors import Factor
from tverretatlig_sim.study.design.schema import DesignTable, Kind
from tverretatlig_sim.study.sampling import sobol_shares

MOST_POINTS = 10_000_000
GRID_LEVELS, MORRIS_LEVELS = 5, 4

KEYS: Mapping[Kind, tuple[str, ...]] = {
    "grid": ("levels",),
    "list": ("file",),
    "latin-hypercube": ("points",),
    "sobol": ("points",),
    "saltelli": ("base", "second_order"),
    "morris": ("trajectories", "levels"),
}
"""Keys that go with each kind of design."""
BY_SALIB = ("saltelli", "morris")
NEEDED = {"points", "base", "trajectories"}


def design_problems(table: DesignTable, factors: Sequence[Factor], origin: Origin) -> list[Problem]:
    """What is wrong with a design for these factors."""
    here, keys = Origin(origin.file, "design"), KEYS[table.kind]
    given = {key for key in DesignTable.model_fields if key != "kind" and getattr(table, key) is not None}
    problems = [
        here.problem(key, _("does not go with the kind {kind}", kind=quoted(table.kind)), listed(keys))
        for key in sorted(given - set(keys))
    ]
    problems += [
        here.problem(
            key,
            _("is missing; a design of the kind {kind} needs it", kind=quoted(table.kind)),
            _("a whole number"),
        )
        for key in keys
        if key in NEEDED and key not in given
    ]
    if table.base and table.base & (table.base - 1):
        nearest = 2 ** round(np.log2(table.base))
        hint = _("try {number}", number=nearest)
        problems.append(here.problem("base", is_(table.base), _("a power of 2"), hint))
    if not factors and table.kind not in ("grid", "list"):
        what = _("none varies, but {kind} needs one", kind=quoted(table.kind))
        problems.append(origin.problem("parameters", what))
    if table.kind in BY_SALIB and find_spec("SALib") is None:
        install = 'pip install "tverretatlig-sim[study]"'
        what = _("{kind} needs the library SALib: {install}", kind=quoted(table.kind), install=install)
        problems.append(here.problem("kind", what))
    problems += _list_problems(table, factors, here) if table.kind == "list" else []
    size = 0 if problems else design_size(table, factors)
    if size > MOST_POINTS:
        limit = _("at most {number}", number=MOST_POINTS)
        problems.append(here.problem("", _("has {number} points", number=size), limit))
    return problems


def _list_problems(table: DesignTable, factors: Sequence[Factor], here: Origin) -> list[Problem]:
    if table.file is not None:
        names = ", ".join(factor.name for factor in factors)
        what = _("gives the points, but {names} vary too", names=names)
        return [here.problem("file", what)] if factors else []
    ranges = [factor.name for factor in factors if not factor.values]
    problems = [
        here.problem("", _("parameter {name} needs a list of values", name=quoted(name))) for name in ranges
    ]
    lengths = {len(factor.values) for factor in factors if factor.values}
    if len(lengths) > 1:
        what = _("the lists of values have different lengths: {lengths}", lengths=sorted(lengths))
        problems.append(here.problem("", what, _("one length")))
    return problems


def design_size(table: DesignTable, factors: Sequence[Factor]) -> int:
    """Number of points, or slightly more, without making them; of a file's list, 0."""
    match table.kind:
        case "grid":
            return prod(
                len(factor.values) or factor.levels or table.levels or GRID_LEVELS for factor in factors
            )
        case "list":
            return max([1, *(len(factor.values) for factor in factors)]) if table.file is None else 0
        case "saltelli":
            return (table.base or 0) * (len(factors) * (2 if table.second_order else 1) + 2)
        case "morris":
            return (table.trajectories or 0) * (len(factors) + 1)
        case _:
            return table.points or 0


def design_points(table: DesignTable, factors: Sequence[Factor], seed: int) -> Floats:
    """The points of a sound design. Shape (point, factor), each column in the unit of its parameter.

    A grid varies its last factor fastest; Saltelli and Morris designs are in the order that SALib reads.
    """
    return DESIGNS[table.kind](table, factors, seed)


def _grid(table: DesignTable, factors: Sequence[Factor], seed: int) -> Floats:
    axes = [factor.grid(table.levels or GRID_LEVELS) for factor in factors]
    mesh = np.meshgrid(*axes, indexing="ij")
    return np.stack([axis.ravel() for axis in mesh], axis=-1) if axes else np.empty((1, 0))


def _list(table: DesignTable, factors: Sequence[Factor], seed: int) -> Floats:
    return np.array([factor.values for factor in factors]).T if factors else np.empty((1, 0))


def _latin(table: DesignTable, factors: Sequence[Factor], seed: int) -> Floats:
    sampler = qmc.LatinHypercube(len(factors), seed=np.random.default_rng(seed))
    return _spread(sampler.random(table.points or 1), factors)


def _sobol(table: DesignTable, factors: Sequence[Factor], seed: int) -> Floats:
    return _spread(sobol_shares(len(factors), table.points or 1, seed), factors)


def _saltelli(table: DesignTable, factors: Sequence[Factor], seed: int) -> Floats:
    from SALib.sample import sobol

    shares = sobol.sample(
        _unit_problem(factors), table.base or 1, calc_second_order=bool(table.second_order), scramble=True,
        seed=np.random.default_rng(seed),
    )  # fmt: skip
    return _spread(shares, factors)


def _morris(table: DesignTable, factors: Sequence[Factor], seed: int) -> Floats:
    from SALib.sample import morris

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="num_levels should be an even number")
        shares = morris.sample(
            _unit_problem(factors), table.trajectories or 1, num_levels=table.levels or MORRIS_LEVELS,
            seed=np.random.default_rng(seed),
        )  # fmt: skip
    return _spread(shares, factors)


def _unit_problem(factors: Sequence[Factor]) -> dict[str, object]:
    names = [factor.name for factor in factors]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _spread(shares: Floats, factors: Sequence[Factor]) -> Floats:
    return np.column_stack([factor.quantile(shares[:, k]) for k, factor in enumerate(factors)])


DESIGNS: Mapping[Kind, Callable[[DesignTable, Sequence[Factor], int], Floats]] = {
    "grid": _grid,
    "list": _list,
    "latin-hypercube": _latin,
    "sobol": _sobol,
    "saltelli": _saltelli,
    "morris": _morris,
}
