"""The life of a recommendation as an absorbing Markov chain with constant monthly hazards.

A body with one seat, attended with probability c, accepting with p and giving one round only, advances a case
with c·p a month, drops it with c·(1 − p), and else keeps it waiting. A waiting duty is taken up with
probability a and dropped with d a month. Once taken up it needs a fixed number of months.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, prod

import numpy as np
import pandas as pd
import pytest

from tverretatlig_sim import Ensemble, load_scenario, simulate

from .laboratory import (
    STANDARD_ERRORS,
    Matrix,
    agencies,
    agency,
    assert_mean,
    assert_share,
    forum,
    logit,
    project,
    world,
)

RUNS, MONTHS, SEED = 3000, 160, 8
UNDERWAY = ["drafted", "decided", "handed_over", "adopted"]


@dataclass(frozen=True)
class Life:
    """Hazards of one recommendation.

    Attributes:
        attend: chance that the seat of a body is taken in a month; 1 if there are no bodies.
        votes: chance of acceptance at each body in turn; a duty-holder's first, then a bystander's.
        tries: rounds at a body before the case is dropped.
        duties: number of duty-holders.
        look, drop: monthly chances that a waiting duty is looked at, and if it is not, forgotten.
        work: months of work in the line.
    """

    look: float
    drop: float
    duties: int = 1
    attend: float = 1.0
    votes: tuple[float, ...] = ()
    tries: int = 1
    work: int = 1

    def simulate(self) -> Ensemble:
        """One recommendation a run, drafted in the first month; A has a duty, H has none."""
        members = [*agencies(self.duties, line_capacity=1.0), agency("H")]
        owners = [row["name"] for row in members[:-1]]
        plan = project(recommendations=1, parties=self.duties, members=owners, line_work=self.work)
        bodies = [forum(f"body-{k}", seats=["A" if k == 0 else "H"]) for k in range(len(self.votes))]
        tables = world(
            members,
            months=MONTHS,
            projects=[plan],
            forum=bodies,
            route=[body["name"] for body in bodies] or ["line"],
            parameters=self._parameters(),
        )
        return simulate(load_scenario(tables), runs=RUNS, seed=SEED, batch_size=RUNS)

    def _parameters(self) -> dict[str, float]:
        first, last = (self.votes[0], self.votes[-1]) if self.votes else (None, 1.0)
        return {
            "look_pace": self.look,
            "line_drop": self.drop,
            "max_rounds": self.tries,
            "bystander_consent": last,
            "attendance_intercept": 40.0 if self.attend == 1.0 else logit(self.attend),
            "acceptance_intercept": 40.0 if first is None else logit(first),
        }

    @property
    def adopt(self) -> float:
        """Chance to be taken: looked at, and judged as at the first body, since anchoring has no weight."""
        return self.look * (self.votes[0] if self.votes else 1.0)

    @property
    def fall(self) -> float:
        """Chance to fall: looked at and refused, or not looked at and forgotten."""
        return self.look - self.adopt + (1.0 - self.look) * self.drop

    def chain(self) -> tuple[Matrix, Matrix]:
        """Transitions among transient states, and into implemented and dropped.

        Order of states: each try at each body, duties still waiting from all to one, months of line work.
        Without bodies the lead's own line consents in one month.
        """
        bodies = [(self.attend, accept) for accept in self.votes] or [(1.0, 1.0)]
        decision = [(c, accept, k) for c, accept in bodies for k in range(self.tries)]
        first_waiting = len(decision)
        first_work = first_waiting + self.duties
        size = first_work + self.work
        moves = np.zeros((size, size + 2))
        for state, (attend, accept, k) in enumerate(decision):
            moves[state, state] = 1.0 - attend
            moves[state, state + self.tries - k] = attend * accept
            moves[state, state + 1 if k + 1 < self.tries else size + 1] += attend * (1.0 - accept)
        for waiting in range(self.duties, 0, -1):
            state = first_waiting + self.duties - waiting
            for taken in range(waiting + 1):
                ways = comb(waiting, taken) * (1.0 - self.adopt - self.fall) ** (waiting - taken)
                moves[state, state + taken] = ways * self.adopt**taken
            moves[state, size + 1] = 1.0 - (1.0 - self.fall) ** waiting
        for state in range(first_work, size):
            moves[state, state + 1] = 1.0
        return moves[:, :size], moves[:, size:]


LIVES = {
    "line only": Life(look=0.1, drop=0.05),
    "line with three duties": Life(look=0.15, drop=0.02, duties=3),
    "slow line work": Life(look=0.2, drop=0.05, work=7),
    "one body": Life(look=0.2, drop=0.1, attend=0.3, votes=(0.8,)),
    "two bodies": Life(look=0.2, drop=0.1, attend=0.4, votes=(0.8, 0.6)),
    "four bodies, two duties": Life(look=0.25, drop=0.05, duties=2, attend=0.5, votes=(0.9, 0.7, 0.7, 0.7)),
    "three tries": Life(look=0.2, drop=0.1, attend=0.6, votes=(0.4, 0.5), tries=3),
}


@dataclass(frozen=True)
class Lived:
    """One of the lives, simulated."""

    life: Life
    ensemble: Ensemble

    @property
    def outcomes(self) -> pd.DataFrame:
        return self.ensemble.outcomes

    def share_in(self, stage: str, month: int) -> float:
        stages = self.ensemble.series["recommendations"].sel(statistic="mean")
        return float(stages.sel(stage=stage, month=month))


@pytest.fixture(scope="module", params=LIVES)
def lived(request: pytest.FixtureRequest) -> Lived:
    life = LIVES[request.param]
    return Lived(life, life.simulate())


def test_implemented_share(lived: Lived) -> None:
    """The absorption probability of the chain."""
    inner, exits = lived.life.chain()
    share = np.linalg.solve(np.eye(len(inner)) - inner, exits)[0, 0]
    assert (lived.outcomes["pending"] == 0).all()
    assert_share(lived.outcomes["implemented"].sum(), RUNS, share)


def test_mean_time(lived: Lived) -> None:
    """Months until implemented or dropped, and their standard error, from the fundamental matrix."""
    inner, _ = lived.life.chain()
    fundamental = np.linalg.inv(np.eye(len(inner)) - inner)
    times = fundamental.sum(axis=1)
    variance = ((2.0 * fundamental - np.eye(len(inner))) @ times - times**2)[0]
    stages = lived.ensemble.series["recommendations"].sel(statistic="mean", stage=UNDERWAY)
    assert abs(float(stages.sum()) - times[0]) <= STANDARD_ERRORS * np.sqrt(variance / RUNS)


@pytest.mark.parametrize("month", [2, 5, 12, 36])
def test_shares_so_far(lived: Lived, month: int) -> None:
    """Powers of the transition matrix give the whole distribution, not only its end."""
    inner, exits = lived.life.chain()
    reached = sum(np.linalg.matrix_power(inner, k)[0] @ exits for k in range(month))
    for stage, chance in zip(("implemented", "dropped"), reached, strict=True):
        assert_share(lived.share_in(stage, month) * RUNS, RUNS, min(float(chance), 1.0))


def test_product_of_stages(lived: Lived) -> None:
    """The textbook form: passed with chance a / (a + d), left after 1 / (a + d) months on average."""
    life = lived.life
    passed = prod(1.0 - (1.0 - accept) ** life.tries for accept in life.votes)
    taken_up = (life.adopt / (life.adopt + life.fall)) ** life.duties
    assert_share(lived.outcomes["implemented"].sum(), RUNS, passed * taken_up)
    if life.duties == life.tries == 1:
        decision = len(life.votes) / life.attend or 1.0
        months = decision + 1.0 / (life.adopt + life.fall) + life.work
        assert_mean(lived.outcomes["months_from_draft"].dropna().to_numpy(), months)
