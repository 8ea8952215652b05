"""What the two arrangements of a report are called."""

from __future__ import annotations

from collections.abc import Sequence

from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario import Scenario


def titles(scenarios: Sequence[Scenario]) -> list[str]:
    """Titles that tell the scenarios apart: with the name behind them where they are the same or empty."""
    given = [str(scenario.title).strip() for scenario in scenarios]
    return [
        title if title and given.count(title) == 1 else f"{title} ({scenario.name})".strip()
        for title, scenario in zip(given, scenarios, strict=True)
    ]


def listed(words: Sequence[str]) -> str:
    """Words as a list in a sentence."""
    if len(words) < 2:
        return "".join(words)
    return label("said.and", first=", ".join(words[:-1]), last=words[-1])
