"""Phase 2, allocate (ODD 7.2)."""

from __future__ import annotations

from ..entities import Agency, Stake, World
from ..formulas import mean, sigmoid


def run(world: World) -> None:
    """Agencies share out their capacity."""
    for agency in world.agencies.values():
        decide_effort(world, agency)
        plan_meetings(world, agency)
        plan_work(world, agency)


def active_stakes(world: World, agency: Agency) -> list[Stake]:
    """Stakes as a member of active projects."""
    return [stake for stake in agency.stakes if stake.member and stake.project.active(world.month)]


def decide_effort(world: World, agency: Agency) -> None:
    """Items 1 and 2."""
    p, month = world.parameters, world.month
    signals = (stake.signal for stake in active_stakes(world, agency))
    agency.mean_signal = mean(signals, default=agency.signal)
    will = (
        p["will_core"] * agency.overlap
        + p["will_signal"] * agency.mean_signal
        + p["will_commitment"] * agency.commitment
        - p["will_load"] * agency.load
        + p["wait_and_see"] * (agency.confidence - 0.5)
    )
    resources = sum(letter.resources for letter in agency.letters if letter.span.holds(month))
    whole = agency.capacity + resources
    agency.fresh = resources / whole if whole > 0.0 else 0.0
    gain = agency.gain + agency.fresh * agency.cost
    needed = p["interdependence"] * agency.dependence * agency.interweaving
    share = sigmoid(p["effort_intercept"] + will + p["gain_weight"] * gain + needed)
    held = world.programme_resources
    agency.effort = whole * (held + (1.0 - held) * share)


def plan_meetings(world: World, agency: Agency) -> None:
    """Item 3."""
    meetings = sum(seat.forum.meets(world.month) for seat in agency.seats)
    need = world.parameters["meeting_cost"] * meetings
    agency.meeting_time = min(agency.effort, need)
    agency.afford = min(1.0, agency.effort / need) if need > 0.0 else 1.0


def plan_work(world: World, agency: Agency) -> None:
    """Item 4."""
    for stake in agency.stakes:
        stake.work = 0.0
    stakes = active_stakes(world, agency)
    total = sum(priority(stake) for stake in stakes)
    if total > 0.0:
        rest = agency.effort - agency.meeting_time
        for stake in stakes:
            stake.work = rest * priority(stake) / total


def priority(stake: Stake) -> float:
    """Item 4: claim of a stake on its agency's time."""
    return stake.overlap + stake.signal + stake.agency.ownership
