"""Letters as index vectors: who is asked for what, how strongly, in which months."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from tverretatlig_sim.scenario.schema import Letter
from tverretatlig_sim.world.roster import Roster
from tverretatlig_sim.world.sparse import Floats, Integers, floats, integers
from tverretatlig_sim.world.world import NONE


@dataclass(frozen=True)
class Asked:
    """One entry for each thing a letter does to an agency or a stake, in order of letter names.

    Attributes:
        target: agency or stake.
        begins, ends: first and last month of the run in which it holds.
        amount: strength or resources.
    """

    target: Integers
    begins: Integers
    ends: Integers
    amount: Floats

    def in_force(self, month: int) -> tuple[Integers, Floats]:
        """Targets and amounts of what holds in a month of the run."""
        chosen = np.flatnonzero((self.begins <= month) & (month <= self.ends))
        return self.target[chosen], self.amount[chosen]

    def strongest(self, month: int, targets: int) -> Floats:
        """The largest amount for each target; 0 without any. Shape (targets,)."""
        largest = np.zeros(targets)
        target, amount = self.in_force(month)
        np.maximum.at(largest, target, amount)
        return largest

    def total(self, month: int, targets: int) -> Floats:
        """Sum of the amounts for each target, added up in order. Shape (targets,)."""
        total = np.zeros(targets)
        target, amount = self.in_force(month)
        np.add.at(total, target, amount)
        return total


@dataclass(frozen=True)
class Post:
    """All letters: general ones by agency, those that name projects by stake, and what they give."""

    general: Asked
    named: Asked
    resources: Asked


def post(roster: Roster, since_start: Callable[[str], int]) -> Post:
    """The letters of a scenario, indexed.

    Args:
        roster: the scenario's entities.
        since_start: month of the run of a date.
    """
    letters = sorted(roster.scenario.letters.letter, key=lambda letter: letter.name)
    receivers = [[roster.agency[name] for name in letter.to] for letter in letters]
    general = [[] if x.projects else own for x, own in zip(letters, receivers, strict=True)]
    named = [_stakes(roster, letter, own) for letter, own in zip(letters, receivers, strict=True)]
    strength = [float(letter.strength) for letter in letters]
    given = [float(letter.resources) for letter in letters]

    def asked(targets: Sequence[Sequence[int]], amounts: list[float]) -> Asked:
        row = np.repeat(np.arange(len(letters)), [len(own) for own in targets])
        begins = integers([since_start(letter.begins) for letter in letters])
        ends = integers([since_start(_end(letter)) for letter in letters])
        return Asked(integers(list(chain(*targets))), begins[row], ends[row], floats(amounts)[row])

    return Post(asked(general, strength), asked(named, strength), asked(receivers, given))


def _stakes(roster: Roster, letter: Letter, receivers: list[int]) -> list[int]:
    """Stakes of the receivers in the projects that the letter names."""
    pairs = [(roster.project[project], agency) for project in letter.projects for agency in receivers]
    first, second = (integers([pair[end] for pair in pairs]) for end in (0, 1))
    return [row for row in roster.stake.rows(first, second).tolist() if row != NONE]


def _end(letter: Letter) -> str:
    """Last month in force; resolved letters always have one."""
    return letter.ends or f"{letter.begins[:4]}-12"
