"""Tables of one scenario made to fit the agencies and forums of another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tverretatlig_sim.arrays import floats
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import (
    Agency,
    Arrangement,
    Event,
    Forum,
    Letter,
    Letters,
    Member,
    Ministry,
    Named,
    Project,
    Recommendation,
    Tie,
)
from tverretatlig_sim.study.notes import Notes
from tverretatlig_sim.world.organisations import cosine

LINE = "line"

N = TypeVar("N", bound=Named)


@dataclass(frozen=True)
class Cast:
    """Who is in a hybrid."""

    agencies: tuple[Agency, ...]
    ministries: tuple[Ministry, ...]

    @property
    def names(self) -> list[str]:
        """Names of the agencies."""
        return [agency.name for agency in self.agencies]


def named(tables: Sequence[N], name: str | None) -> N | None:
    """The table with a name, if there is one."""
    return next((table for table in tables if table.name == name), None)


def names_of(tables: Sequence[Named]) -> list[str]:
    """Names of tables."""
    return [table.name for table in tables]


def fitted(names: Sequence[str], everyone: Collection[str], present: Sequence[str]) -> list[str]:
    """A list of names without those who are not there; if it named everyone, it does so again."""
    if set(names) == set(everyone) != set(present):
        return sorted(present)
    return [name for name in names if name in present]


def _note_change(old: Sequence[str], new: Sequence[str], rule: str, name: str, notes: Notes) -> None:
    if set(new) - set(old):
        notes.add("everyone", name)
    elif set(old) - set(new):
        notes.add(rule, name)


def forums(own: Scenario, cast: Cast, notes: Notes) -> list[Forum]:
    """Forums of a scenario with the seats the cast can take."""
    seated = [
        (forum, fitted(forum.seats, names_of(own.agencies), cast.names)) for forum in own.arrangement.forum
    ]
    for forum, seats in seated:
        _note_change(list(forum.seats), seats, "seats" if seats else "forum", forum.name, notes)
    coordinator = own.arrangement.coordinator
    return [_chaired(forum, seats, coordinator, notes) for forum, seats in seated if seats]


def _chaired(forum: Forum, seats: list[str], coordinator: str | None, notes: Notes) -> Forum:
    seated = forum.model_copy(update={"seats": seats})
    if forum.chair is None or forum.chair in seats:
        return seated
    notes.add("chair", forum.name)
    if forum.rule != "authority":
        return seated.model_copy(update={"chair": None})
    heir = coordinator if coordinator in seats else None
    return seated.model_copy(update={"chair": heir, "rule": "authority" if heir else "consensus"})


def with_mandate(forum: Forum, given: Arrangement) -> Forum:
    """A forum with the mandate of its namesake; without one, the arrangement's holds."""
    namesake = named(given.forum, forum.name)
    return forum.model_copy(update={"mandate_clarity": namesake.mandate_clarity if namesake else None})


def member(given: Member, cast: Cast) -> Member:
    """A membership whose overrides say of the agency what holds in the hybrid."""
    agency = named(cast.agencies, given.agency)
    shared = (Member.model_fields.keys() & Agency.model_fields.keys()) - {"source"}
    overrides = {field: getattr(agency, field) for field in shared if getattr(given, field) is not None}
    return given.model_copy(update=overrides)


def coordinator(name: str | None, cast: Cast, notes: Notes) -> str | None:
    """The coordinator, if it takes part."""
    if name is None or name in cast.names:
        return name
    notes.add("coordinator", name)
    return None


def route(
    stops: list[str] | None, forums: Sequence[Forum], facilitator: str | None, name: str, notes: Notes
) -> list[str] | None:
    """A route by bodies that exist; replaced ones that follow each other count once.

    Args:
        stops: forum names and ``line``; None stays None.
        forums: those of the hybrid.
        facilitator: of the structure the forums come from.
        name: whose route it is, for the note.
        notes: takes the rules that were used.
    """
    known = [LINE, *names_of(forums)]
    if stops is None or set(stops) <= set(known):
        return stops
    notes.add("route", name)
    instead = facilitator if facilitator in known else LINE
    replaced = [stop if stop in known else instead for stop in stops]
    return [stop for place, stop in enumerate(replaced) if replaced[place - 1 : place] != [stop]]


def ties(given: Sequence[Tie], cast: Cast, notes: Notes) -> list[Tie]:
    """Ties of agencies that take part."""
    kept = [tie for tie in given if {tie.source_agency, tie.target_agency} <= set(cast.names)]
    for tie in given:
        if tie not in kept:
            notes.add("ties", f"{tie.source_agency} – {tie.target_agency}")
    return kept


def project(given: Project, own: Scenario, cast: Cast, notes: Notes) -> Project | None:
    """A project of the agencies that take part; None if there are none."""
    members = fitted(given.members, names_of(own.agencies), cast.names)
    _note_change(list(given.members), members, "members" if members else "project", given.name, notes)
    if not members:
        return None
    lead = given.lead if given.lead in members else _nearest(given, members, cast)
    if lead != given.lead:
        notes.add("lead", given.name)
    parties = min(given.parties.value, float(len(members)))
    changes = {
        "members": members,
        "lead": lead,
        "parties": given.parties.model_copy(update={"value": parties}),
        "gains": {name: gain for name, gain in given.gains.items() if name in members},
        "recommendation": [
            _recommendation(r, given.name, members, lead, notes) for r in given.recommendation
        ],
    }
    return given.model_copy(update=changes)


def _nearest(given: Project, members: list[str], cast: Cast) -> str:
    """The member with the highest overlap of core tasks and themes; the first by name among equals."""
    overlap = {agency.name: _overlap(agency, given) for agency in cast.agencies if agency.name in members}
    return min(overlap, key=lambda name: (-overlap[name], name))


def _overlap(agency: Agency, given: Project) -> float:
    themes = sorted({*agency.core_tasks, *given.themes})
    tasks, wanted = (
        floats([float(weights[theme]) if theme in weights else 0.0 for theme in themes])
        for weights in (agency.core_tasks, given.themes)
    )
    return cosine(tasks, wanted)


def _recommendation(
    given: Recommendation, within: str, members: list[str], lead: str, notes: Notes
) -> Recommendation:
    duties = [name for name in given.duties if name in members]
    if not duties:
        notes.add("duties", f"{within}/{given.name}")
    return given.model_copy(update={"duties": duties or [lead]})


def letters(own: Scenario, projects: Collection[str], cast: Cast, notes: Notes) -> Letters:
    """A scenario's letters and events as far as they concern the cast and the projects there are."""
    written = [_letter(letter, own, projects, cast, notes) for letter in own.letters.letter]
    held = [_event(event, own, cast, notes) for event in own.letters.event]
    kept = {"letter": [x for x in written if x is not None], "event": [x for x in held if x is not None]}
    return own.letters.model_copy(update=kept)


def _letter(
    given: Letter, own: Scenario, projects: Collection[str], cast: Cast, notes: Notes
) -> Letter | None:
    everyone, present = (
        [agency.name for agency in agencies if agency.ministry in given.ministries]
        for agencies in (own.agencies, cast.agencies)
    )
    about = [name for name in given.projects if name in projects]
    if given.projects and not about:
        # Without its projects it would become a general letter, and ask for more than it ever did.
        notes.add("assignment", given.name)
        return None
    to = fitted(given.to, everyone, present)
    _note_change(list(given.to), to, "receivers" if to else "letter", given.name, notes)
    if not to:
        return None
    senders = [name for name in given.ministries if named(cast.ministries, name)]
    return given.model_copy(update={"to": to, "ministries": senders, "projects": about})


def _event(given: Event, own: Scenario, cast: Cast, notes: Notes) -> Event | None:
    ministries = fitted(given.ministries, names_of(own.ministries), names_of(cast.ministries))
    _note_change(
        list(given.ministries), ministries, "receivers" if ministries else "event", given.name, notes
    )
    return given.model_copy(update={"ministries": ministries}) if ministries else None
