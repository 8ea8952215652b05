"""Patterns: what the sources report, as checks on ensembles over parameter sets, and verdicts on them.

The shipped ones stand in ``scenarios/patterns``: claim, source, evidence, the name of a statistic in
``pattern_statistics``, and the switch that takes away what it rests on. ``use`` adds a user's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, cached_property, partial
from math import ceil
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
import pandas as pd

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble.statistics import MeanInterval, mean_interval
from tverretatlig_sim.errors import TverretatligError
from tverretatlig_sim.i18n import _, current_language, joined
from tverretatlig_sim.inputs import given_names
from tverretatlig_sim.kernel.rules import RuleSet
from tverretatlig_sim.own import OWN, keep
from tverretatlig_sim.scenario.errors import at_least
from tverretatlig_sim.scenario.files import read_table, shipped_folder
from tverretatlig_sim.study import pattern_statistics
from tverretatlig_sim.study.robust_shares import robust_shares
from tverretatlig_sim.study.samples import Change, Context, Variation, variation, variation_in
from tverretatlig_sim.study.sampling import ParameterSets, Progress
from tverretatlig_sim.workers import share_out, sharing, workers_for

Evidence = Literal["observed", "impression", "advice", "external"]
"""Documents, observation or broad agreement; someone's judgement; a recommendation; other literature."""
Statistic = Callable[[Context], Floats]
"""From an evaluation context to one number a parameter set, NaN where undefined. Shape (set,)."""
Verdict = Literal["holds", "leans", "fails", "unknown"]
Kind = Literal["mechanism", "emergent"]
"""A check that a rule does what it was written for, or a consequence that no rule states."""
KINDS: tuple[Kind, ...] = get_args(Kind)

FILES = ("groups", "inclusion", "money", "directorates", "programmes", "counted", "bands")
"""Files of shipped patterns, in the order of tables."""
NEGLIGIBLE = 0.001
"""Differences up to this count as none: a tenth of a percentage point."""
A_PATTERN = 2e-3
"""Seconds of a pattern in a run of a set, roughly."""
CHUNK = 128
"""Parameter sets evaluated together; bounds memory and changes nothing else."""


class Text(NamedTuple):
    """The same words in both languages."""

    en: str
    nb: str

    def __str__(self) -> str:
        return str(getattr(self, current_language(), self.en))


@dataclass(frozen=True)
class Switch:
    """What takes away the mechanism a pattern rests on."""

    text: Text
    variation: Variation


def switch(
    en: str,
    nb: str,
    change: Change | Mapping[str, object] | None = None,
    parameters: Mapping[str, float] | None = None,
) -> Switch:
    """What takes a mechanism away: a change of the scenario, parameter values, or both; as ``variation``."""
    return Switch(Text(en, nb), variation(en, change, parameters))


@dataclass(frozen=True)
class Pattern:
    """An ordering, or a distance from something counted, that the sources report.

    Attributes:
        id: short name.
        claim: in words.
        source: tag and section.
        evidence: how well it is supported; see ``Evidence``.
        statistic: one number a parameter set.
        measure: what that number is, in words.
        direction: 1 if the claim says it is above 0, −1 below; 0 if it is a distance from what was counted.
        tolerance: for orderings, how far on the wrong side is no contradiction yet; for distances, how far
            the vagueness of the source lets the model be.
        switch: what takes away the mechanism it rests on.
        remark: what a reader must know before making much of it; empty if nothing.
        kind: ``mechanism`` if the statistic reads a term that was written for the claim, a number set after
            it, or holds nearly by construction; ``emergent`` if the claim passes through several rules, none
            of which states it. Only emergent ones are evidence.
        arrangements: names of the scenarios it is evaluated in.
        through: items of the ODD document that the claim passes through.
    """

    id: str
    claim: Text
    source: str
    evidence: Evidence
    statistic: Statistic
    measure: Text
    direction: Literal[1, -1, 0]
    switch: Switch
    tolerance: float = 0.0
    remark: Text = field(default=Text("", ""))
    kind: Kind = "mechanism"
    arrangements: tuple[str, ...] = ()
    through: tuple[str, ...] = ()

    @property
    def is_distance(self) -> bool:
        """Whether it is scored by a distance instead of an ordering."""
        return self.direction == 0


# --- which there are


@cache
def shipped() -> Mapping[str, Pattern]:
    """The patterns that come with the package, by id.

    Raises:
        ScenarioError: if one of their files cannot be read.
    """
    folder = shipped_folder() / "patterns"
    rows = (row for file in FILES for row in read_table(folder / f"{file}.toml")["pattern"])
    return {row["id"]: _from_file(row) for row in rows}


def _from_file(row: Mapping[str, Any]) -> Pattern:
    statistic, off = getattr(pattern_statistics, row["statistic"]), row["switch"]
    return Pattern(
        id=row["id"],
        claim=Text(**row["claim"]),
        source=row["source"],
        evidence=row["evidence"],
        statistic=partial(statistic, **row.get("arguments", {})),
        measure=Text(**row["measure"]),
        direction=row["direction"],
        switch=Switch(Text(off["en"], off["nb"]), variation_in(off)),
        tolerance=row.get("tolerance", 0.0),
        remark=Text(**row.get("remark", {"en": "", "nb": ""})),
        kind=row["kind"],
        arrangements=tuple(row["arrangements"]),
        through=tuple(row["through"]),
    )


def register(pattern: Pattern) -> Pattern:
    """Add a pattern of one's own, as ``use`` does; one with the same id as an earlier own one replaces it.

    Raises:
        ValueError: if a shipped pattern has that id.
    """
    return keep("pattern", pattern.id, pattern, shipped())


def patterns(ids: Sequence[str] = ()) -> list[Pattern]:
    """Patterns by id, in the order asked for; all if none is named.

    Raises:
        ValueError: with what is allowed, if there is no such pattern.
    """
    known, ids = {**shipped(), **OWN["pattern"]}, given_names("ids", ids, "reports-2018")
    for id_ in ids:
        if id_ not in known:
            near = get_close_matches(id_, known, n=1)
            hint = _("did you mean {word}?", word=repr(near[0])) if near else ""
            what = _("no pattern {id!r}; allowed: {known}", id=id_, known=", ".join(known))
            raise ValueError(joined("; ", (what, hint)))
    return [known[id_] for id_ in dict.fromkeys(ids)] if ids else list(known.values())


# --- what the sets say about them


@dataclass(frozen=True, eq=False)
class Finding:
    """How a pattern fares over parameter sets.

    Attributes:
        pattern: what was evaluated.
        values: its statistic, one a set, NaN where undefined.
        noise: standard deviation of a value by the draws of its runs.
        parameters: of the sets, shape (set, parameter).
    """

    pattern: Pattern
    values: Floats
    noise: float
    parameters: Floats

    @property
    def known(self) -> Floats:
        """Values of the sets in which the statistic is defined."""
        return self.values[~np.isnan(self.values)]

    @property
    def interval(self) -> MeanInterval:
        """Mean over sets with its 95 % interval."""
        return mean_interval(self.known)

    @cached_property
    def robust_shares(self) -> dict[str, float]:
        """What the sets say, noise taken out; see ``robust_shares``.

        *Better* is the right sign, by more than what counts as none; for a distance, to be within tolerance.
        """
        pattern, variances = self.pattern, np.full(len(self.values), np.nan_to_num(self.noise) ** 2)
        if pattern.is_distance:  # at the tolerance is within
            return robust_shares(pattern.tolerance - self.values, variances, self.parameters, -1e-12)
        return robust_shares(pattern.direction * self.values, variances, self.parameters, NEGLIGIBLE)

    @property
    def share(self) -> float:
        """Share of sets with the right sign or, for a distance, within tolerance."""
        return self.robust_shares["better"]

    @property
    def share_interval(self) -> tuple[float, float]:
        """Its 95 % interval."""
        return self.robust_shares["better_low"], self.robust_shares["better_high"]

    @property
    def verdict(self) -> Verdict:
        """What the sets say about the pattern.

        An ordering *holds* if the mean over sets is on the right side, with its 95 % interval, and so is the
        share of sets with the right sign: the first alone could rest on a few sets with large effects, the
        second alone on many with negligible ones. It *leans* if both are on the right side but one of the
        intervals is not, and *fails* else. A distance holds if most sets, with interval, are within
        tolerance, leans if most are, and fails else.
        """
        if len(self.known) < 2:
            return "unknown"
        right, surely = self.share > 0.5, self.share_interval[0] > 0.5
        if not self.pattern.is_distance:
            sign, interval = self.pattern.direction, self.interval
            right = right and sign * interval.mean > 0
            surely = surely and min(sign * interval.low, sign * interval.high) > 0
        if right and surely:
            return "holds"
        return "leans" if right else "fails"

    def row(self) -> dict[str, object]:
        """The finding as plain values."""
        pattern, interval, (low, high) = self.pattern, self.interval, self.share_interval
        return {
            "id": pattern.id,
            "claim": pattern.claim.en,
            "source": pattern.source,
            "evidence": pattern.evidence,
            "kind": pattern.kind,
            "arrangements": ", ".join(pattern.arrangements),
            "through": ", ".join(pattern.through),
            "measure": pattern.measure.en,
            "direction": pattern.direction,
            "tolerance": pattern.tolerance,
            "mean": interval.mean,
            "low": interval.low,
            "high": interval.high,
            "share": self.share,
            "share_low": low,
            "share_high": high,
            "no_matter": self.robust_shares["no_matter"],
            "wrong": self.robust_shares["worse"],
            "undecided": self.robust_shares["undecided"],
            "sets": len(self.known),
            "noise": self.noise,
            "verdict": self.verdict,
        }


def table(findings: Sequence[Finding]) -> pd.DataFrame:
    """One row a pattern."""
    return pd.DataFrame([finding.row() for finding in findings])


@dataclass(frozen=True, eq=False)
class Evaluated:
    """Statistics of several patterns in some parameter sets.

    Attributes:
        values: shape (set, pattern).
        noise: squared differences of the values between halves of the runs, shape (set, pattern).
    """

    values: Floats
    noise: Floats

    @classmethod
    def of(cls, chosen: Sequence[Pattern], context: Context) -> Evaluated:
        """Evaluate patterns in a context; those that need the same ensemble share it."""
        values = _values(chosen, context)
        first, second = (_values(chosen, context.half(which)) for which in (0, 1))
        return cls(values, (first - second) ** 2)

    @classmethod
    def joined(cls, parts: Sequence[Evaluated]) -> Evaluated:
        """The same patterns in all sets of several parts."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("values", "noise")))

    @property
    def deviation(self) -> Floats:
        """Standard deviation of each statistic by the draws of its runs; NaN if not known. Shape (pattern,).

        Two halves differ by twice the standard deviation of their mean.
        """
        known = [column[~np.isnan(column)] for column in self.noise.T]
        return np.array([np.sqrt(column.mean()) / 2.0 if len(column) else np.nan for column in known])


def _values(chosen: Sequence[Pattern], context: Context) -> Floats:
    columns = [_statistic(pattern, context) for pattern in chosen]
    for pattern, column in zip(chosen, columns, strict=True):
        if column.shape != (len(context.sets),):
            raise ValueError(
                _(
                    "pattern {id!r}: its statistic gives shape {shape}; one number a set: ({sets},)",
                    id=pattern.id,
                    shape=column.shape,
                    sets=len(context.sets),
                )
            )
    return np.column_stack(columns)


def _statistic(pattern: Pattern, context: Context) -> Floats:
    try:
        return np.asarray(pattern.statistic(context), dtype=np.float64)
    except TverretatligError:
        raise
    except Exception as error:
        reason = joined("; ", (str(error), *getattr(error, "__notes__", ())))
        said = {"id": pattern.id, "kind": type(error).__name__, "reason": reason}
        what = _("pattern {id!r}: its statistic cannot be computed: {kind}: {reason}", **said)
        raise ValueError(what) from error


@sharing
def evaluate(
    chosen: Sequence[Pattern],
    sets: ParameterSets,
    runs: int = 8,
    seed: int = 1,
    *,
    switches: tuple[Variation, ...] = (),
    progress: Progress | None = None,
    workers: int | None = None,
) -> list[Finding]:
    """Evaluate patterns over parameter sets; patterns that need the same ensemble share it.

    Args:
        chosen: what to evaluate.
        sets: parameter sets.
        runs: of each set and scenario, at least 2.
        seed: of the draws.
        switches: mechanisms to take away everywhere.
        progress: called with the number of sets finished since the last call.
        workers: processes, as for ``simulate``; statistics of one's own travel to them.

    Raises:
        ValueError: if runs is out of range, or a statistic fails or does not give one number a set.
    """
    if runs < 2:
        raise ValueError(at_least("runs", runs, 2))
    whole = Evaluated.joined([*evaluated(chosen, sets, runs, seed, switches, progress=progress)])
    rows = zip(chosen, whole.values.T, whole.deviation, strict=True)
    return [Finding(pattern, values, float(noise), sets.values) for pattern, values, noise in rows]


def evaluated(
    chosen: Sequence[Pattern],
    sets: ParameterSets,
    runs: int,
    seed: int,
    switches: tuple[Variation, ...] = (),
    rules: RuleSet | None = None,
    progress: Progress | None = None,
) -> Iterator[Evaluated]:
    """Statistics of patterns in some sets at a time, shared out where that pays; see ``evaluate``."""
    workers = workers_for(A_PATTERN * len(chosen) * len(sets) * runs)
    parts = [*chunks(sets, workers)]
    jobs = partial(_evaluated, chosen, runs, seed, switches, rules)
    for part, found in zip(parts, share_out(jobs, parts, workers), strict=True):
        if progress is not None:
            progress(len(part))
        yield found


def _evaluated(
    chosen: Sequence[Pattern],
    runs: int,
    seed: int,
    switches: tuple[Variation, ...],
    rules: RuleSet | None,
    sets: ParameterSets,
) -> Evaluated:
    return Evaluated.of(chosen, Context(sets, runs, seed, switches, rules=rules))


@sharing
def evaluate_switched(
    chosen: Sequence[Pattern],
    sets: ParameterSets,
    runs: int = 8,
    seed: int = 1,
    *,
    progress: Progress | None = None,
    workers: int | None = None,
) -> list[Finding]:
    """Evaluate each pattern with the mechanism it rests on taken away; arguments as ``evaluate``."""
    return [
        finding
        for pattern in chosen
        for finding in evaluate(
            [pattern], sets, runs, seed, switches=(pattern.switch.variation,), progress=progress
        )
    ]


def chunks(sets: ParameterSets, workers: int = 1) -> Iterator[ParameterSets]:
    """A few sets at a time, so that memory does not grow with their number, and each worker has some."""
    size = min(CHUNK, ceil(len(sets) / workers))
    return (sets.part(start, min(start + size, len(sets))) for start in range(0, len(sets), size))
