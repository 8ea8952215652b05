"""All checks of references of one scenario, in order."""

from __future__ import annotations

from dataclasses import dataclass

from tverretatlig_sim.scenario.catalogue import Catalogue
from tverretatlig_sim.scenario.errors import Problem
from tverretatlig_sim.scenario.references.arrangement import check_arrangement
from tverretatlig_sim.scenario.references.letters import Addressees, check_letters
from tverretatlig_sim.scenario.references.part import Part, Report
from tverretatlig_sim.scenario.references.portfolio import Surroundings, check_portfolio
from tverretatlig_sim.scenario.schema import Arrangement, Letters, Portfolio, ScenarioFile


@dataclass(frozen=True)
class Draft:
    """A scenario whose parts have been read, but not yet compared."""

    head: ScenarioFile | None
    catalogue: Catalogue
    arrangement: Part[Arrangement]
    portfolio: Part[Portfolio]
    letters: Part[Letters]

    @property
    def members(self) -> frozenset[str] | None:
        """Agencies of the arrangement; None if it cannot be read."""
        return frozenset(self.arrangement.names("member", "agency")) if self.arrangement.model else None

    @property
    def forums(self) -> frozenset[str] | None:
        """Forums of the arrangement; None if it cannot be read."""
        return frozenset(self.arrangement.names("forum")) if self.arrangement.model else None

    @property
    def projects(self) -> frozenset[str] | None:
        """Projects of the portfolio; None if it cannot be read."""
        return frozenset(self.portfolio.names("project")) if self.portfolio.model else None

    @property
    def steering(self) -> dict[str, str]:
        """Ministry of each member, where it is known."""
        members = self.arrangement.model.member if self.arrangement.model else []
        agencies = self.catalogue.agencies
        own = {name: agency.ministry for name, agency in agencies.items()}
        return {
            member.agency: member.ministry or own[member.agency]
            for member in members
            if member.ministry or member.agency in own
        }


def check_references(draft: Draft, problems: list[Problem]) -> None:
    """Append every reference that leads nowhere or to the wrong place.

    Parts that could not be read at all are passed over; what depends on them is not checked.
    """
    if draft.arrangement.model is not None:
        check_arrangement(draft.arrangement, draft.catalogue, Report(draft.arrangement.origin, problems))
    if draft.portfolio.model is not None:
        start, open_end = (draft.head.start, draft.head.months is None) if draft.head else (None, False)
        around = Surroundings(draft.members, draft.forums, start, open_end)
        check_portfolio(draft.portfolio, around, Report(draft.portfolio.origin, problems))
    if draft.letters.model is not None:
        known = Addressees(draft.catalogue.known_ministries, draft.members, draft.steering, draft.projects)
        check_letters(draft.letters, known, Report(draft.letters.origin, problems))
