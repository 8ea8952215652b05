"""Dials as tables and documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario.levers import Dial
from tverretatlig_sim.show.levers import lever_portrait
from tverretatlig_sim.show.numbers import plain
from tverretatlig_sim.show.tables import table


def dial_document(dial: Dial) -> dict[str, Any]:
    """Everything that is known about a dial."""
    return {
        "name": dial.name,
        "framework": dial.framework,
        "title": dial.title.model_dump(),
        "meaning": dial.meaning.model_dump(),
        "source": dial.source,
        "assumed": dial.assumed.model_dump(),
        "lowest": dial.bounds.low,
        "highest": dial.bounds.high,
        "whole": dial.bounds.whole,
    }


def dials_table(dials: Sequence[Dial]) -> Table:
    """Name, limits and meaning of each dial, by framework."""
    headings = {"dial": "left", "dial.from_to": "left", "meaning": "fold"}
    made = table("", {label(key): stands for key, stands in headings.items()})
    framework = ""
    for dial in dials:
        if dial.framework != framework:
            framework = dial.framework
            made.add_row(Text(label(f"framework.{framework}").partition(":")[0], "bold"), "", "")
        span = f"{plain(dial.bounds.low)} … {plain(dial.bounds.high)}"
        origin = f"{dial.source}; {label('assumed')}: {dial.assumed!s}"
        made.add_row(f"  {dial.name}", span, f"{dial.meaning!s} ({origin})")
    return made


def dial_portrait(dial: Dial) -> list[Text | Table]:
    """What a dial means, and what it changes at its upper end."""
    return lever_portrait(dial.at(dial.bounds.high))
