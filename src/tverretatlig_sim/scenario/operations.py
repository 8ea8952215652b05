"""Operations: the edits of structure that levers and dials are made of, a closed list.

Each is a function of a scenario. The keys of a lever file are its arguments: those before the star say what
it is about, and two levers may do the same to different things; those behind it say how, and must agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from tverretatlig_sim.dates import months_between, shifted
from tverretatlig_sim.i18n import _
from tverretatlig_sim.scenario.edits import Operation, Unfit, arranged, each, operation_of, rebuilt, rerouted
from tverretatlig_sim.scenario.errors import quoted
from tverretatlig_sim.scenario.fit import foremost, is_secretariat
from tverretatlig_sim.scenario.quantity import (
    Fte,
    MonthOfYear,
    Months,
    Name,
    PositiveCount,
    PositiveFte,
    Quantity,
    Share,
)
from tverretatlig_sim.scenario.resolved import lot, nearness, views
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import (
    LINE,
    Agency,
    Arrangement,
    Delivery,
    Event,
    Forum,
    ForumFunction,
    Instrument,
    Letter,
    Project,
    Title,
)
from tverretatlig_sim.scenario.targets import ForumSelector, deciding, is_meant, routes_of
from tverretatlig_sim.scenario.whole import names_of, revised

CHAINS = {"2021": ["Statsforvaltere", "Kommuner"], "": ["Fylkesmenn", "Kommuner"]}
"""County governors by the first year of their name, and municipalities, as in the shipped catalogue."""
BY_LAW_OR_BUDGET: tuple[Instrument, ...] = ("legal", "economic")
"""Instruments that need the ministries."""
FOREVER = "9999-12"
SECRETARIAT = "secretariat-added"

AGENDA = Quantity(
    value=5.0, range=(3.0, 8.0), source="no source counts cases; same value as for the shipped forums"
)
AUTHORITY = Quantity(value=0.0, range=(0.0, 0.2), source="no advice gives a new forum authority of its own")
RANK = Quantity(
    value=1.0, range=(0.8, 1.0), source="top leaders sit there; the scale is ours (RAD17 advice 5)"
)
UNRANKED = Quantity(value=1.0, range=(0.0, 1.0), source="it decides nothing, so its rank does not count")
MONTHLY = Quantity(value=1.0, range=(1.0, 2.0), source="no source says how often; as the shipped ones")
NO_STAFF = Quantity(
    value=0.0, range=(0.0, 0.0), grade="derived", source="the lever adds no staff",
    note="a secretariat is a lever of its own",
)  # fmt: skip
NOTHING = Quantity(
    value=0.0, range=(0.0, 0.0), grade="derived", source="the lever adds no resources",
    note="what it says comes without money",
)  # fmt: skip
"""Numbers of new forums and letters that no lever's file gives."""


def needs(scenario: Scenario, what: Literal["forums", "ties"]) -> Scenario:
    """Change nothing; refuse where there is no forum, or nobody shares one, a project group or a tie."""
    arrangement, projects = scenario.arrangement, scenario.projects
    groups = [forum.seats for forum in arrangement.forum]
    groups += [project.members for project in projects] if arrangement.project_groups else []
    if what == "forums" and not arrangement.forum:
        raise Unfit(_("there is no forum here, so no programme beside the line"))
    if what == "ties" and not arrangement.tie and all(len(group) < 2 for group in groups):
        raise Unfit(_("no agencies have anything to do with each other here"))
    return scenario


def name_coordinator(scenario: Scenario) -> Scenario:
    """A coordinating agency where there is none.

    The one, core agencies first, that leads most projects, then takes part in most, then one that is drawn.
    """
    leads, stakes = Counter(project.lead for project in scenario.projects), _stakes(scenario)
    candidates = scenario.core or scenario.members
    likely = min(candidates, key=lambda it: (-leads[it], -stakes[it], lot("coordinator", it)))
    return arranged(scenario, coordinator=scenario.arrangement.coordinator or likely)


def _stakes(scenario: Scenario) -> Counter[str]:
    """In how many projects each agency takes part."""
    return Counter(name for project in scenario.projects for name in project.members)


# --- forums


def drop_forums(scenario: Scenario, which: ForumSelector) -> Scenario:
    """Leave out forums; secretariats, deciding bodies and the facilitator stay."""
    needed = deciding(scenario) | {scenario.arrangement.facilitator}

    def stays(forum: Forum) -> bool:
        return forum.name in needed or is_secretariat(forum) or not is_meant(forum, which, scenario)

    return arranged(scenario, forum=[*filter(stays, scenario.arrangement.forum)])


def one_level(scenario: Scenario, function: ForumFunction) -> Scenario:
    """Of forums of one function that seat the same agencies, or part of them, keep one.

    The one that lives longest is kept, then the one that meets most often, then the one with most seats; what
    named another one names it. Secretariats are left alone.
    """
    kept, heirs = list[Forum](), dict[str, str]()

    def worth(forum: Forum) -> tuple[float, ...]:
        return -months_between(*_life(forum, scenario)), float(forum.cadence), -len(forum.seats)

    level = [it for it in scenario.arrangement.forum if it.function == function and not is_secretariat(it)]
    for forum in sorted(level, key=lambda it: (worth(it), lot(it.name))):
        heir = next((other.name for other in kept if _can_replace(other, forum, scenario)), None)
        if heir is None:
            kept.append(forum)
        else:
            heirs[forum.name] = heir

    def inherited(row: Arrangement | Project, *fields: str) -> dict[str, object]:
        return {field: heirs.get(getattr(row, field), getattr(row, field)) for field in fields}

    rest = arranged(
        each(scenario, "project", lambda project: inherited(project, "mandate_body")),
        forum=[forum for forum in scenario.arrangement.forum if forum.name not in heirs],
        **inherited(scenario.arrangement, "facilitator", "mandate_body", "self_initiated_mandate_body"),
    )
    return rerouted(rest, lambda route: list(dict.fromkeys(heirs.get(stop, stop) for stop in route)))


def add_forum(
    scenario: Scenario,
    forum: Name,
    *,
    title: Title,
    function: ForumFunction,
    seats: Literal["all", "core"],
    cadence: Months,
    exclusive: bool = False,
    agenda: PositiveCount = AGENDA,
    authority: Share = AUTHORITY,
    rank: Share = RANK,
) -> Scenario:
    """A new forum of all members or the core, prepared by the largest secretariat that lasts.

    A forum that drafts is a place of work: nobody prepares it, and one that meets to steer or inform does not
    stand in for it.
    """
    members = sorted(scenario.core) if seats == "core" else scenario.members
    if len(members) < 2:
        core = _("a forum needs two seats, and there are {number} core agencies", number=len(members))
        everyone = _("a forum needs two seats, and there are {number} agencies", number=len(members))
        raise Unfit(core if seats == "core" else everyone)
    if exclusive and len(members) == len(scenario.agencies):
        raise Unfit(_("every agency would have a seat, so it would be no forum of the few"))
    for other in scenario.arrangement.forum:
        enough = {*other.seats} == {*members} if exclusive else {*other.seats} >= {*members}
        alike = enough and (function == "draft") == (other.function == "draft")
        if other.name == forum or (alike and not is_secretariat(other) and _lasts(other, scenario)):
            raise Unfit(_("the forum {name} seats these agencies already", name=quoted(other.name)))
    staffed = [it for it in scenario.arrangement.forum if is_secretariat(it) and _lasts(it, scenario)]
    new = Forum(
        name=forum,
        title=title,
        function=function,
        seats=members,
        cadence=cadence,
        exclusive=exclusive,
        agenda=agenda,
        authority=authority,
        rank=rank,
        secretariat_fte=NO_STAFF,
        served_by=None if function == "draft" else foremost(staffed),
    )
    return arranged(scenario, forum=[*scenario.arrangement.forum, new])


def fewer_seats(scenario: Scenario, which: ForumSelector, *, most: PositiveCount) -> Scenario:
    """Forums with fewer seats: the chair, the coordinator, the core, then those with most projects.

    A forum that loses seats is one of the few from then on. Secretariats keep theirs.
    """
    stakes = _stakes(scenario)

    def narrowed(forum: Forum) -> dict[str, object]:
        meant = is_meant(forum, which, scenario) and not is_secretariat(forum)
        if not meant or len(forum.seats) <= most.value:
            return {}
        first = forum.chair, scenario.arrangement.coordinator
        ranked = sorted(
            forum.seats,
            key=lambda it: (it not in first, it not in scenario.core, -stakes[it], lot(forum.name, it)),
        )
        return {"seats": sorted(ranked[: int(most)]), "exclusive": True}

    return each(scenario, "forum", narrowed)


def add_secretariat(
    scenario: Scenario, *, fte: PositiveFte, cadence: Months = MONTHLY, agenda: PositiveCount = AGENDA
) -> Scenario:
    """A working secretariat of the coordinator and the core, where there is none.

    It serves all forums that nobody serves, and follows projects up if nobody does.
    """
    arrangement = scenario.arrangement
    if any(map(is_secretariat, arrangement.forum)):
        return scenario
    if not arrangement.forum:
        raise Unfit(_("there is no forum that a secretariat could serve"))
    seats = sorted({*scenario.core, *filter(None, [arrangement.coordinator])}) or scenario.members
    secretariat = Forum(
        name=SECRETARIAT,
        title=Title(en="Working secretariat", nb="Arbeidende sekretariat"),
        function="prepare",
        seats=seats,
        cadence=cadence,
        agenda=agenda,
        authority=AUTHORITY,
        rank=UNRANKED,
        secretariat_fte=fte,
    )
    served = [revised(forum, served_by=SECRETARIAT) for forum in arrangement.forum]
    facilitator = arrangement.facilitator or SECRETARIAT
    return arranged(scenario, forum=[*served, secretariat], facilitator=facilitator)


def route_through(scenario: Scenario, body: Literal["steering-forum", "line"]) -> Scenario:
    """Every recommendation passes a body: the steering forum first, or the lead's line last.

    A route that has any forum already passes one; which forum it is stays as it is.
    """
    if body == LINE:
        return rerouted(scenario, lambda route: route if LINE in route else [*route, LINE])
    if all({*route} != {LINE} for route in routes_of(scenario)):
        return scenario
    steering = [it for it in scenario.arrangement.forum if it.function == "steer" and _lasts(it, scenario)]
    if not steering:
        raise Unfit(_("no forum steers for the whole run"))
    first = min(steering, key=lambda it: (float(it.cadence), -len(it.seats), lot(it.name))).name
    return rerouted(scenario, lambda route: [first, *route] if {*route} == {LINE} else route)


def _life(forum: Forum, scenario: Scenario) -> tuple[str, str]:
    return max(forum.begins or scenario.start, scenario.start), forum.ends or FOREVER


def _lasts(forum: Forum, scenario: Scenario) -> bool:
    """Whether a forum lives for the whole run."""
    return _life(forum, scenario) == (scenario.start, FOREVER)


def _can_replace(better: Forum, forum: Forum, scenario: Scenario) -> bool:
    """Whether one forum lives whenever the other does, and one's seats are among the other's."""
    seats, others = {*better.seats}, {*forum.seats}
    (begins, ends), (other_begins, other_ends) = _life(better, scenario), _life(forum, scenario)
    return (seats <= others or others <= seats) and begins <= other_begins and other_ends <= ends


# --- projects


def deliver(scenario: Scenario, *, delivery: Delivery, share: Share) -> Scenario:
    """How some projects deliver: a final report, or increments.

    Those that plan most recommendations, then the nearest to their members' core tasks, then a draw.
    """
    projects = sorted(
        scenario.projects,
        key=lambda project: (-_planned(project), -_near(project, scenario), lot(project.name)),
    )
    chosen = names_of(projects[: round(float(share) * len(projects))])
    return each(scenario, "project", lambda it: {"delivery": delivery} if it.name in chosen else {})


def drop_projects(scenario: Scenario, *, share: Share, first: Literal["farthest", "last"]) -> Scenario:
    """Fewer projects, at least one less and one left; the run stays as long as it was.

    See ``needed_least`` for which.
    """
    projects = needed_least(scenario, first)
    if len(projects) < 2:
        raise Unfit(_("there are {number} projects to choose from", number=len(projects)))
    count = min(max(1, round(float(share) * len(projects))), len(projects) - 1)
    kept = {*names_of(projects[count:])}
    left = [it for it in scenario.projects if it.name in kept]
    portfolio = revised(scenario.portfolio, project=left)
    return revised(scenario, portfolio=portfolio, months=scenario.length)


def needed_least(scenario: Scenario, first: Literal["farthest", "last"]) -> list[Project]:
    """Projects in the order in which they are given up.

    Those farthest from their members' core tasks go first, or those that start last; where that is equal the
    other counts, then a draw.
    """

    def rank(project: Project) -> tuple[float, float, bytes]:
        near, late = _near(project, scenario), -float(project.start.replace("-", ""))
        return *((late, near) if first == "last" else (near, late)), lot(project.name)

    return sorted(scenario.projects, key=rank)


def _planned(project: Project) -> int:
    return len(project.recommendation) or int(project.recommendations or 0)


def _near(project: Project, scenario: Scenario) -> float:
    """How near a project is to its members' core tasks."""
    return nearness([it for it in scenario.agencies if it.name in project.members], project)


def law_and_budget(scenario: Scenario, *, share: Share) -> Scenario:
    """A share of the planned recommendations by law or budget, the rest by organisation or teaching.

    They are spread evenly over the projects in the order in which these start; of those that start together,
    by recommendations planned, then nearness to their members' core tasks, then a draw. One that has to
    change gets the legal, or the organisational, instrument, for all its recommendations. The share is met as
    closely as whole projects can.
    """

    def order(project: Project) -> tuple[str, int, float, bytes]:
        return project.start, -_planned(project), -_near(project, scenario), lot(project.name)

    done, hard, chosen = 0, 0, dict[str, bool]()
    for project in sorted(scenario.projects, key=order):
        count = _planned(project)
        done += count
        wanted = float(share) * done
        chosen[project.name] = abs(hard + count - wanted) < abs(hard - wanted)
        hard += count * chosen[project.name]

    def instruments(project: Project) -> dict[str, object]:
        by_law = chosen[project.name]

        def right(now: Instrument) -> Instrument:
            if (now in BY_LAW_OR_BUDGET) == by_law:
                return now
            return "legal" if by_law else "organisational"

        items = project.recommendation
        new = [revised(item, instrument=right(item.instrument or project.instrument)) for item in items]
        return {"instrument": right(project.instrument), "recommendation": new}

    return each(scenario, "project", instruments)


def through_municipalities(scenario: Scenario, *, share: Share) -> Scenario:
    """A share of the projects works through municipalities, which carry the last duty.

    The arrangement's municipal chain does that; where it names none, county governors and municipalities.
    Projects that do so already come first, then those nearest to the chain's core tasks, then those that
    start first, then a draw.
    """
    projects = scenario.projects
    count = round(float(share) * len(projects))
    if count and not scenario.arrangement.municipal_chain:
        chain = next(chain for year, chain in CHAINS.items() if scenario.start >= year)
        scenario = rebuilt(arranged(scenario, municipal_chain=chain))
    last = [it for it in scenario.everyone if it.name in scenario.arrangement.municipal_chain]

    def order(project: Project) -> tuple[bool, float, str, bytes]:
        return not project.municipal, -nearness(last, project), project.start, lot(project.name)

    through = names_of(sorted(projects, key=order)[:count])
    return each(scenario, "project", lambda project: {"municipal": project.name in through})


# --- agencies


def common_picture(scenario: Scenario, *, share: Share) -> Scenario:
    """Problem understanding that starts that share of the way nearer to the mean; frames stay."""
    starts = {agency.name: views(agency) for agency in scenario.agencies}
    themes = sorted({theme for start in starts.values() for theme in start})
    mean = {theme: sum(it.get(theme, 0.0) for it in starts.values()) / len(starts) for theme in themes}

    def between(own: float, mean: float) -> Quantity:
        value, *ends = (own + part * (mean - own) for part in (share.value, *share.span))
        return Quantity(value=value, range=(min(ends), max(ends)), grade="assumed", source=share.source)

    def nearer(agency: Agency) -> dict[str, object]:
        own = starts[agency.name]
        moved = {theme: between(own.get(theme, 0.0), mean[theme]) for theme in themes}
        same = all(float(weight) == own.get(theme, 0.0) for theme, weight in moved.items())
        return {} if same else {"understanding": moved}

    return each(scenario, "agency", nearer)


def even_sizes(scenario: Scenario, what: Literal["staff", "capacity"], *, share: Share) -> Scenario:
    """Agencies nearer in size, or in capacity: it moves that share of the way towards the mean."""
    middle = sum(float(getattr(agency, what)) for agency in scenario.agencies) / len(scenario.agencies)
    left = 1.0 - float(share)

    def sized(agency: Agency) -> dict[str, object]:
        own = getattr(agency, what)
        value, *ends = (middle + left * (size - middle) for size in (own.value, *own.span))
        source = "; ".join(filter(None, [own.source, share.source]))
        return {what: Quantity(value=value, range=(ends[0], ends[1]), grade="assumed", source=source)}

    return scenario if left == 1.0 else each(scenario, "agency", sized)


def spread(scenario: Scenario, what: Literal["place", "form"], *, share: Share) -> Scenario:
    """A share of the agencies each in a place, or of a form, of its own; the rest share one.

    That is the coordinator's, or what most have. The periphery goes first, then the core; of these those that
    take part in fewest projects, then a draw. The coordinator stays. Who steers whom stays, too.
    """
    host = scenario.arrangement.coordinator
    now = {it.name: it.place if what == "place" else it.form or it.ministry for it in scenario.agencies}
    count, stakes = Counter(now.values()), _stakes(scenario)
    centre = min(count, key=lambda it: (-count[it], lot(it))) if host is None else now[host]
    order = sorted(now, key=lambda it: (it == host, it in scenario.core, stakes[it], lot(what, it)))
    out = order[: round(float(share) * len(order))]
    return each(scenario, "agency", lambda it: {what: f"{centre}: {it.name}" if it.name in out else centre})


# --- letters


def joint_letter(scenario: Scenario, letter: Name, *, strength: Share, resources: Fte = NOTHING) -> Scenario:
    """The same letter from all ministries to all members, in force for the whole run.

    Nothing changes where every member hears as much in general letters all the time, and nothing more comes.
    """
    letters, members, months = scenario.letters.letter, scenario.members, _months(scenario)
    loud = [it for it in letters if not it.projects and float(it.strength) >= float(strength)]
    if float(resources) == 0 and all(
        any(name in it.to and it.begins <= month <= (it.ends or month) for it in loud)
        for name in members
        for month in months
    ):
        return scenario
    own = Letter(
        name=_free_name(letter, names_of(letters)),
        ministries=names_of(scenario.ministries),
        to=members,
        begins=scenario.start,
        ends=months[-1],
        strength=strength,
        resources=resources,
    )
    return revised(scenario, letters=revised(scenario.letters, letter=[*letters, own]))


def yearly_event(scenario: Scenario, event: Name, *, month: MonthOfYear, strength: Share) -> Scenario:
    """Something that renews the attention of all ministries in the same month of every year."""
    events, ministries = scenario.letters.event, names_of(scenario.ministries)
    own = [
        Event(
            name=_free_name(f"{event}-{date[:4]}", names_of(events)),
            ministries=ministries,
            month=date,
            strength=strength,
        )
        for date in _months(scenario)
        if int(date[-2:]) == int(month)
    ]
    return revised(scenario, letters=revised(scenario.letters, event=[*events, *own]))


def _months(scenario: Scenario) -> list[str]:
    return [shifted(scenario.start, month) for month in range(scenario.default_months)]


def _free_name(name: str, taken: Sequence[str]) -> str:
    """The name, marked as a lever's if the scenario has one of that name."""
    return name if name not in taken else _free_name(f"{name} (lever)", taken)


# --- as lever files write them

OPERATIONS: Mapping[str, type[Operation]] = {
    function.__name__.replace("_", "-"): operation_of(function)
    for function in (
        needs, name_coordinator, drop_forums, one_level, add_forum, fewer_seats, add_secretariat,
        route_through, deliver, drop_projects, law_and_budget, through_municipalities, common_picture,
        even_sizes, spread, joint_letter, yearly_event,
    )
}  # fmt: skip
"""Every operation by the name that lever files write, in the order in which they are carried out."""
