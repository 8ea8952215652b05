"""What a dial is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tverretatlig_sim.i18n import _, joined
from tverretatlig_sim.scenario.levers.amounts import How
from tverretatlig_sim.scenario.levers.lever import Change, Lever, load_lever
from tverretatlig_sim.scenario.levers.operations import OPERATIONS, Operation
from tverretatlig_sim.scenario.quantity import Bounds, Quantity
from tverretatlig_sim.scenario.schema import Title

SHARE = Bounds(0, 1)
RUNG = Bounds(1, 4, whole=True)

Curve = Callable[[float], float]


def itself(value: float) -> float:
    """What a dial is set to."""
    return value


def left_over(value: float) -> float:
    """What is missing to one."""
    return 1.0 - value


@dataclass(frozen=True)
class Turn:
    """A number that a dial changes.

    Attributes:
        what: target, as levers write it.
        how: as levers write it.
        amount: by or to how much, given what the dial is set to.
        optional: whether the dial does without it where a scenario has no such number.
    """

    what: str
    how: How = "set"
    amount: Curve = itself
    optional: bool = False


@dataclass(frozen=True)
class Move:
    """An operation that a dial does.

    Attributes:
        do: its name.
        settings: its keys, apart from those in ``numbers``.
        numbers: keys that depend on what the dial is set to.
    """

    do: str
    settings: dict[str, Any] = field(default_factory=dict)
    numbers: dict[str, Curve] = field(default_factory=dict)


@dataclass(frozen=True)
class Dial:
    """A framework of the sources as a number one can set.

    Attributes:
        name: short name.
        framework: the framework it belongs to.
        bounds: what it can be set to.
        title: heading in both languages.
        meaning: what its two ends mean, in both languages.
        source: where the framework is from.
        assumed: what about the dial is our reading, in both languages.
        turns: numbers it changes.
        moves: what it does to the structure.
        scaled: name of a lever whose numbers it changes as far as it is set: 0 not at all, 1 in full.
    """

    name: str
    framework: str
    title: Title
    meaning: Title
    source: str
    assumed: Title
    bounds: Bounds = SHARE
    turns: tuple[Turn, ...] = ()
    moves: tuple[Move, ...] = ()
    scaled: str = ""

    def at(self, value: float) -> Lever:
        """The lever that sets the dial.

        Args:
            value: within ``bounds``.

        Raises:
            ValueError: it is not.
            ScenarioError: the file of the lever it scales has problems.
        """
        if not self.bounds.holds(value):
            what = _("must be {allowed}", allowed=self.bounds.allowed)
            raise ValueError(joined(": ", (f"{self.name}={value:g}", what)))
        heading = f"{self.name}={value:g}"
        return Lever(
            name=heading,
            title=Title(en=f"{self.title.en} {value:g}", nb=f"{self.title.nb} {value:g}".replace(".", ",")),
            source=self.source,
            evidence="impression",
            meaning=self.meaning,
            changes=(*(self._change(turn, value) for turn in self.turns), *self._scaled_changes(value)),
            operations=tuple(self._operation(move, value) for move in self.moves),
            path=Path(heading),
            dial=self.name,
        )

    def _amount(self, value: float) -> Quantity:
        return Quantity(
            value=value,
            grade="assumed",
            source=f"dial {self.name}: {self.source}; assumed: {self.assumed.en}",
        )

    def _change(self, turn: Turn, value: float) -> Change:
        amount = self._amount(turn.amount(value))
        return Change(what=turn.what, how=turn.how, amount=amount, optional=turn.optional)

    def _operation(self, move: Move, value: float) -> Operation:
        numbers = {key: self._amount(curve(value)) for key, curve in move.numbers.items()}
        return OPERATIONS[move.do].model_validate({"do": move.do, **move.settings, **numbers})

    def _scaled_changes(self, value: float) -> list[Change]:
        """The lever's changes as far as the dial is set: factors from one, terms from nothing."""
        changes = load_lever(self.scaled).changes if self.scaled else ()
        return [change.model_copy(update={"amount": _part(change, value)}) for change in changes]


def _part(change: Change, share: float) -> Quantity:
    neutral = 1.0 if change.how == "multiply" else 0.0
    low, high = change.amount.range or (change.amount.value, change.amount.value)
    value, *ends = (neutral + share * (end - neutral) for end in (change.amount.value, low, high))
    return change.amount.model_copy(update={"value": value, "range": (min(ends), max(ends))})
