"""What matters in a study: sensitivity, dependence, conditions, and how many runs it takes.

``analyse`` asks everything, arrangement by arrangement and for the differences between them. The single
functions take any tidy table; see ``response`` for what it must hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any, Literal

import pandas as pd

from tverretatlig_sim.i18n import _, joined
from tverretatlig_sim.inputs import given_names
from tverretatlig_sim.scenario.errors import check_named
from tverretatlig_sim.study.discovery import Discovery, discover
from tverretatlig_sim.study.response import paired
from tverretatlig_sim.study.result import StudyResult
from tverretatlig_sim.study.sensitivity import convergence, dependence, morris, noise, pawn, sobol

__all__ = [
    "Analyses",
    "Discovery",
    "analyse",
    "convergence",
    "dependence",
    "discover",
    "morris",
    "noise",
    "paired",
    "pawn",
    "sobol",
]

Method = Literal["sobol", "morris", "pawn", "dependence", "discover", "convergence"]
PAIRED: tuple[Method, ...] = ("discover", "convergence")
"""Methods for pairs of arrangements."""
MADE_FOR: Mapping[str, tuple[Method, ...]] = {
    "saltelli": ("sobol", "dependence", "discover", "convergence"),
    "morris": ("morris", "convergence"),
    "sobol": ("pawn", "dependence", "discover", "convergence"),
    "latin-hypercube": ("pawn", "dependence", "discover", "convergence"),
    "grid": ("dependence", "discover", "convergence"),
    "list": ("convergence",),
}
"""Methods that a design is made for."""


@dataclass(frozen=True, eq=False)
class Analyses:
    """What a study says of one outcome.

    Attributes:
        outcome: its name.
        noise: see ``sensitivity.noise``; a column ``of`` in front names the arrangement, or the difference
            ``a − b``.
        tables: by method, with the same column.
        discoveries: conditions under which one arrangement loses to another, if asked for.
        left_out: what nobody asked for by name and cannot be done, with the reasons.
    """

    outcome: str
    noise: pd.DataFrame
    tables: Mapping[Method, pd.DataFrame]
    discoveries: tuple[Discovery, ...]
    left_out: tuple[str, ...]


def analyse(result: StudyResult, outcome: str, methods: Sequence[Method] | None = None) -> Analyses:
    """Analyse what is finished of a study.

    Single runs are read if the study kept them; noise is then told apart exactly.

    Args:
        result: of a study.
        outcome: name of an outcome that was recorded.
        methods: default: those that the design is made for, as far as they can be done.

    Raises:
        ValueError: nothing varies, the outcome was not recorded, or a method does not go with the design.
    """
    study, strict = result.study, methods is not None
    factors = [factor.name for factor in study.factors]
    if not factors:
        raise ValueError(_("no factor varies between the points of this study"))
    check_named("outcome", outcome, study.outcomes)
    table = result.replicates(partial=True) if study.record.replicates else result.table(partial=True)
    names = [str(name) for name in table["arrangement"].unique()]
    pairs = {f"{a} − {b}": (a, b) for a, b in combinations(names, 2)}
    views = {name: table[table["arrangement"] == name] for name in names}
    views |= {name: paired(table, outcome, *pair) for name, pair in pairs.items()}
    found: dict[Method, dict[str, Any]] = {}
    left_out: list[str] = []
    for method in _chosen(methods, study.design.kind, bool(pairs)):
        levels = {"levels": study.design.levels} if method == "morris" and study.design.levels else {}
        calls: dict[str, Callable[[], Any]] = {
            name: partial(CALLS[method], view, factors, outcome, **levels) for name, view in views.items()
        }
        if method in PAIRED:
            calls = {n: partial(CALLS[method], table, factors, outcome, *pair) for n, pair in pairs.items()}
        for name, call in calls.items():
            try:
                found.setdefault(method, {})[name] = call()
            except ValueError as error:
                why = joined(": ", (f"{method}, {name}", str(error)))
                if strict:
                    raise ValueError(why) from error
                left_out.append(str(why))
    shares = {name: noise(view, factors, outcome) for name, view in views.items()}
    discoveries = tuple(found.pop("discover", {}).values())
    tables = {method: _stacked(frames) for method, frames in found.items() if frames}
    return Analyses(outcome, _stacked(shares), tables, discoveries, tuple(left_out))


def _chosen(methods: Sequence[Method] | None, design: str, several: bool) -> tuple[Method, ...]:
    """Methods to use, in order; those for pairs only if there are several arrangements."""
    for name in () if methods is None else given_names("methods", methods, "discover"):
        check_named("method", name, CALLS)
    asked = MADE_FOR[design] if methods is None else tuple(methods)
    alone = [method for method in asked if method in PAIRED and not several]
    if alone and methods is not None:
        raise ValueError(_("{methods}: needs at least two arrangements", methods=", ".join(alone)))
    return tuple(method for method in asked if method not in alone)


CALLS: Mapping[Method, Callable[..., Any]] = {
    "sobol": sobol,
    "morris": morris,
    "pawn": pawn,
    "dependence": dependence,
    "discover": discover,
    "convergence": convergence,
}


def _stacked(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(frames, names=["of"]).reset_index(level="of").reset_index(drop=True)
