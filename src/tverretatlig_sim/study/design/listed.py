"""Points that stand in a table: a file of one's own, or the evidence-consistent sets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.i18n import _, reason_of
from tverretatlig_sim.scenario.errors import Origin, Problem, did_you_mean, is_, listed, quoted
from tverretatlig_sim.scenario.files import shown
from tverretatlig_sim.scenario.parameters import UNKNOWN, parameter_specs
from tverretatlig_sim.study.design.factors import Factor
from tverretatlig_sim.study.robust.store import stored_sets

SHIPPED_SETS = "evidence-consistent"


def points_of_file(
    name: str, folder: Path, origin: Origin, problems: list[Problem]
) -> tuple[tuple[Factor, ...], Floats] | None:
    """Factors and points of a list that stands in a table; what is wrong is appended to the problems.

    Args:
        name: of a CSV file, relative to the study file's folder; or ``evidence-consistent``.
        folder: of the study file.
        origin: the study file.
        problems: found problems are appended here.
    """
    if name == SHIPPED_SETS:
        sets = stored_sets()
        return factors_of(sets.names, sets.values), sets.values
    path = folder / name
    try:
        frame = pd.read_csv(path)
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else str(error)
        what = _("{file} cannot be read: {reason}", file=quoted(shown(path)), reason=reason)
        problems.append(origin.problem("design, file", what))
        return None
    found = _table_problems(frame, Origin(shown(path)))
    problems.extend(found)
    if found:
        return None
    names, values = tuple(map(str, frame.columns)), frame.to_numpy(dtype=np.float64)
    return factors_of(names, values), values


def _table_problems(frame: pd.DataFrame, here: Origin) -> list[Problem]:
    specs = parameter_specs()
    problems = [] if len(frame) else [here.problem("", _("has no points"))]
    for name in map(str, frame.columns):
        column = frame[name]
        if name not in specs:
            problems.append(here.problem(name, UNKNOWN, listed(specs), did_you_mean(name, specs)))
        elif column.dtype.kind not in "iuf":
            problems.append(here.problem(name, _("holds more than numbers"), specs[name].bounds.allowed))
        else:
            wrong = [value for value in column.tolist() if not specs[name].bounds.holds(value)]
            problems += [here.problem(name, is_(value), specs[name].bounds.allowed) for value in wrong[:1]]
    return problems


def factors_of(names: Sequence[str], values: Floats) -> tuple[Factor, ...]:
    """Factors whose values are the columns of a list of points. Shape of the values: (point, factor)."""
    specs = parameter_specs()
    return tuple(
        Factor(
            name, float(column.min()), float(column.max()), "values", tuple(column.tolist()),
            whole=specs[name].whole,
        )
        for name, column in zip(names, values.T, strict=True)
    )  # fmt: skip
