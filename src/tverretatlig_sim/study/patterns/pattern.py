"""What a pattern is: a claim of the sources, and one number that says whether the model shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.i18n import current_language
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.study.patterns.context import Context
from tverretatlig_sim.study.patterns.variations import Variation, variation

Evidence = Literal["observed", "impression", "advice", "external"]
"""Documents, observation or broad agreement; someone's judgement; a recommendation; other literature."""

Statistic = Callable[[Context], Floats]
"""From an evaluation context to one number a parameter set, NaN where undefined. Shape (set,)."""


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
        automatic: whether it holds nearly by construction, so that it shows the mechanism works, not that it
            is true.
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
    automatic: bool = False

    @property
    def is_distance(self) -> bool:
        """Whether it is scored by a distance instead of an ordering."""
        return self.direction == 0


def switch(
    en: str,
    nb: str,
    change: Callable[[Scenario], Scenario] | None = None,
    parameters: Mapping[str, float] | None = None,
) -> Switch:
    """What takes a mechanism away: a change of the scenario, parameter values, or both."""
    return Switch(Text(en, nb), variation(en, change, parameters))
