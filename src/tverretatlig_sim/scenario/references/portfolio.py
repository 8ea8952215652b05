"""References of a portfolio: who leads, takes part in and implements its projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tverretatlig_sim.i18n import _
from tverretatlig_sim.scenario.compose import entries
from tverretatlig_sim.scenario.errors import NO_WEIGHT, at_most, quoted
from tverretatlig_sim.scenario.files import Raw
from tverretatlig_sim.scenario.references.arrangement import STRANGER, check_route
from tverretatlig_sim.scenario.references.part import Part, Report, names_of
from tverretatlig_sim.scenario.scenario import FOLLOW_UP, LONGEST, shifted
from tverretatlig_sim.scenario.schema import Portfolio, Project

OUTSIDER = _("takes no part in the project")


@dataclass(frozen=True)
class Surroundings:
    """What a portfolio refers to.

    Attributes:
        members: agencies of the arrangement; None if unknown.
        forums: forums of the arrangement; None if unknown.
        start: first month of the scenario; None if unknown.
        open_end: whether the length of a run follows from the projects, as the scenario gives none.
    """

    members: frozenset[str] | None
    forums: frozenset[str] | None
    start: str | None
    open_end: bool = False


def check_portfolio(part: Part[Portfolio], around: Surroundings, report: Report) -> None:
    """Append what is wrong with a portfolio's references.

    Args:
        part: a portfolio that could be read.
        around: what it refers to.
        report: takes the problems.
    """
    report.duplicates("project", part.names("project"))
    for project in part.model.project if part.model else []:
        _check_project(project, around, report)
    _check_end(part.model.project if part.model else [], around, report)
    for raw in entries(part.raw, "project"):
        _check_plan(raw, report)


def _check_project(project: Project, around: Surroundings, report: Report) -> None:
    place = f"project {quoted(project.name)}"
    everyone = around.members if project.members == "all" else frozenset(project.members)
    if project.members != "all":
        report.outsiders(f"{place}, members", project.members, around.members, STRANGER)
        report.repeats(f"{place}, members", project.members)
    report.outsiders(f"{place}, lead", [project.lead], everyone, OUTSIDER)
    report.outsiders(f"{place}, gains", project.gains, everyone, OUTSIDER)
    check_route(f"{place}, route", project.route, around.forums, report)
    _check_duties(place, project, everyone, report)
    if not any(float(weight) for weight in project.themes.values()):
        report.add(f"{place}, themes", *NO_WEIGHT)
    if around.start is not None and project.start < around.start:
        what = _("{month} is before the scenario starts", month=project.start)
        report.add(f"{place}, start", what, _("{month} or later", month=around.start))


def _check_end(projects: Sequence[Project], around: Surroundings, report: Report) -> None:
    """Without a length of its own a run lasts as long as its last project needs, if that is not too long."""
    if around.start is None or not around.open_end or not projects:
        return
    latest, last = shifted(around.start, LONGEST - FOLLOW_UP), max(projects, key=lambda item: item.start)
    if last.start > latest:
        what = _(
            "{late} is too long after the scenario starts ({start}) to be followed up",
            late=last.start,
            start=around.start,
        )
        allowed = _("{latest} or earlier, or months at the top of the scenario file", latest=latest)
        report.add(f"project {quoted(last.name)}, start", what, allowed)


def _check_duties(place: str, project: Project, members: frozenset[str] | None, report: Report) -> None:
    for item in project.recommendation:
        where = f"{place}, recommendation {quoted(item.name)}, duties"
        report.outsiders(where, item.duties, members, OUTSIDER)
        report.repeats(where, item.duties)
    explicit = "parties" in project.model_fields_set
    if explicit and members is not None and int(project.parties) > len(members):
        what = _(
            "{parties} parties, but only {members} take part",
            parties=int(project.parties),
            members=len(members),
        )
        report.add(f"{place}, parties", what, at_most(len(members)))


def _check_plan(raw: Raw, report: Report) -> None:
    """Read from the raw table, so that a faulty number is not also reported as lacking."""
    place = f"project {quoted(raw.get('name'))}"
    report.duplicates("recommendation", names_of(raw, "recommendation"), f"{place}, ")
    ways = ("recommendations" in raw) + bool(raw.get("recommendation"))
    if ways != 1:
        both = _("gives both recommendations and recommendation")
        allowed = _("either recommendations = <number> or [[project.recommendation]] tables")
        report.add(place, both if ways else _("plans no recommendations"), allowed)
