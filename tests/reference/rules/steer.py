"""Phase 1, steer (ODD 7.1)."""

from __future__ import annotations

from ..draws import key, pair
from ..entities import Agency, Duty, Ministry, Stake, World
from ..formulas import clipped, mean, raised

JANUARY = 1


def run(world: World) -> None:
    """Attention moves, letters are read, proposals enter letters."""
    for ministry in world.ministries.values():
        renew_attention(world, ministry)
    for agency in world.agencies.values():
        read_letters(world, agency)
    for ministry in world.ministries.values():
        send_signal(ministry)
    align(world)
    for agency in world.agencies.values():
        take_signals(world, agency)
        enter_letters(world, agency)


def renew_attention(world: World, ministry: Ministry) -> None:
    """Item 1."""
    p, a = world.parameters, ministry.attention
    u = world.uniform("attention", key(ministry.name))
    pull = p["attention_return"] * (ministry.level - a)
    a = clipped(a + pull + p["attention_noise"] * (2.0 * u - 1.0))
    for strength in ministry.events.get(world.month, []):
        a = raised(a, strength)
    ministry.attention = a


def read_letters(world: World, agency: Agency) -> None:
    """Find the strongest general letter in force."""
    in_force = [letter for letter in agency.letters if letter.span.holds(world.month)]
    agency.letter = max((letter.strength for letter in in_force if not letter.projects), default=0.0)


def send_signal(ministry: Ministry) -> None:
    """Item 2: the signal of one ministry."""
    letters = (agency.letter for agency in ministry.participants)
    ministry.signal = ministry.attention * mean(letters, default=0.0)


def align(world: World) -> None:
    """Item 2: coherence over ministries, and what it dampens."""
    signals = [ministry.signal for ministry in world.ministries.values() if ministry.participants]
    centre = mean(signals, default=0.0)
    divergence = 2.0 * mean((abs(signal - centre) for signal in signals), default=0.0)
    world.coherence = 1.0 - divergence * (1.0 - world.core_group_authority)
    diverged = world.parameters["divergence_weight"] * (1.0 - world.coherence)
    lost = world.parameters["signal_loss"] * (1.0 - world.department_link)
    world.damping = (1.0 - diverged) * (1.0 - lost)


def take_signals(world: World, agency: Agency) -> None:
    """Item 3."""
    thrust = agency.ministry.attention * world.damping
    agency.signal = thrust * agency.letter
    for stake in agency.stakes:
        stake.signal = thrust * letter_strength(world, stake)


def letter_strength(world: World, stake: Stake) -> float:
    """Item 3: what letters and commission say about a stake."""
    return max(named_strength(world, stake), _base(world, stake))


def named_strength(world: World, stake: Stake) -> float:
    """The strongest letter in force that names the project."""
    in_force = [letter for letter in stake.agency.letters if letter.span.holds(world.month)]
    naming = (letter.strength for letter in in_force if stake.project.name in letter.projects)
    return max(naming, default=0.0)


def _base(world: World, stake: Stake) -> float:
    p, letter = world.parameters, stake.agency.letter
    if not stake.project.commissioned:
        return p["self_initiated_signal"] * letter
    return max(p["commissioned_signal"], letter) if stake.project.lead is stake.agency else letter


def enter_letters(world: World, agency: Agency) -> None:
    """Item 4."""
    if world.month_of_year != JANUARY:
        return
    uptake = world.parameters["letter_uptake"] * agency.ministry.attention * world.damping
    for duty in agency.duties:
        if duty.waits_since_before(world.month) and not duty.in_letter:
            duty.in_letter = world.uniform("letter", duty_key(duty)) < uptake


def duty_key(duty: Duty) -> int:
    """Key of the relation between a recommendation and a duty-holder."""
    return pair(duty.recommendation.name, duty.agency.name)
