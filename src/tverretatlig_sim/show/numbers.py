"""Units of measures, and numbers as readers see them.

Shares are shown in per cent, with the decimal mark of the language and no needless digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from tverretatlig_sim.ensemble import Unit
from tverretatlig_sim.i18n import label

_MEASURES: Mapping[Unit, str] = {
    "share": """
        ladder.aimed_joint ladder.rung_1 ladder.rung_2 ladder.rung_3 ladder.rung_4 ladder.negative
        ladder.positive distance.extra_contact distance.cognitive_closed distance.substance
        matrix.decided_in_forums voluntary.reach instrument.legal instrument.economic
        instrument.organisational instrument.pedagogical instrument.legal_implemented
        instrument.economic_implemented instrument.organisational_implemented
        instrument.pedagogical_implemented instrument.lost_at_ministries chain.to_municipalities
        chain.recommendation chain.decision chain.implementation chain.lasting chain.municipal chain.whole
        chain.capacity
    """,
    "fte": "chain.activity",
    "number": "ladder.aimed ladder.ambition ladder.reached",
}
FRAMEWORK_UNITS: Mapping[str, Unit] = {key: unit for unit, keys in _MEASURES.items() for key in keys.split()}
"""Unit of the measures of the sources' frameworks that are no levels."""

MISSING = "–"
PERCENT = "(%)"
NEGLIGIBLE = 1e-9
"""Half widths up to this are rounding errors."""
DECIMALS: dict[Unit, int] = {"share": 1, "level": 2, "count": 1, "months": 1, "fte": 1, "number": 2}


def unit_of(measure: str) -> Unit:
    """Unit of an outcome, or of a measure of the frameworks."""
    if "." in measure:
        return FRAMEWORK_UNITS.get(measure, "level")
    from tverretatlig_sim.ensemble.outcomes import OUTCOMES  # numerical libraries are slow to import

    return OUTCOMES[measure].unit if measure in OUTCOMES else "number"


def number(value: float, decimals: int, *, sign: bool = False) -> str:
    """A number with a fixed number of decimals; a dash if it is missing."""
    if not isfinite(value):
        return MISSING
    return _marked(f"{round(value, decimals) + 0.0:{'+' if sign else ''}.{decimals}f}")


def plain(value: float) -> str:
    """A number as it was given, without needless digits; a dash if it is missing."""
    return _marked(f"{value:g}") if isfinite(value) else MISSING


def _marked(digits: str) -> str:
    return digits.replace("-", "−").replace(".", label("number.point"))


def scaled(value: float, unit: Unit) -> float:
    """A share in per cent; anything else as it is."""
    return 100 * value if unit == "share" else value


def percent(share: float, decimals: int = 0) -> str:
    """A share in per cent, without the sign."""
    return number(100 * share, decimals)


def mean_with_interval(mean: float, low: float, high: float, unit: Unit, *, sign: bool = False) -> str:
    """A mean and the half width of its interval: ``58.2 ± 1.1``."""
    half = scaled(high - low, unit) / 2
    if not half > NEGLIGIBLE:  # the same in every run, or nothing known about it
        return number(scaled(mean, unit), DECIMALS[unit], sign=sign)
    decimals = enough_decimals(half, least=DECIMALS[unit], most=DECIMALS[unit] + 1)
    return f"{number(scaled(mean, unit), decimals, sign=sign)} ± {number(half, decimals)}"


def enough_decimals(*values: float, least: int = 1, most: int = 6) -> int:
    """Decimals with which no number other than zero is shown as zero."""
    for decimals in range(least, most):
        if all(value == 0 or round(value, decimals) != 0 for value in values):
            return decimals
    return most
