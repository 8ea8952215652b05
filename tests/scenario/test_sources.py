"""The shipped scenarios say what their sources say, wherever that can be counted."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from choosing import shipped as of
from tverretatlig_sim import Scenario, list_scenarios, load_scenario, simulate
from tverretatlig_sim.dates import months_between
from tverretatlig_sim.scenario.resolved import overlap
from tverretatlig_sim.scenario.schema import Forum, Letter, Project

OLD, NEW = "0-24-2015", "0-24-2018"
FIRST, SECOND, THIRD = "etatssamarbeidet-2022", "etatssamarbeidet-2023", "etatssamarbeidet-2025"
CRIME, HOUSING, STAR = "labour-crime-2015", "housing-for-welfare-2014", "k-plus-2010"
NY_GIV, GRORUD, GOALS = "ny-giv-2010", "grorud-valley-2007", "integration-goals-2006"
HIERARCHY, NETWORK, SIMPLE = "pure-hierarchy", "pure-network", "dfo-simplified"
GROUPS = "dfo-project-groups"
COOPERATION = (FIRST, SECOND, THIRD)
THIRTEEN = (*COOPERATION, HIERARCHY, NETWORK)

DIRECTORATES = ["AVdir", "Bufdir", "Hdir", "IMDi", "Udir"]
CORE = {"Bufdir", "Hdir", "Udir"}
LEVELS = ("directors-group", "managers-group", "secretariat")
TABLE_1 = {
    "JD": {"POD", "KDI", "Konfliktrådet", "UDI"}, "KD": {"Udir", "Statped"}, "HOD": {"FHI", "Hdir"},
    "BFD": {"Bufdir"}, "AID": {"AVdir", "IMDi"}, "KUD": {"Medietilsynet"}, "KDD": {"Husbanken"},
}  # fmt: skip
ASSIGNMENTS = {
    "prevention-guidance", "leadership-development", "school-absence", "best-interests", "sentences-18-24",
    "adopted-persons", "substance-prevention", "unaccompanied-minors", "reactions-15-18", "ks-group",
    "communication-group", "budget-proposal-2025", "budget-proposal-2026", "county-governors-2023",
}  # fmt: skip
FOUR = ["AVdir", "Arbeidstilsynet", "POD", "SKD"]
SIX = {"ASD", "FIN", "JD", "KD", "KMD", "NFD"}
SINCE_2005 = ("AVdir", "SKD", "POD", "Økokrim", "Riksadvokaten")
OFFICE = "IMDi-MidtNorge"
MUNICIPALITIES = [f"Kommune-{number}" for number in range(1, 10)]
REGIONS = {f"Utdanningsregion-{number}" for number in (1, 2, 3)}
MUNICIPAL = {"Kommunalsjef", "Rådmann"}
DISTRICTS = {"Bydel-Alna", "Bydel-Bjerke", "Bydel-Grorud", "Bydel-Stovner"}


def college(scenario: Scenario) -> float:
    """The largest authority of the ministries' forums."""
    return max(float(forum.authority) for forum in scenario.arrangement.ministry_forum)


def forum(s: Scenario, name: str) -> Forum:
    return next(forum for forum in s.arrangement.forum if forum.name == name)


def forums(s: Scenario) -> set[str]:
    return {forum.name for forum in s.arrangement.forum}


def projects(s: Scenario, *starts: str) -> list[Project]:
    return [project for project in s.portfolio.project if project.name.startswith(starts or ("",))]


def letters(s: Scenario, *starts: str) -> list[Letter]:
    return [letter for letter in s.letters.letter if letter.name.startswith(starts or ("",))]


def events(s: Scenario) -> dict[str, str]:
    return {event.name: event.month for event in s.letters.event}


def agencies(s: Scenario) -> set[str]:
    return {agency.name for agency in s.agencies}


def ministries(s: Scenario) -> set[str]:
    return {ministry.name for ministry in s.ministries}


def ministry_of(s: Scenario) -> dict[str, str]:
    return {agency.name: agency.ministry for agency in s.agencies}


def steered(s: Scenario) -> dict[str, set[str]]:
    return {name: {agency.name for agency in s.agencies if agency.ministry == name} for name in ministries(s)}


def number(text: str) -> int:
    return int(text[:4]) * 12 + int(text[5:])


def near(s: Scenario, name: str) -> float:
    """Mean nearness of an agency's core tasks to the projects it takes part in."""
    (agency,) = [agency for agency in s.agencies if agency.name == name]
    shares = [overlap(agency, project) for project in s.portfolio.project if name in project.members]
    return sum(shares) / len(shares)


def meetings(s: Scenario, name: str) -> int:
    """Meetings of a forum before July 2025."""
    body = forum(s, name)
    cadence = float(body.cadence)
    months = range(months_between(body.begins or s.start, "2025-07"))
    return sum(math.floor((t + 1) / cadence) > math.floor(t / cadence) for t in months)


def due(s: Scenario, *starts: str) -> Counter[int]:
    ends = [number(each.start) + int(each.deadline) for each in projects(s, *starts) if each.deadline]
    return Counter((month - 1) // 12 for month in ends)


def annex(s: Scenario, group: int) -> Counter[str]:
    rows = [re.match(r"DEL19 annex 1, area (\d), status (\w+)", each.source) for each in projects(s)]
    return Counter(row[group] for row in rows if row)


def measures(s: Scenario) -> list[tuple[Project, str]]:
    """Measures of the strategy against labour-market crime, each with its responsible ministry."""
    found = [(each, re.search(r"responsible ministry (\w+)", each.source)) for each in projects(s)]
    return [(each, ministry[1]) for each, ministry in found if ministry]


def easy(s: Scenario) -> tuple[list[Project], list[Project]]:
    """The measures that are easy and visible, and the others, in the order of their start."""
    ordered = sorted((each for each, _ in measures(s)), key=lambda each: each.start)
    early = [each for each in ordered if "easy and visible" in each.source]
    assert early == ordered[: len(early)]
    return early, ordered[len(early) :]


def mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return sum(numbers) / len(numbers)


def paid(s: Scenario) -> set[str]:
    return {name for letter in letters(s) if float(letter.resources) > 0 for name in letter.to}


def duties(s: Scenario) -> Counter[str]:
    return Counter(n for each in projects(s) for item in each.recommendation for n in item.duties)


def gains(s: Scenario) -> dict[str, float]:
    return {name: float(gain) for each in projects(s) for name, gain in each.gains.items()}


def parties(s: Scenario) -> list[list[str]]:
    shared = [list(each.seats) for each in s.arrangement.forum if len(each.seats) > 1]
    return [*shared, *(list(each.members) for each in projects(s))]


def one_off(s: Scenario) -> set[str]:
    lasting = ("theme-", "county-governors-", "budget-proposal-", "ks-")
    return {p.name for p in projects(s) if p.origin == "commissioned" and not p.name.startswith(lasting)}


def named_in(s: Scenario, year: str) -> set[str]:
    whole = [x for x in letters(s) if (x.begins, x.ends) == (f"{year}-01", f"{year}-12")]
    return {project for letter in whole for project in letter.projects}


def extra(s: Scenario, name: str) -> float:
    (letter,) = letters(s, name)
    return float(letter.resources) * len(letter.to)


Fact = tuple[tuple[str, ...], str, Callable[[Scenario], Any], Any]
# Scenarios, what the source says, what the scenario says, and what it should.
# fmt: off
FACTS: list[Fact] = [
    ((OLD, NEW), "five directorates", lambda s: sorted(agencies(s)), DIRECTORATES),
    ((OLD, NEW), "Udir coordinates", lambda s: s.arrangement.coordinator, "Udir"),
    ((OLD,), "four ministries", ministries, {"KD", "ASD", "BLD", "HOD"}),
    ((NEW,), "four ministries", ministries, {"KD", "ASD", "BFD", "HOD"}),
    ((OLD, NEW), "two are core", lambda s: s.core, {"Udir", "Hdir"}),
    ((OLD, NEW), "near the core tasks are Udir and Hdir",
     lambda s: min(near(s, "Udir"), near(s, "Hdir")) > max(near(s, "IMDi"), near(s, "AVdir")), True),
    ((NEW,), "the new portfolio lies nearer core tasks",
     lambda s: [near(s, name) > near(of(OLD), name) for name in DIRECTORATES], [True] * 5),
    ((OLD,), "13 prioritised and 12 other measures",
     lambda s: Counter(each.name.rsplit("-", 1)[0] for each in projects(s)), {"prioritised": 13,
     "other": 12, "county-governors": 5}),
    ((OLD,), "a long row of groups from the start",
     lambda s: {each.start for each in projects(s, "prioritised", "other")}, {"2015-09"}),
    ((OLD,), "all commissioned", lambda s: {each.origin for each in projects(s)}, {"commissioned"}),
    ((OLD,), "every directorate in every group",
     lambda s: all(sorted(each.members) == DIRECTORATES for each in projects(s)), True),
    ((OLD,), "no measure has a date but the programme's end",
     lambda s: due(s, "prioritised", "other"), {2020: 25}),
    ((OLD,), "groups work alone until a final report",
     lambda s: (s.arrangement.delivery, s.arrangement.stop_points.range, s.arrangement.stop_points.grade),
     ("final-report", (0, 1), "assumed")),
    ((OLD,), "they report to the steering group", lambda s: s.arrangement.route, ["steering-group"]),
    ((OLD, NEW), "no meeting of owners or contact persons is reported", forums,
     {"steering-group", "secretariat", "welfare-directors"}),
    ((OLD,), "the steering group meets less than monthly", lambda s: float(forum(s,
     "steering-group").cadence) > 1,
     True),
    ((OLD,), "unstable membership in 2016 and 2017",
     lambda s: [(p.begins, p.ends, float(p.turnover) > 1) for p in s.arrangement.unstable],
     [("2016-01", "2017-12", True)]),
    ((NEW,), "stable membership", lambda s: s.arrangement.unstable, []),
    ((NEW,), "one secretariat of all", lambda s: sorted(forum(s, "secretariat").seats), DIRECTORATES),
    ((NEW,), "seven half positions foreseen, some give less, some may give more", lambda s: [
        low < 3.5 < high for low, high in [forum(s, "secretariat").secretariat_fte.span]], [True]),
    ((OLD, NEW), "the steering group decides by consensus",
     lambda s: (sorted(forum(s, "steering-group").seats), forum(s, "steering-group").rule,
                forum(s, "steering-group").chair, s.arrangement.facilitator),
     (DIRECTORATES, "consensus", "Udir", "steering-group")),
    ((NEW,), "it meets about monthly after the reform",
     lambda s: forum(s, "steering-group").cadence.range, (1, 1.3)),
    ((OLD, NEW), "welfare directors meet two or three times a year",
     lambda s: forum(s, "welfare-directors").cadence.range, (12 / 3, 12 / 2)),
    ((NEW,), "internal organisation is ranked",
     lambda s: [float(a.internal_organisation) for name in ("Udir", "Hdir", "Bufdir", "IMDi", "AVdir")
                for a in s.agencies if a.name == name] == sorted(
                    (float(a.internal_organisation) for a in s.agencies), reverse=True), True),
    ((NEW,), "Udir and Hdir are organised alike, the others apart",
     lambda s: [name for name in ("Udir", "Hdir") for a in s.agencies if a.name == name
                and a.internal_organisation == max((b.internal_organisation for b in s.agencies), key=float)],
     ["Udir", "Hdir"]),
    ((NEW,), "four levels of internal organisation",
     lambda s: len({float(a.internal_organisation) for a in s.agencies}),
     4),
    ((NEW,), "the reform clarifies mandates and follow-up but not those of projects",
     lambda s: [float(getattr(s.arrangement, f)) - float(getattr(of(OLD).arrangement, f)) > 0
                for f in ("mandate_clarity", "follow_up", "project_clarity")], [True, True, False]),
    ((NEW,), "project mandates stay as clear",
     lambda s: float(s.arrangement.project_clarity) == float(of(OLD).arrangement.project_clarity), True),
    ((NEW,), "24 rows of annex 1", lambda s: len(projects(s)), 24),
    ((NEW,), "rows by area", lambda s: annex(s, 1), {"1": 5, "2": 8, "3": 7, "4": 4}),
    ((NEW,), "rows by status", lambda s: annex(s, 2), {"green": 15, "black": 6, "orange": 2, "blank": 1}),
    ((NEW,), "rows begun by mid 2019 start before",
     lambda s: all((each.start > "2019-06") == ("status blank" in each.source) for each in projects(s)),
     True),
    ((NEW,), "no row has a date but the programme's end and the Nordic project's", due,
     {2020: 22, 2019: 1, 2021: 1}),
    ((NEW,), "fewer members", lambda s: sum(len(each.members) for each in projects(s)) < 5 * 24, True),
    ((NEW,), "few with light attachment", lambda s: 0 < sum(p.route == ["line"] for p in projects(s)) < 6,
     True),
    ((NEW,), "Bufdir leads the indicators", lambda s: projects(s, "growing-up-indicators")[0].lead, "Bufdir"),
    ((NEW,), "the traced project is taken in", lambda s: projects(s, "bts")[0].start, "2018-06"),
    ((OLD, NEW), "yearly letters say take part",
     lambda s: {(x.begins[5:], float(x.strength), float(x.resources), *sorted(x.to))
                for x in letters(s, "allocation-letters")}, {("01", 0.25, 0.0, *DIRECTORATES)}),
    ((OLD,), "the joint letter of 2015 comes from all four ministries",
     lambda s: [(x.begins[:4], sorted(x.ministries)) for x in letters(s, "joint-letter")],
     [("2015", ["ASD", "BLD", "HOD", "KD"])]),
    ((OLD, NEW), "for five years",
     lambda s: [months_between(x.begins, str(x.ends)) for x in letters(s, "joint-letter")], [59]),
    ((OLD, NEW), "what the directorates do among themselves moves no ministry", lambda s: [
        float(x.strength) for x in s.letters.event
        if x.name not in ("ministers-meeting", "joint-letter-2015")],
     [0, 0]),
    ((NEW,), "dated events", lambda s: [{**events(of(OLD)), **events(s)}[name][:length] for name, length in (
        ("programme-mandate-2016", 4), ("strategy-2017", 4), ("new-mandates-2018", 7), ("bedre-stat-prize",
     7))],
     ["2016", "2017", "2018-05", "2019-02"]),
    ((NEW,), "it begins with the new mandates", lambda s: s.start, "2018-05"),
    ((OLD,), "programme period", lambda s: (s.start, s.default_months), ("2015-01", 72)),

    (THIRTEEN, "thirteen agencies under seven ministries as in table 1", steered, TABLE_1),
    ((*THIRTEEN, SIMPLE, GROUPS), "only the three with children at the core are core",
     lambda s: s.core, CORE),
    ((FIRST,), "sizes of the agencies",
     lambda s: [30 < size < 40 if name == "Medietilsynet" else size for name, size in sorted(
         ((a.name, float(a.staff)) for a in s.agencies), key=lambda pair: pair[1])][::12], [True, 2000]),
    ((FIRST,), "the largest is the labour and welfare directorate", lambda s: max(
        s.agencies, key=lambda a: float(a.staff)).name, "AVdir"),
    ((FIRST,), "two outside Oslo", lambda s: [a.place for a in s.agencies if a.name in ("Husbanken",
     "Medietilsynet")],
     ["Drammen", "Fredrikstad"]),
    (COOPERATION, "three standing levels of thirteen served by a working secretariat",
     lambda s: {(len(forum(s, x).seats), forum(s, x).served_by) for x in LEVELS}, {(13, "au-secretariat")}),
    (COOPERATION, "the working secretariat is three, and Bufdir leads it",
     lambda s: [(set(f.seats), f.chair, float(f.secretariat_fte) > 0, f.exclusive)
                for f in [forum(s, "au-secretariat")]], [(CORE, "Bufdir", True, True)]),
    ((FIRST, SECOND), "meetings held by July 2025: 60 in all", lambda s: [meetings(s, x) for x in LEVELS],
     [12, 14, 34]),
    ((SECOND,), "the strategic group seats five from August 2023 to February 2025",
     lambda s: [(set(f.seats), f.begins, f.ends, f.exclusive) for f in [forum(s, "strategic-group")]],
     [({*CORE, "POD", "AVdir"}, "2023-08", "2025-02", True)]),
    ((FIRST, THIRD), "no strategic group before it was made and after it ended", forums, {*LEVELS,
     "au-secretariat"}),
    ((SECOND,), "the same work as in 2022",
     lambda s: [getattr(s, p) == getattr(of(FIRST), p) for p in ("portfolio", "letters", "agencies")],
     [True] * 3),
    ((SECOND,), "the same arrangement but for the group and the turnover",
     lambda s: s.arrangement.model_dump(exclude={"name", "title", "source", "forum", "unstable"})
     == of(FIRST).arrangement.model_dump(exclude={"name", "title", "source", "forum", "unstable"}), True),
    ((SECOND,), "one more forum", lambda s: s.arrangement.forum[:-1] == of(FIRST).arrangement.forum, True),
    ((THIRD,), "fewer meetings", lambda s: [
        float(forum(s, x).cadence) > float(forum(of(FIRST), x).cadence) for x in LEVELS], [True] * 3),
    ((THIRD,), "a larger secretariat", lambda s: float(forum(s, "au-secretariat").secretariat_fte)
     > float(forum(of(FIRST), "au-secretariat").secretariat_fte), True),
    (COOPERATION, "commissioned projects go up the lead's own line",
     lambda s: (s.arrangement.coordinator, s.arrangement.route, s.arrangement.self_initiated_route),
     ("Bufdir", ["line"], ["managers-group"])),
    ((FIRST,), "nine of thirteen are told alike in 2022",
     lambda s: [(len(x.to), CORE & {*x.to}, float(x.strength)) for x in letters(s, "nine-alike-2022")],
     [(9, set(), 0.25)]),
    ((FIRST,), "letters name nothing in 2022", lambda s: named_in(s, "2022"), set()),
    ((FIRST,), "letters of 2023 and 2024 name themes and budget proposals",
     lambda s: [{"theme-mental-health", "theme-youth-crime", "budget-proposal-2025"} <= named_in(s, year)
                for year in ("2023", "2024")], [True, True]),
    ((FIRST,), "assignments are all there", lambda s: ASSIGNMENTS - {p.name for p in projects(s)}, set()),
    (COOPERATION, "a few are self-initiated",
     lambda s: 0 < sum(p.origin == "self-initiated" for p in projects(s)) < len(projects(s)) / 3, True),
    ((FIRST,), "who leads", lambda s: {p.lead for p in projects(s) if p.name != "theme-youth-crime"},
     {"Bufdir", "Hdir", "KDI", "Udir"}),
    ((FIRST,), "who leads the themes", lambda s: [
        projects(s, "theme-youth-crime")[0].lead, projects(s, "theme-mental-health")[0].lead], ["POD",
     "Hdir"]),
    ((FIRST,), "every commissioned one-off assignment has a supplementary letter",
     lambda s: {name for x in letters(s, "supplementary-") for name in x.projects} == one_off(s), True),
    ((SIMPLE,), "fewer take part: the core and those with projects",
     lambda s: agencies(s) == CORE | {name for p in projects(s) for name in p.members}, True),
    ((SIMPLE,), "fewer than now", lambda s: len(s.agencies) < len(of(THIRD).agencies), True),
    ((SIMPLE,), "two forums", lambda s: [f.name for f in s.arrangement.forum], ["steering-group",
     "secretariat"]),
    ((GROUPS,), "project groups, no superstructure", lambda s: (
        s.arrangement.forum, s.arrangement.project_groups, s.arrangement.route, s.arrangement.circle),
     ([], True, ["line"], False)),
    ((GROUPS,), "the rest as in the recommended structure", lambda s: [
        getattr(s, part) == getattr(of(SIMPLE), part)
        for part in ("portfolio", "letters", "agencies", "start")],
     [True] * 4),
    ((SIMPLE,), "a stronger secretariat", lambda s: float(forum(s, "secretariat").secretariat_fte)
     > float(forum(of(THIRD), "au-secretariat").secretariat_fte), True),
    ((SIMPLE,), "more authority and clarity", lambda s: [
        college(s) > college(of(THIRD)),
        float(s.arrangement.mandate_clarity) > float(of(THIRD).arrangement.mandate_clarity)], [True, True]),
    ((HIERARCHY,), "no forums and no project groups, only the line",
     lambda s: (s.arrangement.forum, s.arrangement.project_groups, s.arrangement.route), ([], False,
     ["line"])),
    ((NETWORK,), "the same portfolio", lambda s: s.portfolio == of(HIERARCHY).portfolio, True),
    ((NETWORK,), "no steering",
     lambda s: (s.letters.letter, s.letters.event, float(s.arrangement.attention),
                s.arrangement.ministry_forum), ([], [], 0, [])),

    ((CRIME,), "six ministries", ministries, SIX),
    ((CRIME,), "four formal partners", lambda s: s.core, set(FOUR)),
    ((CRIME,), "who steers whom", lambda s: [steered(s)[x] for x in ("ASD", "FIN")], [
        {"AVdir", "Arbeidstilsynet"}, {"SKD"}]),
    ((CRIME,), "flat, without coordinator or chair",
     lambda s: (s.arrangement.coordinator, {(f.chair, f.rule) for f in s.arrangement.forum}),
     (None, {(None, "consensus")})),
    ((CRIME,), "directors meet two or three times a year",
     lambda s: [(sorted(f.seats), f.cadence.range, f.cadence.grade) for f in [forum(s, "directors-meeting")]],
     [(FOUR, (12 / 3, 12 / 2), "derived")]),
    ((CRIME,), "a working group prepares",
     lambda s: forum(s, str(forum(s, "directors-meeting").served_by)).function, "prepare"),
    ((CRIME,), "the older forum of agency heads is used",
     lambda s: sorted(forum(s, "central-cooperation-forum").seats), sorted([*FOUR, "Økokrim",
     "Riksadvokaten"])),
    ((CRIME,), "ties of those in the forum since 2005",
     lambda s: {(t.source_agency, t.target_agency) for t in s.arrangement.tie},
     {(one, other) for one in SINCE_2005 for other in SINCE_2005 if one != other}),
    ((CRIME,), "they trust each other more",
     lambda s: min(float(t.trust) for t in s.arrangement.tie) > float(s.arrangement.start.trust), True),
    ((CRIME,), "22 measures", lambda s: len(measures(s)), 22),
    ((CRIME,), "shared out between the six", lambda s: {ministry for _, ministry in measures(s)}, SIX),
    ((CRIME,), "led under their ministry",
     lambda s: all(ministry_of(s)[each.lead] == ministry for each, ministry in measures(s)), True),
    ((CRIME,), "mostly carried out by one agency",
     lambda s: [size for size, _ in Counter(len(each.members) for each, _ in measures(s)).most_common()], [1,
     2]),
    ((CRIME,), "easy and visible measures come first: less bold and smaller",
     lambda s: [max(float(getattr(p, f)) for p in easy(s)[0]) < min(float(getattr(p, f)) for p in easy(s)[1])
                for f in ("boldness", "size")], [True, True]),
    ((CRIME,), "and ask for less",
     lambda s: mean(float(p.instruments_given_up) for p in easy(s)[0])
     < mean(float(p.instruments_given_up) for p in easy(s)[1]), True),
    ((CRIME,), "directors sign the operational plan",
     lambda s: {(*sorted(p.members), *(p.route or ())) for p in projects(s, "operational-plan")},
     {(*FOUR, "directors-meeting")}),
    ((CRIME,), "the four get a common text and joint demands",
     lambda s: [sorted(x.to) for x in letters(s, "common-text", "joint-demands")], [FOUR, FOUR]),
    ((CRIME,), "co-location is demanded", lambda s: "co-location" in letters(s, "joint-demands")[0].projects,
     True),
    ((CRIME,), "strategy update", lambda s: events(s)["updated-strategy-2017"], "2017-02"),
    ((CRIME,), "the labour inspection is nearest", lambda s: max(FOUR, key=lambda name: near(s, name)),
     "Arbeidstilsynet"),
    ((CRIME,), "the prime minister's push", lambda s: (
        s.arrangement.attention is not None,
        college(s) > college(of(HOUSING))),
     (True, True)),

    ((HOUSING,), "five ministries", ministries, {"KMD", "HOD", "ASD", "BLD", "JD"}),
    ((HOUSING,), "six agencies", agencies, {"Husbanken", "Hdir", "AVdir", "KDI", "IMDi", "Bufdir"}),
    ((HOUSING,), "under Husbanken", lambda s: (s.arrangement.coordinator, steered(s)["KMD"], s.core),
     ("Husbanken", {"Husbanken"}, {"Husbanken"})),
    ((HOUSING,), "period of the strategy",
     lambda s: (s.start[:4], months_between(s.start, "2021-01") - s.default_months), ("2014", 0)),
    ((HOUSING,), "no push of attention", lambda s: s.arrangement.attention, None),
    ((HOUSING,), "housing is central for Husbanken and less so for the others",
     lambda s: (near(s, "Husbanken") > 0.8, max(near(s, x) for x in agencies(s) - {"Husbanken"}) < 0.6),
     (True, True)),
    ((HOUSING,), "Husbanken is everywhere", lambda s: all("Husbanken" in p.members for p in projects(s)),
     True),
    ((HOUSING,), "directors-general first meet in December 2015",
     lambda s: events(s)["directors-general-2015"],
     "2015-12"),
    ((HOUSING,), "a good year and a half after the launch",
     lambda s: 18 <= months_between(s.start, "2015-12") <= 20, True),
    ((HOUSING,), "a status report every year", lambda s: [
        month[:4] for name, month in events(s).items() if name.startswith("status-report")],
     [str(year) for year in range(2015, 2021)]),
    ((HOUSING,), "the joint signals go to all", lambda s: len(letters(s, "joint-signals")[0].to), 6),
    ((HOUSING,), "some ministries repeat their signal", lambda s: [x.begins for x in letters(s, "repeated")],
     [f"{year}-01" for year in range(2016, 2021)]),
    ((HOUSING,), "others give it once", lambda s: [
        {*x.to, *letters(s, "said-once")[0].to} == {*letters(s, "joint-signals")[0].to} for x in letters(s,
     "repeated")],
     [True] * 5),
    ((HOUSING,), "they are different ministries",
     lambda s: {*letters(s, "repeated")[0].ministries} & {*letters(s, "said-once")[0].ministries}, set()),
    ((HOUSING,), "and say it less strongly",
     lambda s: float(letters(s, "said-once")[0].strength) < float(letters(s, "repeated")[0].strength), True),
    ((HOUSING,), "forums of the agencies are assumed",
     lambda s: (forum(s, "agency-group").source[:7], {f.cadence.grade for f in s.arrangement.forum},
                s.arrangement.route), ("assumed", {"assumed"}, ["line"])),

    ((STAR,), "a regional office and nine municipalities", steered,
     {"BLD": {OFFICE}, "Municipalities": set(MUNICIPALITIES)}),
    ((STAR,), "from 2010", lambda s: s.start[:4], "2010"),
    ((STAR,), "a star of bilateral agreements",
     lambda s: ({(len(x), OFFICE in x) for x in parties(s)}, {name for x in parties(s) for name in x}),
     ({(2, True)}, {OFFICE, *MUNICIPALITIES})),
    ((STAR,), "one leaders' meeting a year, sourced",
     lambda s: [(float(f.cadence), f.cadence.grade, f.seats) for n in range(1, 10) for f in [forum(s,
     f"leaders-{n}")]],
     [(12, "sourced", [OFFICE, name]) for name in MUNICIPALITIES]),
    ((STAR,), "at least two working meetings a year",
     lambda s: [(float(f.cadence), f.cadence.range, f.seats) for n in range(1, 10)
                for f in [forum(s, f"working-meeting-{n}")]],
     [(6, (3, 6), [OFFICE, name]) for name in MUNICIPALITIES]),
    ((STAR,), "every agreement covers settlement and the introduction programme",
     lambda s: [Counter(p.name.rsplit("-", 1)[0] for p in projects(s))[x] for x in ("settlement",
     "introduction")],
     [9, 9]),
    ((STAR,), "each is decided by its leaders",
     lambda s: all(p.route == [f"leaders-{p.name.rsplit('-', 1)[1]}"] for p in projects(s)), True),
    ((STAR,), "both sides gain", lambda s: [
        p.name for p in projects(s) if {*p.gains} != {*p.members} or min(map(float, p.gains.values())) <= 0],
     []),
    ((STAR,), "of their own accord", lambda s: {p.origin for p in projects(s)}, {"self-initiated"}),
    ((STAR,), "the agreement is the municipality's letter", lambda s: [x.to for x in letters(s, "agreement")],
     [[name] for name in MUNICIPALITIES]),
    ((STAR,), "it names its projects", lambda s: Counter(n for x in letters(s,
     "agreement") for n in x.projects)
     == Counter(p.name for p in projects(s)), True),
    ((STAR,), "it brings funds", lambda s: all(float(x.resources) > 0 for x in letters(s, "agreement")),
     True),
    ((STAR,), "the office's letter names none",
     lambda s: next(x.projects for x in letters(s) if x.to == [OFFICE]), []),
    ((CRIME, HOUSING, STAR), "projects start over several years and leave two for follow-up",
     lambda s: (min(p.start for p in projects(s)) >= s.start,
                months_between(s.start, max(p.start for p in projects(s))) + 24 <= s.default_months,
                len({p.start[:4] for p in projects(s)}) >= 3), (True, True, True)),

    ((NY_GIV,), "the partnership seats those of the source", lambda s: {*forum(s, "partnership").seats},
     {"KD-prosjektledelsen", "AVdir", "Udir", *REGIONS, *MUNICIPAL, "KS", "Fylkesrådmann", "ASD", "BLD"}),
    ((NY_GIV,), "the project management coordinates", lambda s: s.arrangement.coordinator,
     "KD-prosjektledelsen"),
    ((NY_GIV,), "four ministries and two levels of local government", ministries,
     {"KD", "ASD", "BLD", "HOD", "Counties", "Municipalities"}),
    ((NY_GIV,), "directorates meet in the reference group of 2011",
     lambda s: [(str(f.begins)[:4], {"Hdir", "IMDi", "Bufdir", "Udir", "Vox", "KS", "Fylkesmenn",
     *REGIONS} - {*f.seats})
                for f in [forum(s, "reference-group")]], [("2011", set())]),
    ((NY_GIV,), "project money is a million a county",
     lambda s: [({*x.to}, abs(float(x.resources) - 19 / 3) <= 0.05) for x in letters(s,
     "project-money-2012")],
     [(REGIONS, True)]),
    ((NY_GIV,), "and none for NAV", paid, REGIONS),
    ((NY_GIV,), "regions lead what follows up", lambda s: Counter(
        p.lead for p in projects(s, "models-", "relations-", "competence-")), dict.fromkeys(REGIONS, 3)),
    ((NY_GIV,), "others carry most of it",
     lambda s: sum(duties(s)[x] for x in REGIONS) < duties(s).total() / 2, True),
    ((NY_GIV,), "and gain from it", lambda s: (
        {gains(s)[x] for x in REGIONS}, min(gains(s)[x] for x in MUNICIPAL) > gains(s)["AVdir"] > 0), ({0.0},
     True)),
    ((NY_GIV,), "every participant has its gain stated",
     lambda s: [p.name for p in projects(s) if {*p.gains} != {*p.members}], []),
    ((NY_GIV,), "the tenth grade is the municipalities'",
     lambda s: {frozenset(r.duties) for p in projects(s, "transition-") for r in p.recommendation
                if r.name == "extra-teaching"}, {frozenset(MUNICIPAL)}),
    ((NY_GIV,), "county governors come late", lambda s: [
        (x.begins, x.to, sorted(x.ministries)) for x in letters(s, "joint-assignment-2013")],
     [("2013-01", ["Fylkesmenn"], ["ASD", "BLD", "HOD", "KD"])]),
    ((NY_GIV,), "no earlier letter to them",
     lambda s: min(x.begins for x in letters(s) if "Fylkesmenn" in x.to),
     "2013-01"),
    ((NY_GIV,), "and no earlier project",
     lambda s: min(p.start for p in projects(s) if "Fylkesmenn" in p.members) >= "2012-09", True),
    ((NY_GIV,), "political profile is high", lambda s: float(s.arrangement.attention) > 0.5, True),
    ((GOALS,), "and low here", lambda s: s.arrangement.attention, None),

    ((GRORUD,), "17 state and 18 municipal actors",
     lambda s: Counter(ministry == "Oslo" for ministry in ministry_of(s).values()), {False: 17, True: 18}),
    ((GRORUD,), "the four districts", lambda s: DISTRICTS - agencies(s), set()),
    ((GRORUD,), "every actor has a seat",
     lambda s: agencies(s) - {name for f in s.arrangement.forum for name in f.seats}, set()),
    ((GRORUD,), "ten years from 2007", lambda s: (s.start, s.default_months), ("2007-01", 120)),
    ((GRORUD,), "the joint committee meets four times a year, then twice",
     lambda s: [12 / float(forum(s, x).cadence) for x in ("joint-committee", "joint-committee-first-years")],
     [2, 2]),
    ((GRORUD,), "it is one committee", lambda s: [
        (f.seats == forum(s, "joint-committee").seats, f.chair, {*f.seats} >= DISTRICTS)
        for f in [forum(s, "joint-committee"), forum(s, "joint-committee-first-years")]],
     [(True, "Byutvikling", True)] * 2),
    ((GRORUD,), "the first years end before 2014",
     lambda s: str(forum(s, "joint-committee-first-years").ends) < "2014", True),
    ((GRORUD,), "a yearly political meeting", lambda s: (float(forum(s, "political-meeting").cadence), sum(
        name.startswith("political-meeting-") for name in events(s))), (12, 10)),
    ((GRORUD,), "a planning office",
     lambda s: [f.name for f in s.arrangement.forum if float(f.secretariat_fte) > 0],
     ["planning-office"]),
    ((GRORUD,), "four programme groups each with the planning office",
     lambda s: [
         "Plankontoret" in f.seats for f in s.arrangement.forum if f.name.startswith("programme-group-")],
     [True] * 4),
    ((GRORUD,), "IMDi coordinates the state", lambda s: forum(s, "state-coordination").chair, "IMDi"),
    ((GRORUD,), "about 200 measures in bundles", lambda s: (
        30 <= len(projects(s)) <= 40, sum(int(p.recommendations or 0) for p in projects(s))), (True, 200)),
    ((GRORUD,), "in four areas", lambda s: {p.name[:6] for p in projects(s)}, {f"area-{n}" for n in range(1,
     5)}),
    ((GRORUD,), "districts lead 20 of 23 in area 4",
     lambda s: abs(mean(p.lead in DISTRICTS for p in projects(s, "area-4")) - 20 / 23) <= 0.05, True),
    ((GRORUD,), "with one other", lambda s: {p.lead for p in projects(s, "area-4")}, {*DISTRICTS,
     "Utdanningsetaten"}),
    ((GRORUD,), "both sides pay alike", lambda s: [extra(s, x) for x in ("state-money", "city-money")],
     [10.0, 10.0]),
    ((GRORUD,), "for ten years", lambda s: {(x.begins, x.ends) for x in letters(s, "state-money",
     "city-money")},
     {("2007-01", "2016-12")}),
    ((GRORUD,), "NAV has no money", lambda s: ("Nav-Oslo" in paid(s), paid(s) >= DISTRICTS), (False, True)),
    ((GRORUD,), "but takes part", lambda s: any("Nav-Oslo" in p.members for p in projects(s)), True),

    ((GOALS,), "no forum and no authority",
     lambda s: (s.arrangement.forum, college(s), s.arrangement.route), ([], 0,
     ["line"])),
    ((GOALS,), "eight ministries", ministries, {"ASD", "BLD", "FAD", "HOD", "JD", "KD", "KRD", "KUD"}),
    ((GOALS,), "17 goals", lambda s: len(projects(s, "goal-")), 17),
    ((GOALS,), "each mainly one sector's",
     lambda s: (all({*p.members} <= {p.lead, "IMDi"} for p in projects(s, "goal-")),
                sum(p.members == [p.lead] for p in projects(s, "goal-")) > 17 / 2), (True, True)),
    ((GOALS,), "of all ministries",
     lambda s: {ministry_of(s)[p.lead] for p in projects(s, "goal-")} == ministries(s), True),
    ((GOALS,), "signals in the order of the source", lambda s: [
        general["kd"] > general["krd"] > general["asd"] == general["jd"] > 0
        for general in [{x.name: float(x.strength) for x in letters(s) if not x.projects}]], [True]),
    ((GOALS,), "two are asked nothing", lambda s: {"Difi",
     "Nasjonalbiblioteket"} & {n for x in letters(s) for n in x.to},
     set()),
    ((GOALS,), "health has a strategy of its own", lambda s: [
        (x.begins, {*x.ministries}) for x in letters(s, "hod-strategy")], [("2013-08", {"BLD", "HOD"})]),
    ((GOALS,), "that is stronger", lambda s: float(letters(s, "hod-strategy")[0].strength)
     > max(float(x.strength) for x in letters(s) if x.name == "hod"), True),
]
# fmt: on


@pytest.mark.parametrize(
    ("name", "found", "said"),
    [
        pytest.param(name, found, said, id=f"{name}: {claim}")
        for names, claim, found, said in FACTS
        for name in names
    ],
)
def test_the_scenario_says_what_its_source_says(
    name: str, found: Callable[[Scenario], Any], said: Any
) -> None:
    assert found(of(name)) == said


@pytest.mark.parametrize("name", list_scenarios())
def test_headings_are_in_both_languages(name: str) -> None:
    s = of(name)
    rows = [*s.ministries, *s.agencies, *s.arrangement.forum, *s.portfolio.project, *s.letters.event]
    assert s.summary is not None
    assert [row.name for row in rows if row.title is None or not (row.title.en and row.title.nb)] == []


@pytest.mark.parametrize("name", [*THIRTEEN, SIMPLE, NY_GIV, GRORUD, GOALS])
def test_letters_are_in_force_to_the_end_of_the_run(name: str) -> None:
    s = of(name)
    last = max((letter.ends for letter in letters(s) if letter.ends), default=None)
    assert last is None or months_between(s.start, last) >= s.default_months - 1


def test_the_recommendation_can_take_over_the_cooperations_assignments() -> None:
    parts = {"arrangement": SIMPLE, "portfolio": FIRST, "letters": SIMPLE}
    assert load_scenario({"name": "swapped", "start": "2022-01", **parts}).core == CORE


@pytest.mark.slow
@pytest.mark.parametrize("name", [NY_GIV, GRORUD, GOALS])
def test_most_projects_deliver_and_neither_all_nor_nothing_is_implemented(name: str) -> None:
    outcomes = simulate(name, runs=40, series="none").outcomes.mean()
    assert outcomes["drafted"] > 0.8 * outcomes["planned"]
    assert 0.1 < outcomes["implemented_rate"] < 0.9
    assert 0.1 < outcomes["implemented_rate_horizon"] < 0.9


def test_budget_decisions_are_where_special_measures_are_lost() -> None:
    outcomes = simulate(GOALS, runs=40, series="none").outcomes.mean()
    assert outcomes["decided"] > 0.9 * outcomes["drafted"]
    assert outcomes["lost_ministries"] > outcomes["lost_disagreement"]
