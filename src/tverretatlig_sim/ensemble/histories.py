"""What becomes of every recommendation and project over runs, and when: section 10.1 of the ODD document.

Time is told whole: a recommendation is followed from the start of its work, or from drafting, until it is
implemented or lost for one of several reasons that compete, and is *censored* if the runs end before. The
probability of each end by a month is the estimate of Aalen and Johansen (1978), so that what began late
counts for as long as it was seen. Recommendations of a run share its luck: intervals are from what each run
adds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from tverretatlig_sim.arrays import Array, Flags, Floats
from tverretatlig_sim.i18n import _
from tverretatlig_sim.kernel.state import LOSSES, MONTH_OF, NEVER, REFUSED, State
from tverretatlig_sim.world import World

Since = Literal["start", "drafting"]
"""From when a recommendation is followed: the first month of its project's work, or the month of drafting."""

ENDS = ("implemented", *LOSSES[1:], "not_drafted")
"""How following a recommendation can end; the last, only from the start: its project delivered without it."""
CENSORED, NOT_FOLLOWED = len(ENDS), len(ENDS) + 1
"""Codes after those of the ends: the run is over, and following never began."""
SMALL = 1e-9
"""Below this a share is rounding."""
BLOCK = 4096
"""Runs whose parts of an interval are computed together."""


@dataclass(frozen=True)
class Histories:
    """Months of all transitions in some runs.

    Attributes:
        months: length of the runs.
        reached: month in which each recommendation gets to a stage, by stage; −1 if it never does. Shape
            (recommendation, run).
        loss: why it was dropped, a code of ``LOSSES``. Shape (recommendation, run).
        delivered: month in which each project delivers, −1 if it never does. Shape (project, run).
        refused: whether the line of a duty-holder said no. Shape (duty, run).
    """

    months: int
    reached: Mapping[str, Array]
    loss: Array
    delivered: Array
    refused: Flags

    @classmethod
    def of(cls, state: State, months: int) -> Histories:
        """As a state tells it after so many months."""
        reached = {stage: np.asarray(getattr(state, name)) for stage, name in MONTH_OF.items()}
        return cls(months, reached, state.loss, state.delivered_at, state.duty_status == REFUSED)

    @classmethod
    def together(cls, parts: Sequence[Histories]) -> Histories:
        """Those of several batches of runs, one after the other."""
        stages = parts[0].reached
        return cls(
            parts[0].months,
            {stage: np.concatenate([part.reached[stage] for part in parts], axis=-1) for stage in stages},
            np.concatenate([part.loss for part in parts], axis=-1),
            np.concatenate([part.delivered for part in parts], axis=-1),
            np.concatenate([part.refused for part in parts], axis=-1),
        )

    def block(self, first: int, end: int) -> Histories:
        """Those of some of the runs."""
        some = slice(first, end)
        reached = {stage: months[:, some] for stage, months in self.reached.items()}
        rest = (values[:, some] for values in (self.loss, self.delivered, self.refused))
        return Histories(self.months, reached, *rest)

    def followed(self, world: World, since: Since = "drafting") -> tuple[Array, Array]:
        """How long each recommendation is followed, and how that ends.

        Returns:
            Months, 0 … length of the runs − 1, and codes: a place in ``ENDS``, ``CENSORED`` or
            ``NOT_FOLLOWED``. Shape (recommendation, run) each.

        Raises:
            ValueError: if ``since`` is none of the two.
        """
        if since not in get_args(Since):
            known = ", ".join(get_args(Since))
            raise ValueError(_("since = {since!r}; allowed: {known}", since=since, known=known))
        drafted, last = self.reached["drafted"], self.months - 1
        begin, left_out = drafted, np.zeros(drafted.shape, dtype=bool)
        delivered = drafted
        if since == "start":
            of = world.recommendations.project
            begin = np.broadcast_to(np.maximum(world.projects.start, 0)[of][:, None], drafted.shape)
            delivered = self.delivered[of]
            left_out = (drafted == NEVER) & (delivered != NEVER)
        end, code = np.full_like(drafted, last), np.full(drafted.shape, CENSORED, dtype=np.int8)
        for happened, month, found in (
            (self.reached["implemented"] != NEVER, self.reached["implemented"], 0),
            (self.reached["dropped"] != NEVER, self.reached["dropped"], self.loss),
            (left_out, delivered, len(ENDS) - 1),
        ):
            end, code = np.where(happened, month, end), np.where(happened, found, code)
        begun = (begin != NEVER) & (begin <= last)
        return np.where(begun, end - begin, 0), np.where(begun, code, NOT_FOLLOWED)

    # --- tables

    def times(self, world: World, since: Since) -> pd.DataFrame:
        """One row a recommendation that is followed, and run; see ``Ensemble.times``."""
        months, codes = self.followed(world, since)
        which, run = np.nonzero(codes.T != NOT_FOLLOWED)[::-1]
        words = np.array([*ENDS, "censored"])
        columns = {
            "run": run,
            "recommendation": np.array(world.recommendations.names)[which],
            "months": months[which, run],
            "end": words[codes[which, run]],
        }
        return pd.DataFrame(columns)

    def incidence(self, world: World, since: Since, level: float) -> pd.DataFrame:
        """Probability of each end by month; see ``Ensemble.incidence``."""
        runs = self.loss.shape[-1]
        blocks = [(first, min(first + BLOCK, runs)) for first in range(0, runs, BLOCK)]
        seen = [_counts(*self.block(*block).followed(world, since), self.months) for block in blocks]
        found = aalen_johansen(sum(counts.sum(axis=-1) for counts in seen))
        squares = sum((found.influence(counts) ** 2).sum(axis=-1) for counts in seen)
        error = np.sqrt(squares * (runs / (runs - 1))) if runs > 1 else np.full(found.share.shape, np.nan)
        half = stdtrit(max(runs - 1, 1), (1 + level) / 2) * error
        table = {
            "share": found.share,
            "low": np.maximum(found.share - half, 0.0),
            "high": np.minimum(found.share + half, 1.0),
        }
        index = pd.MultiIndex.from_product([ENDS, range(self.months)], names=["end", "month"])
        frame = pd.DataFrame({name: values.reshape(-1) for name, values in table.items()}, index=index)
        frame["followed"] = np.tile(found.at_risk / runs, len(ENDS))
        happens = found.events.sum(axis=1) > 0
        happens[0] = True
        return frame[np.repeat(happens, self.months)]

    def recommendations(self, world: World) -> pd.DataFrame:
        """One row a recommendation; see ``Ensemble.recommendations``."""
        months, codes = self.followed(world, "start")
        implemented = self.reached["implemented"]
        since_draft = np.where(implemented != NEVER, implemented - self.reached["drafted"], np.nan)
        columns = {
            "project": np.array(world.projects.names)[world.recommendations.project],
            **{stage: (month != NEVER).mean(axis=1) for stage, month in self.reached.items()},
            **{f"lost_{reason}": (self.loss == code).mean(axis=1) for code, reason in _reasons()},
            "not_drafted": (codes == len(ENDS) - 1).mean(axis=1),
            "months_in_system": _mean_where(months, codes != NOT_FOLLOWED),
            "months_from_draft": _mean_where(since_draft, implemented != NEVER),
            **self._refusals(world),
        }
        return pd.DataFrame(columns, index=pd.Index(world.recommendations.names, name="recommendation"))

    def _refusals(self, world: World) -> dict[str, list[str] | list[float]]:
        """Whose line refuses each recommendation most often, and in which share of the runs."""
        share, duties = self.refused.mean(axis=1), world.duties
        most = [max(np.flatnonzero(duties.recommendation == r), key=lambda duty: share[duty])
                for r in range(len(self.loss))]  # fmt: skip
        named = [world.agencies.names[duties.agency[duty]] if share[duty] > 0 else "" for duty in most]
        return {"refused_by": named, "refused_share": [float(share[duty]) for duty in most]}

    def projects(self, world: World) -> pd.DataFrame:
        """One row a project; see ``Ensemble.projects``."""
        each = self.recommendations(world)
        stages = [*self.reached, *(f"lost_{reason}" for _code, reason in _reasons()), "not_drafted"]
        summed = each.groupby("project", sort=False)[stages].sum().reindex(list(world.projects.names))
        start = np.maximum(world.projects.start, 0)[:, None]
        delivered = self.delivered != NEVER
        first = {
            "planned": each.groupby("project").size().reindex(summed.index, fill_value=0),
            "delivered": delivered.mean(axis=1),
            "months_to_deliver": _mean_where(self.delivered - start, delivered),
        }
        return pd.DataFrame(first, index=summed.index).join(summed.fillna(0.0))


def implemented_by(months: Array, codes: Array, horizon: int) -> Floats:
    """Share implemented within some months, one estimate a run; it stays where nobody is followed any more.

    Args:
        months: how long each is followed, shape (recommendation, run); see ``Histories.followed``.
        codes: how that ends, of the same shape.
        horizon: months after the origin, inclusive.
    """
    late = months > horizon
    codes = np.where(late & (codes != NOT_FOLLOWED), CENSORED, codes)
    counts = _counts(np.where(late, horizon, months), codes, horizon + 1)
    return np.asarray(aalen_johansen(counts.transpose(0, 2, 1)).share[0, :, -1])


@dataclass(frozen=True)
class Incidence:
    """Cumulative incidence of competing ends.

    Attributes:
        events: number of each end by month, shape (end, …, month).
        at_risk: still followed as a month begins, shape (…, month).
        left: share without an end before the month, shape (…, month).
        share: with each end by the month, shape (end, …, month).
    """

    events: Floats
    at_risk: Floats
    left: Floats
    share: Floats

    def influence(self, counts: Floats) -> Floats:
        """What each run adds to the deviation of a share, to first order: they sum to 0.

        The derivative of the estimate towards a run's own counts, as in the infinitesimal jackknife.

        Args:
            counts: of each run, shape (end and censored, month, run).

        Returns:
            Shape (end, month, run).
        """
        at_risk, hazard = (
            np.maximum(self.at_risk, 1.0)[:, None],
            (self.events / np.maximum(self.at_risk, 1.0)),
        )
        own = np.cumsum(counts.sum(axis=0)[::-1], axis=0)[::-1]
        apart = (counts[:-1] - own * hazard[..., None]) / at_risk  # of each hazard
        total = hazard.sum(axis=0)[:, None]
        stay = np.maximum(1.0 - total, SMALL)
        of_left = np.where(stay > SMALL, apart.sum(axis=0) / stay, 0.0)
        before = np.cumsum(of_left, axis=0) - of_left
        left = self.left[:, None]
        return np.asarray(np.cumsum(left * apart - left * before * hazard[..., None], axis=1))


def aalen_johansen(counts: Floats) -> Incidence:
    """Cumulative incidence of competing ends.

    Args:
        counts: of each end, and censored last, by month; shape (end and censored, …, month). What is censored
            in a month was still followed when ends happened in it.
    """
    at_risk = np.cumsum(counts.sum(axis=0)[..., ::-1], axis=-1)[..., ::-1]
    hazard = counts[:-1] / np.maximum(at_risk, 1.0)
    stays = np.cumprod(1.0 - hazard.sum(axis=0), axis=-1)
    left = np.concatenate([np.ones_like(stays[..., :1]), stays[..., :-1]], axis=-1)
    return Incidence(counts[:-1], at_risk, left, np.cumsum(left * hazard, axis=-1))


def _counts(months: Array, codes: Array, length: int) -> Floats:
    """How many recommendations are followed so long and end so. Shape (end and censored, month, run)."""
    runs = months.shape[-1]
    kept = codes != NOT_FOLLOWED
    place = (codes.astype(np.intp) * length + months) * runs + np.arange(runs)
    counted = np.bincount(place[kept], minlength=(len(ENDS) + 1) * length * runs)
    return counted.reshape(len(ENDS) + 1, length, runs).astype(np.float64)


def _reasons() -> list[tuple[int, str]]:
    return [(code, reason) for code, reason in enumerate(LOSSES) if reason]


def _mean_where(values: Array, chosen: Array) -> Floats:
    """Mean over runs of what is chosen; NaN where nothing is. Shape (entity,)."""
    number = chosen.sum(axis=1)
    summed = np.where(chosen, values, 0.0).sum(axis=1)
    return np.where(number > 0, summed / np.maximum(number, 1), np.nan)
