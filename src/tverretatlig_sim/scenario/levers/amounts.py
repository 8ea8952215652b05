"""Numbers changed by several levers at once, in an order that does not depend on theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import floor, inf
from typing import Literal, get_args

from tverretatlig_sim.scenario.quantity import Bounds, Quantity

How = Literal["set", "multiply", "add", "at_least", "at_most"]
ORDER: tuple[How, ...] = get_args(How)
"""Sets come first, limits last."""

Span = tuple[float, float]
Apply = Callable[[float, float], float]

APPLY: Mapping[How, Apply] = {
    "set": lambda old, new: new,
    "multiply": lambda old, factor: old * factor,
    "add": lambda old, term: old + term,
    "at_least": max,
    "at_most": min,
}

ALLOWED: Mapping[How, Callable[[float], Span]] = {
    "set": lambda value: (value, value),
    "at_least": lambda value: (value, inf),
    "at_most": lambda value: (-inf, value),
}
"""What a pull leaves possible, where it says so."""


@dataclass(frozen=True)
class Pull:
    """What one lever does to one number."""

    lever: str
    how: How
    amount: Quantity


def changed(base: Quantity, pulls: Iterable[Pull], bounds: Bounds) -> Quantity:
    """A number after all that levers do to it; itself if its value stays.

    Ranges move with their values: each end is the lowest or highest that the ends of range and amounts allow.

    Args:
        base: the number as it was.
        pulls: what the levers do, in any order.
        bounds: hard limits of the number's field; what goes beyond is clipped.
    """
    ordered = sorted(
        pulls, key=lambda pull: (ORDER.index(pull.how), pull.amount.value, pull.lever, span(pull.amount))
    )
    value, (low, high) = base.value, span(base)
    for pull in ordered:
        apply, ends = APPLY[pull.how], span(pull.amount)
        value = apply(value, pull.amount.value)
        reached = [apply(old, new) for old, new in product((low, high), ends)]
        low, high = min(reached), max(reached)
    value, low, high = (clipped(number, base.value, bounds) for number in (value, low, high))
    if value == base.value:
        return base
    return Quantity(value=value, range=(low, high), grade="assumed", source=_source(base, ordered))


def span(quantity: Quantity) -> Span:
    """Lowest and highest plausible value; twice the value where no range is given."""
    return quantity.range or (quantity.value, quantity.value)


def clipped(number: float, base: float, bounds: Bounds) -> float:
    """A number within the limits, and whole where it must be.

    A limit that must not be reached is approached to a hundredth of the way from the base.
    """
    lowest = bounds.low + (base - bounds.low) / 100 if bounds.above else bounds.low
    inside = min(max(number, lowest), bounds.high)
    return float(floor(inside + 0.5)) if bounds.whole else inside


def contradiction(pulls: Sequence[Pull]) -> tuple[Pull, Pull] | None:
    """Two pulls of one number that cannot both be followed; None if all can.

    One sets it to something else than another, or beyond another's limit; or one's lower limit lies above
    another's upper limit.
    """
    limits = sorted(
        (pull for pull in pulls if pull.how in ALLOWED),
        key=lambda pull: (pull.lever, ORDER.index(pull.how), pull.amount.value),
    )
    return next(((a, b) for a, b in combinations(limits, 2) if _apart(_allowed(a), _allowed(b))), None)


def _allowed(pull: Pull) -> Span:
    return ALLOWED[pull.how](pull.amount.value)


def _apart(a: Span, b: Span) -> bool:
    return max(a[0], b[0]) > min(a[1], b[1])


def _source(base: Quantity, pulls: Sequence[Pull]) -> str:
    said = dict.fromkeys(f"lever {pull.lever} ({pull.amount.source})" for pull in pulls)
    return "; ".join([*([base.source] if base.source else []), *said])
