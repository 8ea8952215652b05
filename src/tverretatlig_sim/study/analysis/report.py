"""The analyses of a study, arrangement by arrangement and for the differences between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal, get_args

import pandas as pd

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.study.analysis.convergence import convergence
from tverretatlig_sim.study.analysis.dependence import dependence
from tverretatlig_sim.study.analysis.discovery import Discovery, discover
from tverretatlig_sim.study.analysis.morris import morris
from tverretatlig_sim.study.analysis.noise import noise
from tverretatlig_sim.study.analysis.pawn import pawn
from tverretatlig_sim.study.analysis.response import paired
from tverretatlig_sim.study.analysis.sobol import sobol

if TYPE_CHECKING:
    from tverretatlig_sim.study.result import StudyResult
    from tverretatlig_sim.study.study import Study

Method = Literal["sobol", "morris", "pawn", "dependence", "discover", "convergence"]
METHODS: tuple[Method, ...] = get_args(Method)
PAIRED: tuple[Method, ...] = ("discover", "convergence")
"""Methods for pairs of arrangements."""
FITTING: Mapping[str, tuple[Method, ...]] = {
    "saltelli": ("sobol", "dependence", "discover", "convergence"),
    "morris": ("morris", "convergence"),
    "sobol": ("pawn", "dependence", "discover", "convergence"),
    "latin-hypercube": ("pawn", "dependence", "discover", "convergence"),
    "grid": ("dependence", "discover", "convergence"),
    "list": ("convergence",),
}
"""Methods that a design is made for."""


@dataclass(frozen=True)
class Analyses:
    """What a study says of one outcome.

    Attributes:
        outcome: its name.
        noise: see ``noise.noise``; with a column ``of`` in front: an arrangement, or a difference ``a − b``.
        tables: by method, with the same column.
        discoveries: conditions under which one arrangement loses to another, if asked for.
        left_out: what nobody asked for by name and cannot be done, with the reasons.
    """

    outcome: str
    noise: pd.DataFrame
    tables: Mapping[Method, pd.DataFrame]
    discoveries: tuple[Discovery, ...]
    left_out: tuple[Message | str, ...]


def analyse(
    study: Study, result: StudyResult, outcome: str, methods: Sequence[Method] | None = None
) -> Analyses:
    """Analyse what is finished of a study.

    Single runs are read if the study kept them; luck is then told apart exactly.

    Args:
        study: what was asked.
        result: what came out.
        outcome: name of an outcome that was recorded.
        methods: default: those that the design is made for, as far as they can be done.

    Raises:
        ValueError: nothing varies, the outcome was not recorded, or a method does not go with the design.
    """
    names = [factor.name for factor in study.factors]
    recorded = result.work.record.outcomes
    if not names:
        raise ValueError(_("no factor varies between the points of this study"))
    if outcome not in recorded:
        known = ", ".join(recorded)
        raise ValueError(
            _("outcome {outcome!r} was not recorded; allowed: {known}", outcome=outcome, known=known)
        )
    table = result.replicates(partial=True) if result.work.record.replicates else result.table(partial=True)
    views = _Views(table, names, outcome, study.plan.file.design.levels)
    chosen = _chosen(methods, study.plan.file.design.kind, views.pairs)
    asked = methods is not None
    done = {method: _done(views.calls(method), method, asked) for method in chosen}
    tables: dict[Method, pd.DataFrame] = {
        method: _stacked(found) for method, (found, __) in done.items() if method != "discover" and found
    }
    discoveries = done["discover"][0].values() if "discover" in done else ()
    left_out = [why for __, reasons in done.values() for why in reasons]
    luck, __ = _done(views.each(noise), "noise", strict=True)
    return Analyses(outcome, _stacked(luck), tables, tuple(discoveries), tuple(left_out))


def _done(
    calls: Mapping[str, Callable[[], Any]], method: str, strict: bool
) -> tuple[dict[str, Any], list[Message | str]]:
    """What calls give, by name, and why others cannot be done.

    Raises:
        ValueError: one cannot be done, and it is strict.
    """
    found: dict[str, Any] = {}
    reasons: list[Message | str] = []
    for name, call in calls.items():
        try:
            found[name] = call()
        except ValueError as error:
            why = joined(": ", (f"{method}, {name}", error))
            if strict:
                raise ValueError(why) from error
            reasons.append(why)
    return found, reasons


def _chosen(
    methods: Sequence[Method] | None, design: str, pairs: Sequence[tuple[str, str]]
) -> tuple[Method, ...]:
    asked = FITTING[design] if methods is None else tuple(methods)
    if pairs:
        return asked
    if lonely := [method for method in asked if method in PAIRED and methods is not None]:
        raise ValueError(_("{methods}: needs at least two arrangements", methods=", ".join(lonely)))
    return tuple(method for method in asked if method not in PAIRED)


@dataclass(frozen=True)
class _Views:
    """The table of a study, arrangement by arrangement and difference by difference."""

    table: pd.DataFrame
    factors: Sequence[str]
    outcome: str
    levels: int | None

    @cached_property
    def names(self) -> list[str]:
        """Arrangements in the order of the study."""
        return [str(name) for name in self.table["arrangement"].unique()]

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """Pairs of arrangements: the first against each other one, then the second, and so on."""
        return list(combinations(self.names, 2))

    @cached_property
    def parts(self) -> dict[str, pd.DataFrame]:
        """The table of each arrangement and of each difference."""
        table = self.table
        alone = {name: table[table["arrangement"] == name] for name in self.names}
        return alone | {f"{a} − {b}": paired(table, self.outcome, a, b) for a, b in self.pairs}

    def each(self, method: Callable[..., Any], **more: int) -> dict[str, Callable[[], Any]]:
        """Calls of a method for every arrangement and difference."""
        return {
            name: partial(method, part, self.factors, self.outcome, **more)
            for name, part in self.parts.items()
        }

    def calls(self, method: Method) -> dict[str, Callable[[], Any]]:
        """Calls that do a method, by what they are about."""
        if method in PAIRED:
            of_pair = discover if method == "discover" else convergence
            return {
                f"{a} − {b}": partial(of_pair, self.table, self.factors, self.outcome, a, b)
                for a, b in self.pairs
            }
        more = {"levels": self.levels} if method == "morris" and self.levels else {}
        return self.each(SINGLE[method], **more)


SINGLE: Mapping[Method, Callable[..., pd.DataFrame]] = {
    "sobol": sobol,
    "morris": morris,
    "pawn": pawn,
    "dependence": dependence,
}
"""Methods for one arrangement or difference at a time."""


def _stacked(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(frames, names=["of"]).reset_index(level="of").reset_index(drop=True)
