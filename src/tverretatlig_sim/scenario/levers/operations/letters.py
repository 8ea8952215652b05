"""Operations on the calendar of letters."""

from __future__ import annotations

from typing import ClassVar

from tverretatlig_sim.scenario.levers.operations.base import Operation
from tverretatlig_sim.scenario.parts import with_letters
from tverretatlig_sim.scenario.quantity import Fte, MonthOfYear, Quantity, Share
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Event, Letter, Name, shifted

NOTHING = Quantity(
    value=0.0, range=(0.0, 0.0), grade="derived", source="the lever adds no resources",
    note="what it says comes without money",
)  # fmt: skip


class JointLetter(Operation):
    """The same letter from all ministries to all members, in force for the whole run.

    Attributes:
        letter: its name.
        strength: of the letter.
        resources: extra capacity of each member while it is in force.
    """

    about: ClassVar[str] = "letter"
    letter: Name
    strength: Share
    resources: Fte = NOTHING

    def _apply(self, scenario: Scenario) -> Scenario:
        if self._is_said_already(scenario):
            return scenario
        own = Letter(
            name=free_name(self.letter, [letter.name for letter in scenario.letters.letter]),
            ministries=[ministry.name for ministry in scenario.ministries],
            to=[agency.name for agency in scenario.agencies],
            begins=scenario.start,
            ends=_last_month(scenario),
            strength=self.strength,
            resources=self.resources,
        )
        return with_letters(scenario, letter=[*scenario.letters.letter, own])

    def _is_said_already(self, scenario: Scenario) -> bool:
        """Whether every member hears as much in general letters all the time, and nothing more comes."""
        loud = [
            letter
            for letter in scenario.letters.letter
            if not letter.projects and float(letter.strength) >= float(self.strength)
        ]
        months = [shifted(scenario.start, month) for month in range(scenario.default_months)]
        return float(self.resources) == 0 and all(
            any(
                agency.name in letter.to and letter.begins <= month <= (letter.ends or month)
                for letter in loud
            )
            for agency in scenario.agencies
            for month in months
        )


class YearlyEvent(Operation):
    """Something that renews the attention of all ministries in the same month of every year.

    Attributes:
        event: its name, followed by the year.
        month: of the year, 1 to 12.
        strength: share of the way to full attention.
    """

    about: ClassVar[str] = "event"
    event: Name
    month: MonthOfYear
    strength: Share

    def _apply(self, scenario: Scenario) -> Scenario:
        taken = [event.name for event in scenario.letters.event]
        dates = [shifted(scenario.start, month) for month in range(scenario.default_months)]
        own = [
            Event(
                name=free_name(f"{self.event}-{date[:4]}", taken),
                ministries=[ministry.name for ministry in scenario.ministries],
                month=date,
                strength=self.strength,
            )
            for date in dates
            if int(date[-2:]) == int(self.month)
        ]
        return with_letters(scenario, event=[*scenario.letters.event, *own])


def free_name(name: str, taken: list[str]) -> str:
    """The name, marked as a lever's if the scenario has one of that name."""
    return name if name not in taken else free_name(f"{name} (lever)", taken)


def _last_month(scenario: Scenario) -> str:
    return shifted(scenario.start, scenario.default_months - 1)
