"""One month: the rules of the eight phases in order. The only place that knows the order."""

from __future__ import annotations

from tverretatlig_sim.kernel.allocate import (
    agencies_take_stock,
    effort_follows_will,
    meetings_come_first,
    projects_begin,
    projects_share_the_rest,
    secretariats_serve,
)
from tverretatlig_sim.kernel.convene import (
    absence_costs_trust,
    agencies_meet,
    circles_exclude,
    contact_builds_trust,
    dominance_costs_ownership,
    forums_are_served,
    meetings_facilitate,
    seats_are_taken,
    structure_takes_time,
    structure_wears_ownership,
    substance_feeds_ownership,
    understanding_spreads,
)
from tverretatlig_sim.kernel.decide import (
    accepted_cases_move_on,
    agendas_are_set,
    bodies_vote,
    consent_anchors,
    decisions_are_handed_over,
    disputes_go_up,
    low_ranks_pass_cases_down,
    ministries_agree,
    rejected_cases_are_revised,
    rejection_dilutes,
)
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.implement import (
    line_work_is_planned,
    lines_answer,
    lines_work,
    recommendations_come_about,
    recommendations_fall,
)
from tverretatlig_sim.kernel.mandates import mandates_are_vetted
from tverretatlig_sim.kernel.ministries import dialogue_is_heard, joint_bodies_meet, lines_report
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.renew import (
    confidence_follows,
    line_load_is_counted,
    ownership_fades,
    people_leave,
    promises_move_trust,
    results_are_seen,
    results_feed_ownership,
    staff_gain_experience,
    turnover_costs_trust,
)
from tverretatlig_sim.kernel.rules import RuleSet, check_values
from tverretatlig_sim.kernel.state import State
from tverretatlig_sim.kernel.steer import (
    attention_returns,
    events_strike,
    letters_take_up_proposals,
    ministries_cohere,
    signals_reach_agencies,
)
from tverretatlig_sim.kernel.work import (
    anchoring_drifts,
    groups_make_progress,
    groups_prepare,
    projects_deliver,
    recommendations_are_drafted,
    stop_points_anchor,
)
from tverretatlig_sim.world.world import World

RULES = RuleSet.of(
    steer=(
        attention_returns,
        events_strike,
        ministries_cohere,
        signals_reach_agencies,
        letters_take_up_proposals,
    ),
    allocate=(
        projects_begin,
        agencies_take_stock,
        effort_follows_will,
        meetings_come_first,
        projects_share_the_rest,
    ),
    prepare=(secretariats_serve,),
    convene=(
        forums_are_served,
        structure_takes_time,
        seats_are_taken,
        agencies_meet,
        understanding_spreads,
        contact_builds_trust,
        absence_costs_trust,
        substance_feeds_ownership,
        structure_wears_ownership,
        dominance_costs_ownership,
        meetings_facilitate,
        circles_exclude,
    ),
    work=(
        groups_make_progress,
        groups_prepare,
        anchoring_drifts,
        stop_points_anchor,
        projects_deliver,
        recommendations_are_drafted,
    ),
    decide=(
        agendas_are_set,
        low_ranks_pass_cases_down,
        bodies_vote,
        consent_anchors,
        rejection_dilutes,
        disputes_go_up,
        dialogue_is_heard,
        joint_bodies_meet,
        rejected_cases_are_revised,
        accepted_cases_move_on,
        ministries_agree,
        decisions_are_handed_over,
        lines_report,
        mandates_are_vetted,
    ),
    implement=(
        lines_work,
        lines_answer,
        recommendations_fall,
        line_work_is_planned,
        recommendations_come_about,
    ),
    renew=(
        staff_gain_experience,
        people_leave,
        turnover_costs_trust,
        promises_move_trust,
        ownership_fades,
        results_are_seen,
        results_feed_ownership,
        confidence_follows,
        line_load_is_counted,
    ),
)
"""The model: the rules of a month in order, by phase (ODD 3)."""


def initial_state(
    world: World, parameters: Parameters, draws: Draws, runs: int, rules: RuleSet = RULES
) -> State:
    """State before the first month.

    Args:
        world: the indexed scenario.
        parameters: arrays of shape (1,) or (runs,).
        draws: random numbers of this batch.
        runs: number of runs in the batch.
        rules: the rules, which may bring variables of their own.
    """
    declared = rules.variables.items()
    return State({name: v.first(world, parameters, draws, runs) for name, v in declared}, runs)


def advance(
    state: State, world: World, parameters: Parameters, draws: Draws, month: int, rules: RuleSet = RULES
) -> State:
    """State after one month.

    Args:
        state: state before the month.
        world: the indexed scenario.
        parameters: arrays of shape (1,) or (runs,).
        draws: random numbers of this batch of runs.
        month: index of the month in the run.
        rules: the rules, in order; change the model's to try another.
    """
    now, calendar_month = state.copy(), world.calendar[month]
    declared = rules.variables if rules.checks else {}
    for rule, name, declaration in rules.steps:
        seen = now
        if rules.checks:
            seen = now.only(declared if declaration.reads is None else declaration.reads, name)
        changes = rule(seen, world, parameters, draws, calendar_month)
        now.update(changes, name, declaration.writes)
        if rules.checks:
            check_values(changes, rules.phase_of(name), name, declared)
    return now
