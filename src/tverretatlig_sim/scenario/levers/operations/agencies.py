"""Operations on agencies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import exp, log
from typing import Literal

from tverretatlig_sim.i18n import Message, _
from tverretatlig_sim.scenario.levers.amounts import span
from tverretatlig_sim.scenario.levers.operations.base import Operation, Unfit
from tverretatlig_sim.scenario.parts import with_agencies, with_forums
from tverretatlig_sim.scenario.quantity import Quantity, Share
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Agency
from tverretatlig_sim.scenario.themes import views


class NameCoordinator(Operation):
    """A coordinating agency where there is none: the one, core agencies first, that leads most projects."""

    def _apply(self, scenario: Scenario) -> Scenario:
        if scenario.arrangement.coordinator is not None:
            return scenario
        leads = Counter(project.lead for project in scenario.portfolio.project)
        candidates = scenario.core or {agency.name for agency in scenario.agencies}
        chosen = min(candidates, key=lambda name: (-leads[name], name))
        return with_forums(scenario, scenario.arrangement.forum, coordinator=chosen)


class SamePlace(Operation):
    """Agencies under one roof: in the coordinator's place, or where most of them are.

    Attributes:
        who: all members, or the core agencies only.
    """

    who: Literal["all", "core"]

    def _apply(self, scenario: Scenario) -> Scenario:
        moving = [agency for agency in scenario.agencies if self.who == "all" or agency.name in scenario.core]
        if len(moving) < 2:
            core = _("there are {number} core agencies to bring together", number=len(moving))
            everyone = _("there are {number} agencies to bring together", number=len(moving))
            raise Unfit(core if self.who == "core" else everyone)
        places = Counter(agency.place for agency in moving)
        hosts = [agency.place for agency in moving if agency.name == scenario.arrangement.coordinator]
        place = (hosts or [min(places, key=lambda place: (-places[place], place))])[0]
        names = {agency.name for agency in moving}
        return with_agencies(
            scenario,
            [
                agency.model_copy(update={"place": place}) if agency.name in names else agency
                for agency in scenario.agencies
            ],
        )


class Apart(Operation):
    """A share of the agencies each in a place of its own, the rest in the coordinator's, or where most are.

    The periphery moves out first, then the core, each in order of name; the coordinator stays.

    Attributes:
        share: of the agencies that move out, 0 to 1.
    """

    share: Share

    def _apply(self, scenario: Scenario) -> Scenario:
        places = {agency.name: agency.place for agency in scenario.agencies}
        return with_agencies(scenario, _spread(scenario, "place", places, self.share))

    def _undone_by(self, other: Operation) -> Message | str:
        opposite = isinstance(other, SamePlace)
        return _("one spreads agencies out, the other brings them together") if opposite else ""


class OwnForms(Operation):
    """A share of the agencies each of an organisational form of its own, the rest of the coordinator's.

    Without a coordinator the rest has the form that most have. Who steers whom stays as it is. The periphery
    goes first, then the core, each in order of name; the coordinator stays.

    Attributes:
        share: of the agencies with a form of their own, 0 to 1.
    """

    share: Share

    def _apply(self, scenario: Scenario) -> Scenario:
        forms = {agency.name: agency.form or agency.ministry for agency in scenario.agencies}
        return with_agencies(scenario, _spread(scenario, "form", forms, self.share))


def _spread(scenario: Scenario, field: str, now: Mapping[str, str], share: Quantity) -> list[Agency]:
    """The agencies with a place or form each of their own for a share of them, and one for the rest.

    Args:
        scenario: whose agencies they are.
        field: ``place`` or ``form``.
        now: what each agency has, by name.
        share: of the agencies with one of their own.
    """
    host = scenario.arrangement.coordinator
    common = Counter(now.values())
    centre = min(common, key=lambda it: (-common[it], it)) if host is None else now[host]
    order = sorted(
        scenario.agencies,
        key=lambda agency: (agency.name == host, agency.name in scenario.core, agency.name),
    )
    out = {agency.name for agency in order[: round(float(share) * len(order))]}
    return [
        agency.model_copy(update={field: f"{centre}: {agency.name}" if agency.name in out else centre})
        for agency in scenario.agencies
    ]


class EvenSizes(Operation):
    """Agencies nearer in size: staff moves towards the geometric mean.

    Attributes:
        share: how far, 0 to 1; all agencies are of one size at 1.
    """

    share: Share

    def _apply(self, scenario: Scenario) -> Scenario:
        logs = [log(float(agency.staff)) for agency in scenario.agencies]
        middle, left = sum(logs) / len(logs), 1.0 - float(self.share)
        if left == 1.0:
            return scenario

        def nearer(size: float) -> float:
            return exp(middle + left * (log(size) - middle))

        return with_agencies(
            scenario,
            [
                agency.model_copy(update={"staff": self._sized(agency.staff, nearer)})
                for agency in scenario.agencies
            ],
        )

    def _sized(self, own: Quantity, nearer: Callable[[float], float]) -> Quantity:
        low, high = map(nearer, span(own))
        source = "; ".join(part for part in (own.source, self.share.source) if part)
        return Quantity(value=nearer(own.value), range=(low, high), grade="assumed", source=source)


class CommonPicture(Operation):
    """Problem understanding that starts nearer to each other's; frames stay.

    Attributes:
        share: how far each agency starts on the way to the mean of all members, 0 to 1.
    """

    share: Share

    def _apply(self, scenario: Scenario) -> Scenario:
        starts = [views(agency) for agency in scenario.agencies]
        themes = sorted({theme for start in starts for theme in start})
        mean = {theme: sum(start.get(theme, 0.0) for start in starts) / len(starts) for theme in themes}
        return with_agencies(scenario, [self._nearer(agency, mean, themes) for agency in scenario.agencies])

    def _nearer(self, agency: Agency, mean: dict[str, float], themes: Sequence[str]) -> Agency:
        own = views(agency)
        moved = {theme: self._between(own.get(theme, 0.0), mean[theme]) for theme in themes}
        same = all(float(weight) == own.get(theme, 0.0) for theme, weight in moved.items())
        return agency if same else agency.model_copy(update={"understanding": moved})

    def _between(self, own: float, mean: float) -> Quantity:
        low, high = sorted(own + share * (mean - own) for share in span(self.share))
        value = own + self.share.value * (mean - own)
        return Quantity(value=value, range=(low, high), grade="assumed", source=self.share.source)
