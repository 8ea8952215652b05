"""References inside an arrangement: members, forums and ties."""

from __future__ import annotations

from collections import Counter

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.scenario.catalogue import Catalogue
from tverretatlig_sim.scenario.errors import quoted
from tverretatlig_sim.scenario.messages import pair_of
from tverretatlig_sim.scenario.references.part import Part, Report
from tverretatlig_sim.scenario.schema import Arrangement, Forum, Tie

LINE = "line"
"""The word that stands for the lead's own line in a route."""
STRANGER = _("is not a member of the arrangement")
UNKNOWN_AGENCY = _("is not a known agency")
UNKNOWN_MINISTRY = _("is not a known ministry")
NO_FORUM = _("is not a forum of the arrangement")
NO_SEAT = _("has no seat in the forum")


def check_arrangement(part: Part[Arrangement], catalogue: Catalogue, report: Report) -> None:
    """Append what is wrong with an arrangement's references.

    Args:
        part: an arrangement that could be read.
        catalogue: everyone who can be a member.
        report: takes the problems.
    """
    arrangement = part.model
    if arrangement is None:
        return
    members, forums = frozenset(part.names("member", "agency")), frozenset(part.names("forum"))
    report.duplicates("member", part.names("member", "agency"))
    report.duplicates("forum", part.names("forum"))
    _check_members(arrangement, catalogue, report)
    report.outsiders("municipal_chain", arrangement.municipal_chain, catalogue.known_agencies, UNKNOWN_AGENCY)
    report.repeats("municipal_chain", arrangement.municipal_chain)
    _check_forums(arrangement, members, forums, report)
    _check_practice(arrangement, members, forums, report)
    _check_ties(arrangement.tie, members, report)


def _check_members(arrangement: Arrangement, catalogue: Catalogue, report: Report) -> None:
    for member in arrangement.member:
        place = f"member {quoted(member.agency)}"
        report.outsiders(place, [member.agency], catalogue.known_agencies, UNKNOWN_AGENCY)
        if member.ministry is not None:
            report.outsiders(
                f"{place}, ministry", [member.ministry], catalogue.known_ministries, UNKNOWN_MINISTRY
            )


def _check_practice(
    arrangement: Arrangement, members: frozenset[str], forums: frozenset[str], report: Report
) -> None:
    if arrangement.coordinator is not None:
        report.outsiders("coordinator", [arrangement.coordinator], members, STRANGER)
    if arrangement.facilitator is not None:
        report.outsiders("facilitator", [arrangement.facilitator], forums, NO_FORUM)
    check_route("route", arrangement.route, forums, report)
    check_route("self_initiated_route", arrangement.self_initiated_route, forums, report)
    for number, period in enumerate(arrangement.unstable, start=1):
        place = joined(" ", ("unstable", _("number {number}", number=number)))
        report.lifetime(place, period.begins, period.ends)


def check_route(place: str, route: list[str] | None, forums: frozenset[str] | None, report: Report) -> None:
    """Append what is wrong with a route: every stop is a forum or the line."""
    stops = [stop for stop in route or [] if stop != LINE]
    # The whole set is put together only when it is needed: every project has a route.
    if forums is not None and not forums.issuperset(stops):
        report.outsiders(
            place, stops, forums | {LINE}, _("is neither a forum of the arrangement nor the line")
        )


def _check_forums(
    arrangement: Arrangement, members: frozenset[str], known: frozenset[str], report: Report
) -> None:
    secretariats = {forum.name for forum in arrangement.forum if float(forum.secretariat_fte) > 0}
    for forum in arrangement.forum:
        place = f"forum {quoted(forum.name)}"
        if forum.name == LINE:
            report.add(
                place,
                _('the name "line" is taken'),
                _("another name: in a route it means the lead's own line"),
            )
        report.lifetime(place, forum.begins, forum.ends)
        _check_seats(place, forum, members, report)
        if forum.served_by is not None:
            _check_service(f"{place}, served_by", forum, known, secretariats, report)


def _check_seats(place: str, forum: Forum, members: frozenset[str], report: Report) -> None:
    seats = members if forum.seats == "all" else forum.seats
    if forum.seats != "all":
        report.outsiders(f"{place}, seats", seats, members, STRANGER)
        report.repeats(f"{place}, seats", seats)
    if forum.chair is not None:
        report.outsiders(f"{place}, chair", [forum.chair], frozenset(seats), NO_SEAT)
    elif forum.rule == "authority":
        report.add(
            f"{place}, chair",
            _('is missing, but the rule "authority" needs one'),
            _("an agency with a seat"),
        )


def _check_service(
    place: str, forum: Forum, known: frozenset[str], secretariats: set[str], report: Report
) -> None:
    if forum.served_by == forum.name:
        report.add(place, _("a forum cannot serve itself"), _("another forum with secretariat_fte above 0"))
    elif forum.served_by in known - secretariats:
        what = _("{name} is not a secretariat", name=quoted(forum.served_by))
        report.add(place, what, _("a forum with secretariat_fte above 0"))
    else:
        report.outsiders(place, [str(forum.served_by)], known, NO_FORUM)


def _check_ties(ties: list[Tie], members: frozenset[str], report: Report) -> None:
    # There may be very many ties, so one is given a name only when something is wrong with it.
    pairs = [(tie.source_agency, tie.target_agency) for tie in ties]
    for pair, count in Counter(pairs).items():
        if count > 1:
            report.add(_tie(pair), _("is given twice"))
    for pair in pairs:
        if not members.issuperset(pair):
            report.outsiders(_tie(pair), pair, members, STRANGER)
        if pair[0] == pair[1]:
            report.add(_tie(pair), _("an agency has no tie to itself"))


def _tie(pair: tuple[str, str]) -> Message | str:
    return joined(" ", ("tie", pair_of(*pair)))
