"""The rules of a month (ODD, section 7): a list a phase, at the end; each rule names its item.

The second argument of a rule names a kind of entity: it is carried out for every entity of that kind, in
order of names, before the next rule begins. What *convene* takes from its start is used before it is changed.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, floor, log, sqrt
from statistics import NormalDist

from .draws import key, pair
from .entities import (
    Agency,
    Duty,
    Forum,
    Letter,
    Loss,
    Ministry,
    Project,
    Recommendation,
    Secretariat,
    Stage,
    Stake,
    Status,
    Tie,
    World,
    lowered,
    mean,
    norm,
    raised,
    sigmoid,
)

CLOSE = 1e-9


# --- 7.1 steer
def move_attention(world: World, ministry: Ministry) -> None:
    """7.1.1: back to its level, by chance, and up by events."""
    p, u = world.p, world.draw("attention", key(ministry.name))
    pull = p.attention_return * (ministry.level - ministry.attention)
    a = min(1.0, max(0.0, ministry.attention + pull + p.attention_noise * (2.0 * u - 1.0)))
    for strength in ministry.events.get(world.month, []):
        a = raised(a, strength)
    ministry.attention = a


def read_letters(world: World, agency: Agency) -> None:
    """Section 2, calendar: strongest letters in force, and resources; section 2, gain: the fresh share."""
    in_force = [letter for letter in agency.letters if letter.lives(world.month)]
    agency.letter = max((reach(world, letter) for letter in in_force if not letter.projects), default=0.0)
    for stake in agency.stakes:
        naming = (reach(world, letter) for letter in in_force if stake.project.name in letter.projects)
        stake.letter = max(naming, default=0.0)
    resources = sum(letter.resources for letter in in_force)
    agency.money = agency.capacity + resources
    agency.fresh = resources / agency.money if agency.money > 0.0 else 0.0


def rivals(world: World, letter: Letter) -> list[Letter]:
    """Section 2, calendar: letters in force that contradict one."""
    return [other for other in world.all_letters if other.lives(world.month) and letter.lives(world.month)
            and (other.name in letter.contradicts or letter.name in other.contradicts)
            and min(letter.strength, other.strength) > 0.0]  # fmt: skip


def reach(world: World, letter: Letter) -> float:
    """Section 2, calendar: the strength that a letter has over its rivals."""
    return max(0.0, letter.strength - max((other.strength for other in rivals(world, letter)), default=0.0))


def torn(world: World, project: Project) -> bool:
    """Section 2, calendar: whether letters that contradict each other are about a project."""

    def about(letter: Letter) -> bool:
        return bool({*letter.to} & {*project.members}) and project.name in (letter.projects or [project.name])

    return any(about(x) and about(y) for x in world.all_letters for y in rivals(world, x))


def cohere(world: World, _: World) -> None:
    """7.1.2: how far ministries see the problem alike, and what dampens their signals."""
    steering = [ministry for ministry in world.ministries.values() if ministry.participants]
    centre = {theme: mean((m.view[theme] for m in steering), 0.0) for theme in world.themes}
    for ministry in steering:
        forums = (seat.forum for seat in ministry.organisation.seats) if ministry.organisation else ()
        bodies = [forum.authority for forum in forums if forum.joint and forum.has_met(world.month)]
        apart = norm(ministry.view[theme] - centre[theme] for theme in world.themes) / sqrt(2.0)
        ministry.damping = 1.0 - apart * (1.0 - max(bodies, default=0.0))
    world.coherence = mean((ministry.damping for ministry in steering), 1.0)


def take_signals(world: World, agency: Agency) -> None:
    """7.1.3: the signal in general, and for every stake."""
    thrust, whole = agency.ministry.attention, agency.ministry.damping
    agency.agency_signal = thrust * (1.0 if agency.is_ministry else whole * agency.letter)
    for stake in agency.stakes:
        base = whole * agency.letter
        if stake.project.origin == "self-initiated":
            base *= world.p.self_initiated_signal
        elif stake.project.lead is agency:
            base = max(world.p.commissioned_signal, base)
        stake.signal = thrust * max(whole * stake.letter, base)


def enter_letters(world: World, agency: Agency) -> None:
    """7.1.4: in January, duties that wait and the department knows get into a letter."""
    chance = world.p.letter_uptake * agency.ministry.attention
    for duty in agency.duties:
        knows = world.hearings and world.hearing(duty.recommendation, agency.ministry).known_at >= 0
        waits = duty.waits_since_before(world.month) and duty.letter_at < 0
        if world.month_of_year == 1 and knows and waits and world.draw("letter", duty.key) < chance:
            duty.letter_at = world.month


# --- 7.2 allocate
def begin(world: World, _: World) -> None:
    """7.2: projects begin as planned, after others, as many at once as there may be."""
    projects, limit = list(world.projects.values()), world.scenario.portfolio.at_once
    undelivered = {project.name for project in projects if project.delivered_at < 0}
    ready = [
        x for x in projects if x.begun_at < 0 and x.start <= world.month and not undelivered & {*x.after}
    ]
    free = len(ready) if limit is None else int(limit) - sum(project.unfinished for project in projects)
    for project in sorted(ready, key=lambda project: project.turn)[: max(0, free)]:
        project.begun_at = world.month
    world.under_way = [project for project in projects if project.active]


def decide_effort(world: World, agency: Agency) -> None:
    """7.2.1 and 7.2.2: effort by reasons, and what the programme disposes of anyway."""
    p = world.p
    signals = (stake.signal for stake in agency.active_stakes)
    agency.mean_signal = mean(signals, agency.agency_signal)
    will = p.will_intercept + p.will_core * agency.overlap + p.will_signal * agency.mean_signal
    will += p.will_commitment * agency.commitment - p.will_load * agency.load
    will += p.wait_and_see * (agency.confidence - 0.5)
    gain = p.gain_weight * (agency.gain + agency.fresh * agency.cost)
    needed = p.interdependence * agency.dependence * agency.interweaving
    willing = sigmoid(will + gain + needed)
    disposed = world.arrangement.programme_resources
    agency.effort = agency.money * (disposed + (1.0 - disposed) * willing)


def plan(world: World, agency: Agency) -> None:
    """7.2.3 and 7.2.4: meetings come first, the rest goes by priority."""
    need = world.p.meeting_cost * sum(seat.forum.meets(world.month) for seat in agency.seats)
    need *= not agency.is_ministry
    agency.meeting_time = min(agency.effort, need)
    agency.affordable = min(1.0, agency.effort / need) if need > 0.0 else 1.0
    active, rest = agency.active_stakes, agency.effort - agency.meeting_time
    claims = {
        stake: (stake.overlap + stake.signal + agency.ownership)
        * (1.0 + 1.0 / stake.project.months_left(world.month))
        / place
        for place, stake in enumerate(active, 1)
    }
    total = sum(claims.values())
    for stake in agency.stakes:
        stake.work = rest * claims[stake] / total if stake in claims and total > 0.0 else 0.0


# --- 7.3 prepare
def serve(world: World, secretariat: Secretariat) -> None:
    """7.3: a secretariat works through its queue."""
    p = world.p
    if not secretariat.lives(world.month):
        return
    served = [forum for forum in world.forums.values() if forum.secretariat is secretariat]
    seats = sum(len(forum.seats) for forum in served if forum.meets(world.month))
    active = [project for project in world.projects.values() if project.active]
    work = p.work_per_seat * seats + p.work_per_project * sum(x.facilitator in served for x in active)
    demand = (1.0 - p.backlog_abandonment) * secretariat.backlog + work
    able = secretariat.secretariat_fte * secretariat.experience
    secretariat.backlog = max(0.0, demand - able)
    in_time = 1.0 if demand <= able else able / demand
    secretariat.service_quality += p.adjustment * (in_time - secretariat.service_quality)


# --- 7.4 convene
def open_meeting(world: World, forum: Forum) -> None:
    """7.4.1: the share of time that goes to structure and process."""
    relief, seats = world.p.structure_relief, len(forum.seats)
    relieved = (1.0 - relief * forum.service(world.month)) * (1.0 - relief * forum.authority)
    forum.structure = (1.0 - forum.mandate) * seats / (seats + world.p.structure_half) * relieved


def attend(world: World, agency: Agency) -> None:
    """7.4.2: who takes a seat."""
    reasons = agency.ownership + agency.inclusion + agency.mean_signal + agency.mean_trust
    wish = sigmoid(world.p.attendance_intercept + world.p.attendance_commitment * reasons / 4.0)
    for seat in agency.seats:
        u = world.draw("attend", pair(seat.forum.name, agency.name))
        seat.attended = seat.forum.meets(world.month) and u < agency.affordable * wish
        courage = world.draw("speak", pair(seat.forum.name, agency.name))
        seat.spoke = seat.attended and courage < agency.inclusion


def meet(world: World, tie: Tie) -> None:
    """7.4.3: contact, in forums and project groups, and absence."""
    tie.contact = tie.absence = prepared = 0.0
    for own, other in tie.seats:
        if own.attended and other.spoke:
            met = (1.0 - own.forum.structure) / (len(own.forum.seats) - 1)
            tie.contact += met
            prepared += met * own.forum.service(world.month)
        if own.attended and not other.attended:
            tie.absence += 1.0 / (len(own.forum.seats) - 1)
    for project in tie.projects:
        if project.active:
            n = len(project.members)
            tie.contact += world.p.group_contact * project.work / (n * (n - 1))
    tie.unprepared = 1.0 - prepared / tie.contact if tie.contact else 0.0


def listen(world: World, agency: Agency) -> None:
    """7.4.4: what an agency hears, from views that nobody has changed yet."""
    own = min(1.0, world.p.frame_stubbornness * agency.stubbornness)
    others = []
    for tie in agency.ties.values():
        weight = world.p.learning * tie.contact * tie.trust * near(world, tie, tie.distance)
        others.append((tie.target, weight * near(world, tie, max(0.0, power_over(tie)))))
    total = 1.0 + sum(weight for _, weight in others)
    agency.heard = {}
    for theme, x in agency.understanding.items():
        heard = x + sum(weight * other.understanding[theme] for other, weight in others)
        agency.heard[theme] = (1.0 - own) * heard / total + own * agency.frame[theme]


def near(world: World, tie: Tie, distance: float) -> float:
    """7.4.4: what distance leaves of a contact that nobody prepared."""
    return 1.0 - world.p.distance_drag * distance * tie.unprepared


def power_over(tie: Tie) -> float:
    """Section 2: power distance, above 0 if the source is the stronger one."""
    mine, theirs = tie.source.money, tie.target.money
    resources = (mine - theirs) / (mine + theirs) if mine > 0.0 and theirs > 0.0 else 0.0
    distance = (abs(resources) + abs(tie.authority)) / 2.0
    return distance if resources + tie.authority > 0 else -distance if resources + tie.authority < 0 else 0.0


def learn(world: World, agency: Agency) -> None:
    """7.4.4: what was heard is taken up."""
    agency.understanding = agency.heard


def change_trust(world: World, tie: Tie) -> None:
    """7.4.5: contact raises it, less over a distance; absence lowers it."""
    grown = raised(tie.trust, world.p.trust_growth * tie.contact * near(world, tie, tie.distance))
    tie.trust = lowered(grown, world.p.trust_promise * tie.absence)


def change_ownership(world: World, agency: Agency) -> None:
    """7.4.6: substance feeds it, structure and a dominant coordinator drain it."""
    p, attended = world.p, [seat.forum for seat in agency.seats if seat.attended]
    substance = agency.inclusion * sum(1.0 - forum.structure for forum in attended)
    if world.arrangement.project_groups:
        substance += p.group_contact * sum(stake.work for stake in agency.stakes)
    fed = raised(agency.ownership, p.ownership_process * substance)
    agency.ownership = lowered(fed, p.ownership_process * sum(forum.structure for forum in attended))
    if agency.participates and agency is not world.coordinator:
        agency.ownership = lowered(agency.ownership, p.dominance * world.lead_authority)


def help_project(world: World, project: Project) -> None:
    """7.4.7: facilitation, where two or more of its members meet, until the next such meeting."""
    if not any(forum.lives(world.month) for forum in project.helpers):
        project.facilitation = 0.0
    meeting = [forum for forum in project.helpers if forum.meets(world.month)]
    helped = [0.0] * bool(meeting)
    for forum in meeting:
        there = sum(seat.attended and seat.agency.name in project.members for seat in forum.seats)
        quality = forum.service(world.month) * (1.0 - forum.structure)
        helped.append(quality * there / len(project.members) if there > 1 else 0.0)
    project.facilitation = max(helped, default=project.facilitation)


def change_inclusion(world: World, agency: Agency) -> None:
    """7.4.9: circles of others exclude, service softens."""
    circles = sum(forum.has_met(world.month) for forum in agency.circles)
    outside = bool(world.scenario.core) and not agency.core and not agency.is_ministry
    circles += world.arrangement.circle and outside
    alive = [seat.forum for seat in agency.seats if seat.forum.has_met(world.month)]
    often = sum(1.0 / forum.cadence for forum in alive)
    served = sum(forum.service(world.month) / forum.cadence for forum in alive)
    service = served / often if alive else 0.0
    left_out = (1.0 - (1.0 - world.p.exclusion) ** circles) * (1.0 - world.p.exclusion_softening * service)
    agency.inclusion += world.p.adjustment * (1.0 - left_out - agency.inclusion)


# --- 7.5 work
def progress(world: World, project: Project) -> None:
    """7.5.1 to 7.5.4: the work of the month, and what it does to anchoring, boldness and clarity."""
    if not project.active:
        return
    p, before, points = world.p, project.progress, project.stop_points
    others = [stake for stake in project.stakes if stake.member and stake.agency is not project.lead]
    gap, trust = mean((stake.gap for stake in others), 0.0), mean((stake.trust for stake in others), 1.0)
    friction = p.friction * (gap + 1.0 - trust + 1.0 - project.project_clarity)
    efficiency = exp(-friction - p.group_drag * log(len(project.members)))
    done = project.work / project.size * efficiency
    revised = min(project.rework, done)
    project.rework -= revised
    if project.rework <= CLOSE:
        project.rework = 0.0
    if project.prepares(world.month):
        prepare(world, project, done * (1.0 - gap))
    elif project.delivered_at < 0:
        project.progress += min(1.0 - before, done - revised)
    if abs(1.0 - project.progress) <= CLOSE:
        project.progress = 1.0
    old, new = (min(points, floor(done * (points + 1) + CLOSE)) for done in (before, project.progress))
    for stake in project.stakes:
        drifted = lowered(stake.stake_anchoring, p.anchoring_drift * (project.progress - before))
        won = 1.0 - (1.0 - anchoring_step(world, stake, project.project_clarity)) ** (new - old)
        stake.stake_anchoring = drifted + won * (1.0 - drifted)
    project.project_boldness *= (1.0 - p.dilution) ** (new - old)
    for _ in range(new - old):
        led = project.facilitator.authority if project.facilitator else 0.0
        project.clear_up(p.mandate_step * project.facilitation * led)


def prepare(world: World, project: Project, settled: float) -> None:
    """7.5.2: a month before the mandate; in the last one, those who worked bring home what was settled."""
    project.project_clarity = min(1.0, project.project_clarity + settled)
    for stake in project.stakes:
        if stake.member and stake.work > 0.0 and not project.prepares(world.month + 1):
            won = anchoring_step(world, stake, project.project_clarity)
            stake.stake_anchoring = raised(stake.stake_anchoring, won)


def anchoring_step(world: World, stake: Stake, clarity: float) -> float:
    """7.5.4: anchoring won at a stop point, or by consent."""
    support = (stake.agency.internal_organisation + stake.project.facilitation) / 2.0
    return min(1.0, world.p.anchoring_gain * clarity * stake.agency.inclusion * support)


def deliver(world: World, project: Project) -> None:
    """7.5.5: drafts along the way, and delivery when finished or due."""
    if not project.unfinished:
        return
    finished = project.has_mandate and project.progress == 1.0
    due = finished or project.months_left(world.month) <= 1.0
    done = project.progress * len(project.recommendations)
    for recommendation in project.recommendations:
        early = project.increments and project.has_mandate and done >= recommendation.number - CLOSE
        late = due and recommendation.number - 1 < done - CLOSE
        if recommendation.stage == Stage.PLANNED and (early or late):
            world.move(recommendation, Stage.DRAFTED)
            recommendation.boldness = project.project_boldness * (1.0 if early else project.progress)
            for duty in recommendation.duties:
                duty.anchoring = duty.stake.stake_anchoring
    if due:
        project.delivered_at = world.month
        project.rework = project.rework if project.has_mandate else 0.0


# --- 7.6 decide
def open_agenda(world: World, forum: Forum) -> None:
    """7.6.1: what a forum takes up, settled before anything is voted on."""
    there = [r for r in world.recommendations.values() if r.waits_at(forum, world.month)]
    mandates = [project for project in world.projects.values() if project.waits_at(forum, world.month)]
    cases = sorted({r.case for r in there})[: int(forum.agenda)] if forum.meets(world.month) else []
    forum.taken_up = [r for r in there if r.case in cases]
    forum.vetted = mandates if forum.meets(world.month) else []


def vet(world: World, forum: Forum) -> None:
    """7.6.7: mandates pass, or come back clearer."""
    p = world.p
    for project in forum.vetted:
        if world.draw("trip", key(project.name)) < p.round_trip * (
            1.0 - forum.rank * forum.service(world.month)
        ):
            continue
        overlap = 0.0 if project.mandate_rounds else project.overlap(world)
        chance = lowered(project.project_clarity, p.dilution * torn(world, project)) * (1.0 - overlap)
        voters = forum.voters(project)
        silent = forum.silent
        ayes = [a for a in voters if a in silent or ballot(world, "mandate", project.name, a) < chance]
        if forum.lacks_quorum(voters):
            continue
        passed = forum.settles(ayes, voters)
        chair = forum.cutting_chair(world, project.name)
        cut = not passed and chair and ballot(world, "mandate", project.name, chair) < chance
        if cut:
            overrule(world, forum, [a for a in voters if a not in ayes])
            project.mandated_at = world.month
        elif passed:
            project.mandated_at = world.month
            if forum.rule == "consensus" and project.mandate_rounds > 0:
                project.project_clarity = lowered(project.project_clarity, p.dilution)
        else:
            before = project.project_clarity
            project.clear_up(p.mandate_step)
            project.rework = project.project_clarity - before
            project.mandate_rounds += 1


def ballot(world: World, process: str, case: str, agency: Agency) -> float:
    """7.6.2: the draw of a vote, in part one for all with the same interests."""
    own, length = world.draw(process, pair(case, agency.name)), norm(agency.core_tasks.values())
    share = world.p.shared_vote if length else 0.0
    z = sqrt(1.0 - share) * normal(own)
    if share:
        drawn = {theme: normal(world.draw("interest", pair(case, theme))) for theme in world.themes}
        z += sqrt(share) * sum(agency.core_tasks[theme] / length * drawn[theme] for theme in drawn)
    return NormalDist().cdf(z)


def normal(u: float) -> float:
    return NormalDist().inv_cdf(max(u, 2.0**-54))


def overrule(world: World, forum: Forum, noes: list[Agency]) -> None:
    """7.6.3: those over whose heads the chair goes lose ownership."""
    for agency in noes:
        agency.ownership = lowered(agency.ownership, world.p.dominance * forum.authority)


def put_to_line(world: World, recommendation: Recommendation) -> None:
    """7.6.1 and 7.6.3: the lead's own line takes everything every month."""
    if recommendation.to_line:
        settle(world, recommendation, [recommendation.project.lead])


def open_line(world: World, recommendation: Recommendation) -> None:
    """7.6.1: what waits at a line, settled before anything is voted on."""
    recommendation.to_line = recommendation.waits_at(None, world.month)


def put_to_forum(world: World, forum: Forum) -> None:
    """7.6.1 and 7.6.3: passed down unresolved, or settled by the forum's rule."""
    for r in forum.taken_up:
        if world.draw("trip", key(r.name)) < world.p.round_trip * (
            1.0 - forum.rank * forum.service(world.month)
        ):
            r.trips += 1
        else:
            settle(world, r, forum.voters(r.project), forum)


def accepts(world: World, recommendation: Recommendation, agency: Agency, jointly: bool = False) -> bool:
    """7.6.2: the vote of one seat; a ministry judges in joint bodies only (7.6.9)."""
    u = ballot(world, "vote", recommendation.name, agency)
    duty = next((duty for duty in recommendation.duties if duty.agency is agency), None)
    if jointly:
        duty = ministrys_duty(recommendation, agency)
    return u < (world.p.bystander_consent if duty is None else sigmoid(judgement(world, duty)))


def ministrys_duty(recommendation: Recommendation, agency: Agency) -> Duty | None:
    """7.6.9: what a ministry judges, the mean of its agencies' duties; nothing if they have none."""
    own = [duty for duty in recommendation.duties if duty.agency.ministry is agency.ministry]
    if not own:
        return None
    stake = Stake(project=recommendation.project, agency=agency, cost=0.0)
    gain, given_up = mean((x.net_gain for x in own), 0.0), mean((x.given_up for x in own), 0.0)
    made = Duty(recommendation=recommendation, agency=agency, stake=stake, gain=gain, given_up=given_up)
    made.anchoring = 0.0
    return made


def judgement(world: World, duty: Duty) -> float:
    """7.6.2 and 7.7.2: what speaks for a recommendation at a duty-holder."""
    p, recommendation = world.p, duty.recommendation
    project, bold = recommendation.project, recommendation.boldness
    z = p.acceptance_intercept + p.gain_weight * (duty.net_gain * bold + recommendation.content)
    z -= p.ask_weight * duty.given_up * bold
    z += p.process_weight * (
        duty.stake.trust - duty.stake.gap + duty.anchoring + recommendation.clarity(p.mandate_step) - 1.0
    )
    return z - p.ambition_weight * max(0.0, project.rung - duty.agency.ambition) / 3.0


def settle(
    world: World, recommendation: Recommendation, voters: list[Agency], forum: Forum | None = None
) -> None:
    """7.6.3 to 7.6.5: accepted, or a round more, and in the end up."""
    if forum and forum.lacks_quorum(voters):
        return
    silent = forum.silent if forum else []
    ayes = [agency for agency in voters if agency not in silent and accepts(world, recommendation, agency)]
    agreed = [*ayes, *silent]
    passed = forum.settles(agreed, voters) if forum else len(agreed) == len(voters)
    chair = forum.cutting_chair(world, recommendation.name) if forum and not passed else None
    if chair and accepts(world, recommendation, chair):
        overrule(world, forum, [agency for agency in voters if agency not in agreed])
        passed, ayes = True, [*ayes, chair]
    if passed:
        clarity = recommendation.clarity(world.p.mandate_step)
        for duty in recommendation.duties:
            if duty.agency in ayes:
                duty.anchoring = raised(duty.anchoring, anchoring_step(world, duty.stake, clarity))
        recommendation.votes += 1
        pass_on(world, recommendation)
        return
    recommendation.votes += 1
    recommendation.rounds += 1
    recommendation.boldness *= 1.0 - world.p.dilution
    if recommendation.rounds >= (forum.rounds if forum and forum.rounds else world.p.max_rounds):
        if any(f.settles_jointly and f.has_met(world.month) for f in world.forums.values()):
            recommendation.stuck = True
        else:
            world.move(recommendation, Stage.DROPPED, Loss.DISAGREEMENT)
    else:
        project = recommendation.project
        project.rework += world.p.mandate_step / len(project.recommendations)


def hear_in_dialogue(world: World, forum: Forum) -> None:
    """7.6.8: ministries hear what agencies there know; what they heard this month counts from the next."""
    if not forum.meets(world.month):
        return
    agencies = [seat.agency for seat in forum.seats if seat.attended and not seat.agency.is_ministry]
    for r in world.recommendations.values():
        members = {stake.agency for stake in r.project.stakes if stake.member}
        following = {seat.agency for seat in r.project.facilitator.seats} if r.project.facilitator else set()
        told = world.draw("status", key(r.name)) < forum.service(world.month)
        knows = any(agency in members or (agency in following and told) for agency in agencies)
        if knows and r.open(world.month):
            hear(world, forum, r)


def hear(world: World, forum: Forum, recommendation: Recommendation) -> None:
    """7.6.8, 7.6.9: all ministries that attend hear of it."""
    for seat in forum.ministries:
        hearing = world.hearing(recommendation, seat.agency.ministry)
        if seat.attended and hearing.heard_at < 0:
            hearing.heard_at = world.month


def meet_jointly(world: World, forum: Forum) -> None:
    """7.6.9: cases that a ministry there has heard are on the agenda, are heard, and settled."""
    together = len(forum.ministries) > 1 or (forum.ministries and forum.settles_jointly)
    if not forum.meets(world.month) or not together:
        return
    there = []
    for r in world.recommendations.values():
        heard = [world.hearing(r, seat.agency.ministry).heard_at for seat in forum.ministries]
        attending = zip(heard, forum.ministries, strict=True)
        aware = any(seat.attended and 0 <= month < world.month for month, seat in attending)
        wanted = forum.settles_jointly or -1 in heard
        lasts = r.joint_rounds < world.p.max_rounds
        if aware and wanted and lasts and r.open(world.month):
            there.append(r)
    order = {r: (r.reported_at, *r.case[1:]) for r in there}
    cases = sorted({*order.values()})[: int(forum.agenda)]
    for r in there:
        if order[r] in cases:
            r.tabled_at = world.month if r.tabled_at < 0 else r.tabled_at
            hear(world, forum, r)
            if forum.settles_jointly and world.draw("trip", key(r.name)) >= world.p.round_trip * (
                1.0 - forum.rank
            ):
                settle_jointly(world, forum, r)


def settle_jointly(world: World, forum: Forum, r: Recommendation) -> None:
    """7.6.9: the vote of the ministries, and what becomes of it."""
    voters = [seat.agency for seat in forum.ministries if seat.attended]
    if forum.rule in ("lead", "authority"):
        sole = r.project.lead.ministry.organisation if forum.rule == "lead" else forum.chair
        voters = [seat.agency for seat in forum.ministries if seat.agency is sole]
    if not voters:
        return
    ayes = [agency for agency in voters if accepts(world, r, agency, jointly=True)]
    passed = len(ayes) == len(voters) or (forum.rule == "majority" and 2 * len(ayes) > len(voters))
    chair = forum.rule in ("consensus", "majority") and forum.chair
    if not passed and chair and world.draw("cut", key(r.name)) < forum.authority:
        passed = accepts(world, r, forum.chair, jointly=True)
    if passed:
        r.settled_at = world.month
        for seat in forum.ministries:
            hearing = world.hearing(r, seat.agency.ministry)
            if hearing.known_at < 0 and world.draw("link", pair(r.name, seat.agency.name)) < forum.link:
                hearing.known_at = world.month
        if r.stuck:
            r.stuck = False
            pass_on(world, r)
        return
    r.joint_rounds += 1
    if r.joint_rounds >= world.p.max_rounds and r.stage <= Stage.DECIDED and r.passed_at < 0:
        world.move(r, Stage.DROPPED, Loss.MINISTRIES if r.stage == Stage.DECIDED else Loss.DISAGREEMENT)


def report(world: World, recommendation: Recommendation) -> None:
    """7.6.10: what is decided or stuck goes up the lead's line."""
    r = recommendation
    done = r.stuck or (r.decided_at >= 0 and r.stage < Stage.IMPLEMENTED)
    forums = (f for f in world.forums.values() if f.ministries and f.has_met(world.month))
    if done and r.reported_at < 0 and any(forums):
        own = world.hearing(r, r.project.lead.ministry)
        r.reported_at = own.heard_at = own.known_at = world.month


def pass_on(world: World, recommendation: Recommendation) -> None:
    """7.6.4 and 7.6.6: to the next body, or decided, and handed over where no ministry is needed."""
    recommendation.rounds = 0
    recommendation.step += 1
    if recommendation.step == len(recommendation.project.route):
        world.move(recommendation, Stage.DECIDED)
        if recommendation.instrument not in ("legal", "economic"):
            hand_over(world, recommendation)


def put_to_ministries(world: World, recommendation: Recommendation) -> None:
    """7.6.6: law and budget, once a year."""
    r = recommendation
    waits = r.stage == Stage.DECIDED and r.passed_at < 0 and r.decided_at + 12 * r.rounds < world.month
    if not waits:
        return
    ministries = {duty.agency.ministry for duty in recommendation.first_duties}
    others = ministries - {r.project.lead.ministry}
    if any(not world.hearings or world.hearing(r, m).known_at < 0 for m in others):
        return
    if all(world.draw("budget", pair(r.name, m.name)) < m.attention for m in ministries):
        r.passed_at = world.month + way(world, r.instrument)
        return
    recommendation.rounds += 1
    if recommendation.rounds >= world.p.max_rounds:
        world.move(recommendation, Stage.DROPPED, Loss.MINISTRIES)


def way(world: World, instrument: str) -> int:
    """7.6.6: months that a law takes, or money: it comes the January after the first budget in time."""
    letters = world.letters
    if instrument == "legal":
        return int(letters.law_months)
    months, year = int(letters.budget_lead), world.month_of_year - 1
    while (year + months) % 12 + 1 != letters.budget_month:
        months += 1
    return next(n for n in range(months + 1, months + 13) if (year + n) % 12 == 0)


def hand_over_what_passed(world: World, recommendation: Recommendation) -> None:
    """7.6.6: what ministries agreed to is handed over when law or money is there."""
    if recommendation.stage == Stage.DECIDED and recommendation.passed_at == world.month:
        hand_over(world, recommendation)


def hand_over(world: World, recommendation: Recommendation) -> None:
    """7.7.3: over to the lines; all duties but the last open."""
    world.move(recommendation, Stage.HANDED_OVER)
    for duty in recommendation.first_duties:
        duty.duty_status = Status.WAITING


# --- 7.7 implement
def carry_out(world: World, agency: Agency) -> None:
    """7.7.1: line capacity is divided evenly over what is being worked on."""
    agency.kept = agency.broken = 0
    working = [duty for duty in agency.duties if duty.duty_status == Status.WORKING]
    for duty in working:
        duty.work_left -= agency.line_capacity / len(working)
        if duty.work_left <= CLOSE:
            duty.duty_status, duty.work_left = Status.DONE, 0.0
            agency.kept += 1


def answer(world: World, agency: Agency) -> None:
    """7.7.2: each waiting duty is taken, refused, forgotten, or waits on."""
    for duty in agency.duties:
        if duty.waits_since_before(world.month):
            u, looks = world.draw("adopt", duty.key), world.p.look_pace * sigmoid(priority(world, duty))
            fit = judgement(world, duty) - world.p.fit_anchoring * (1.0 - duty.anchoring)
            if u < looks * sigmoid(fit):
                duty.duty_status, duty.work_left = Status.WORKING, duty.stake.project.line_work
            elif u < looks:
                duty.duty_status = Status.REFUSED
            elif u < looks + (1.0 - looks) * world.p.line_drop:
                duty.duty_status = Status.FORGOTTEN
                agency.broken += 1


def priority(world: World, duty: Duty) -> float:
    """7.7.2: reasons for the line to find room for it."""
    p, agency, stake = world.p, duty.agency, duty.stake
    asked = max(agency.letter, stake.letter, p.commissioned_signal if duty.letter_at >= 0 else 0.0)
    support = agency.internal_organisation + world.arrangement.follow_up * stake.project.facilitation
    reasons = p.will_intercept + p.will_core * stake.overlap
    reasons += p.will_signal * agency.ministry.attention * agency.ministry.damping * asked
    reasons += p.will_commitment * agency.commitment - p.will_load * agency.load
    return reasons + p.wait_and_see * (agency.confidence - 0.5) + p.priority_support * support


def follow(world: World, recommendation: Recommendation) -> None:
    """7.7.3: what the duties make of the recommendation."""
    ways = (Status.REFUSED, Status.FORGOTTEN)
    dropped = [duty for duty in recommendation.duties if duty.duty_status in ways]
    if dropped and recommendation.stage != Stage.DROPPED:
        last = any(duty.last for duty in dropped)
        world.move(recommendation, Stage.DROPPED, Loss.MUNICIPALITIES if last else Loss.LINE)
        for duty in recommendation.duties:
            if duty.duty_status in (Status.WAITING, Status.WORKING):
                duty.duty_status, duty.work_left = Status.RELEASED, 0.0
        return
    first = {duty.duty_status for duty in recommendation.first_duties}
    if recommendation.stage == Stage.HANDED_OVER and first <= {Status.WORKING, Status.DONE}:
        world.move(recommendation, Stage.ADOPTED)
    if recommendation.stage == Stage.ADOPTED and first == {Status.DONE}:
        if recommendation.carried_out_at < 0:
            recommendation.carried_out_at = world.month
        for duty in recommendation.duties:
            duty.duty_status = Status.WAITING if duty.duty_status == Status.IDLE else duty.duty_status
        if all(duty.duty_status == Status.DONE for duty in recommendation.duties):
            world.move(recommendation, Stage.IMPLEMENTED)


# --- 7.8 renew
def turnover(world: World, where: set[str]) -> float:
    """7.8.2: probability that key people leave this month, some agency or those of a secretariat."""
    chance, members = world.p.turnover * world.arrangement.turnover, {x.name for x in world.scenario.agencies}
    for period in world.unstable:
        named = members if period.agencies == "all" else {*period.agencies}
        concerned = period.lives(world.month) and (named >= members or named & where)
        chance *= period.turnover if concerned else 1.0
    return min(1.0, chance)


def renew_experience(world: World, secretariat: Secretariat) -> None:
    """7.8.1 and 7.8.2: it grows, and leaves with people."""
    if secretariat.lives(world.month):
        secretariat.experience += world.p.adjustment * (1.0 - secretariat.experience)
        seats = {seat.agency.name for seat in world.forums[secretariat.name].seats}
        if world.draw("turnover", pair("secretariat", secretariat.name)) < turnover(world, seats):
            secretariat.experience = lowered(secretariat.experience, world.p.turnover_loss)


def lose_people(world: World, agency: Agency) -> None:
    """7.8.2: whether key people of a participant leave."""
    takes_part = agency.participates or agency.is_ministry
    agency.leaves = takes_part and world.draw("turnover", key(agency.name)) < turnover(world, {agency.name})


def renew_trust(world: World, tie: Tie) -> None:
    """7.8.2 and 7.8.3: trust goes with people, and follows promises kept and broken."""
    for _ in range(tie.source.leaves + tie.target.leaves):
        tie.trust = lowered(tie.trust, world.p.turnover_loss)
    tie.trust = raised(tie.trust, world.p.trust_promise * tie.target.kept)
    tie.trust = lowered(tie.trust, world.p.trust_promise * tie.target.broken)


def renew_ownership(world: World, agency: Agency) -> None:
    """7.8.4: ownership fades, and results feed it."""
    projects = [stake.project for stake in agency.stakes]
    agency.seen = sum(r.implemented_at == world.month for x in projects for r in x.recommendations)
    results = agency.seen + sum(project.delivered_at == world.month for project in projects)
    results += sum(agency.ministry.events.get(world.month, []))
    faded = agency.ownership * 2.0 ** (-1.0 / world.p.ownership_half_life)
    agency.ownership = raised(faded, world.p.ownership_result * results)


def renew_confidence(world: World, agency: Agency) -> None:
    """7.8.5: how joint work has fared, as far as the agency sees."""
    well = agency.seen + sum(tie.target.kept for tie in agency.ties.values())
    badly = sum(tie.target.broken for tie in agency.ties.values())
    if well + badly > 0:
        agency.confidence += world.p.adjustment * (well / (well + badly) - agency.confidence)


def measure_load(world: World, agency: Agency) -> None:
    """7.8.6: years of work waiting in the line."""
    left = sum(duty.work_left for duty in agency.duties if duty.duty_status == Status.WORKING)
    agency.load = left / (12.0 * agency.line_capacity)


PHASES: dict[str, list[Callable[..., None]]] = {
    "steer": [move_attention, read_letters, cohere, take_signals, enter_letters],
    "allocate": [begin, decide_effort, plan],
    "prepare": [serve],
    "convene": [open_meeting, attend, meet, listen, learn, change_trust, change_ownership, help_project,
                change_inclusion],
    "work": [progress, deliver],
    "decide": [open_agenda, open_line, put_to_line, put_to_forum, hear_in_dialogue, meet_jointly,
               put_to_ministries, hand_over_what_passed, report, vet],
    "implement": [carry_out, answer, follow],
    "renew": [renew_experience, lose_people, renew_trust, renew_ownership, renew_confidence, measure_load],
}  # fmt: skip
