"""What structural operations have in common."""

from __future__ import annotations

from typing import ClassVar

from tverretatlig_sim.i18n import Message, _
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Name, Table


class Unfit(Exception):  # noqa: N818 - a reason, not a fault
    """Why something cannot be done to a scenario, as the end of a sentence."""


class Operation(Table):
    """A change of structure.

    Attributes:
        about: the field that says what it is about, if its name does not.
        do: name of the operation.
        optional: whether a lever does without it where it cannot be carried out.
    """

    about: ClassVar[str] = ""
    do: Name
    optional: bool = False

    @property
    def subject(self) -> str:
        """What it is about: two operations about the same must say the same."""
        return f"{self.do} {getattr(self, self.about)}" if self.about else self.do

    def settings(self) -> dict[str, object]:
        """What it says, numbers without their evidence."""
        said = {name: getattr(self, name) for name in type(self).model_fields if name != "optional"}
        return {name: float(given) if isinstance(given, Quantity) else given for name, given in said.items()}

    def carried_out(self, scenario: Scenario) -> Scenario:
        """The changed scenario; an equal one if everything is so already.

        Raises:
            Unfit: the scenario lacks what is needed.
        """
        return self._apply(scenario)

    def undone_by(self, other: Operation) -> str:
        """In which way another operation undoes this one; empty if it does not."""
        return self._undone_by(other)

    def _apply(self, scenario: Scenario) -> Scenario:
        raise NotImplementedError

    def _undone_by(self, other: Operation) -> str:
        return ""


def opposed(one: Operation, other: Operation) -> Message | str:
    """In which way two operations contradict each other; empty if they do not."""
    if one.subject == other.subject and one.settings() != other.settings():
        return _("different settings of {subject}", subject=one.subject)
    return one.undone_by(other) or other.undone_by(one)
