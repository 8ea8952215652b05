"""Understanding: DeGroot averaging without frames, Friedkin–Johnsen with them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pytest

from tverretatlig_sim import load_scenario, simulate

from .laboratory import EXACT, NAMES, Matrix, Row, agency, forum, ties, weights, world

THEMES = ("education", "health", "justice")
MONTHS, LONG = 24, 120
STUBBORNNESS = 0.1


def contact_in(seats: list[int], count: int) -> Matrix:
    """Contact of each pair in one meeting wholly about substance."""
    contact = np.zeros((count, count))
    for i, j in permutations(seats, 2):
        contact[i, j] = 1.0 / (len(seats) - 1)
    return contact


@dataclass(frozen=True)
class Talk:
    """Agencies that do nothing but listen to each other.

    Attributes:
        start, frame: views, shape (theme, agency); an agency's weights sum to less than 1.
        trust: asymmetric, shape (agency, agency).
        pull: monthly pull of each agency's frame.
    """

    start: Matrix
    frame: Matrix
    trust: Matrix
    pull: Matrix
    learning: float

    @classmethod
    def random(cls, count: int, themes: int, learning: float, pull: float = 0.0) -> Talk:
        rng = np.random.default_rng([count, themes])
        start, frame = (rng.dirichlet(np.ones(themes + 1), size=count)[:, :themes].T for _ in range(2))
        trust = rng.uniform(0.2, 1.0, (count, count))
        return cls(start, frame, trust, pull * rng.uniform(0.0, 1.0, count), learning)

    @property
    def count(self) -> int:
        return len(self.trust)

    def tables(self, months: int, *forums: Row) -> Row:
        """The world's scenario file, by default with one monthly forum of all."""
        names = THEMES[: len(self.start)]
        members = [
            agency(
                NAMES[i],
                understanding=weights(names, self.start[:, i]),
                frame=weights(names, self.frame[:, i]),
                stubbornness=float(self.pull[i] / STUBBORNNESS),
            )
            for i in range(self.count)
        ]
        parameters = {"learning": self.learning, "frame_stubbornness": STUBBORNNESS}
        talk = list(forums) or [forum()]
        return world(members, months=months, forum=talk, tie=ties(self.trust), parameters=parameters)

    def matrix(self, contact: Matrix | None = None) -> Matrix:
        """Row-stochastic matrix of who listens to whom."""
        contact = contact_in(list(range(self.count)), self.count) if contact is None else contact
        heard = np.eye(self.count) + self.learning * contact * self.trust
        return heard / heard.sum(axis=1, keepdims=True)

    def path(self, matrices: list[Matrix]) -> Matrix:
        """Views after each month, shape (month, theme, agency)."""
        held, path = self.start, []
        for matrix in matrices:
            held = (1.0 - self.pull) * (held @ matrix.T) + self.pull * self.frame
            path.append(held)
        return np.array(path)


def simulated(tables: Row, themes: int) -> Matrix:
    """Monthly views, shape (month, theme, agency)."""
    series = simulate(load_scenario(tables), runs=1, series="runs").series["understanding"]
    views: Matrix = series.isel(run=0).sel(theme=list(THEMES[:themes])).to_numpy()
    return views


def assert_equal(values: Matrix, expected: Matrix) -> None:
    np.testing.assert_allclose(values, expected, rtol=0, atol=EXACT)


@pytest.mark.parametrize("count", [2, 3, 5, 8])
@pytest.mark.parametrize(("learning", "themes"), [(0.2, 1), (1.0, 3), (30.0, 2)])
def test_degroot_trajectory(count: int, learning: float, themes: int) -> None:
    talk = Talk.random(count, themes, learning)
    views = simulated(talk.tables(MONTHS), themes)
    assert_equal(views, talk.path([talk.matrix()] * MONTHS))


@pytest.mark.parametrize("count", [2, 5, 8])
def test_degroot_consensus_is_the_left_perron_vector(count: int) -> None:
    talk = Talk.random(count, 2, learning=1.0)
    values, vectors = np.linalg.eig(talk.matrix().T)
    influence = np.real(vectors[:, np.argmax(np.real(values))])
    consensus = talk.start @ influence / influence.sum()
    final = simulated(talk.tables(LONG), 2)[-1]
    assert_equal(final, np.repeat(consensus[:, None], count, axis=1))


def test_who_trusts_none_persuades_all() -> None:
    trust = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    start = np.array([[0.9, 0.1, 0.4]])
    talk = Talk(start, start, trust, np.zeros(3), learning=0.5)
    assert_equal(simulated(talk.tables(LONG), 1)[-1], np.full((1, 3), 0.9))


@pytest.mark.parametrize("clarity", [0.0, 0.4, 1.0])
def test_talk_about_structure_slows_listening(clarity: float) -> None:
    """Three seats with the constant at six lose (1 − clarity) / 3 of each meeting."""
    talk = Talk.random(3, 1, learning=0.7)
    tables = talk.tables(MONTHS)
    tables["arrangement"]["mandate_clarity"] = clarity
    tables["parameters"]["structure_half"] = 6.0
    substance = 1.0 - (1.0 - clarity) / 3.0
    matrix = talk.matrix(substance * contact_in([0, 1, 2], 3))
    assert_equal(simulated(tables, 1), talk.path([matrix] * MONTHS))


def test_forums_of_one_month_add_up_in_one_update() -> None:
    """A pair that shares two forums hears each other twice; a quarterly forum counts every third month."""
    talk = Talk.random(4, 2, learning=0.7)
    small, large = forum("small", seats=["A", "B", "C"]), forum("large", seats=["B", "C", "D"], cadence=3)
    monthly = contact_in([0, 1, 2], 4)
    both = talk.matrix(monthly + contact_in([1, 2, 3], 4))
    matrices = [both if month % 3 == 2 else talk.matrix(monthly) for month in range(MONTHS)]
    assert_equal(simulated(talk.tables(MONTHS, small, large), 2), talk.path(matrices))


@pytest.mark.parametrize("count", [2, 3, 8])
@pytest.mark.parametrize(("learning", "pull"), [(0.5, 0.05), (3.0, 0.9)])
def test_friedkin_johnsen_trajectory(count: int, learning: float, pull: float) -> None:
    talk = Talk.random(count, 2, learning, pull)
    views = simulated(talk.tables(MONTHS), 2)
    assert_equal(views, talk.path([talk.matrix()] * MONTHS))


@pytest.mark.parametrize("count", [2, 5, 8])
def test_friedkin_johnsen_equilibrium(count: int) -> None:
    talk = Talk.random(count, 2, learning=0.8, pull=0.5)
    listening, own = np.diag(1.0 - talk.pull), np.diag(talk.pull)
    equilibrium = np.linalg.solve(np.eye(count) - listening @ talk.matrix(), own @ talk.frame.T).T
    assert_equal(simulated(talk.tables(LONG), 2)[-1], equilibrium)


def test_complete_stubbornness_is_the_frame_at_once() -> None:
    talk = Talk.random(4, 2, learning=0.8)
    firm = Talk(talk.start, talk.frame, talk.trust, np.ones(4), talk.learning)
    assert_equal(simulated(firm.tables(2), 2)[0], firm.frame)
