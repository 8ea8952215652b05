"""Calendar months, written ``YYYY-MM``."""

from __future__ import annotations

SHORTEST_DEFAULT = 60
FROM_START = 48
"""Months from the start of a project within which what it plans should be implemented; runs last as long."""
LONGEST = 600


def months_between(first: str, second: str) -> int:
    """Months from one ``YYYY-MM`` to another; negative if the second is earlier."""
    (year, month), (other_year, other_month) = (map(int, date.split("-")) for date in (first, second))
    return 12 * (other_year - year) + other_month - month


def shifted(date: str, months: int) -> str:
    """The month ``YYYY-MM`` that lies some months later; earlier if negative."""
    year, month = map(int, date.split("-"))
    later, index = divmod(12 * year + month - 1 + months, 12)
    return f"{later:04d}-{index + 1:02d}"
