"""Numbers as readers see them: per cent for shares, the decimal mark of the language, no needless digits."""

from __future__ import annotations

from math import isfinite

from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.labels import Unit

MISSING = "–"
NEGLIGIBLE = 1e-9
"""Half widths up to this are rounding errors."""
DECIMALS: dict[Unit, int] = {"share": 1, "level": 2, "count": 1, "months": 1, "fte": 1, "number": 2}


def number(value: float, decimals: int, *, sign: bool = False) -> str:
    """A number with a fixed number of decimals; a dash if it is missing."""
    if not isfinite(value):
        return MISSING
    text = f"{round(value, decimals) + 0.0:{'+' if sign else ''}.{decimals}f}".replace("-", "−")
    return text.replace(".", label("number.point"))


def plain(value: float) -> str:
    """A number as it was given, without needless digits."""
    text = f"{value:g}".replace("-", "−")
    return text.replace(".", label("number.point"))


def scaled(value: float, kind: Unit) -> float:
    """A share in per cent; anything else as it is."""
    return 100 * value if kind == "share" else value


def mean_with_interval(mean: float, low: float, high: float, kind: Unit, *, sign: bool = False) -> str:
    """A mean and the half width of its interval: ``58.2 ± 1.1``."""
    half = scaled(high - low, kind) / 2
    if not half > NEGLIGIBLE:  # the same in every run, or nothing known about it
        return number(scaled(mean, kind), DECIMALS[kind], sign=sign)
    decimals = enough_decimals(half, least=DECIMALS[kind], most=DECIMALS[kind] + 1)
    return f"{number(scaled(mean, kind), decimals, sign=sign)} ± {number(half, decimals)}"


def enough_decimals(*values: float, least: int = 1, most: int = 6) -> int:
    """Decimals with which no number other than zero is shown as zero."""
    for decimals in range(least, most):
        if all(value == 0 or round(value, decimals) != 0 for value in values):
            return decimals
    return most
