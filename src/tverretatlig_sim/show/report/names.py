"""What the two arrangements of a report are called."""

from __future__ import annotations

from collections.abc import Sequence

from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.show.labels import Language, label


def titles(scenarios: Sequence[Scenario], lang: Language) -> list[str]:
    """Titles that tell the scenarios apart: with the name behind them where they are the same or empty."""
    given = [getattr(scenario.title, lang).strip() for scenario in scenarios]
    return [
        title if title and given.count(title) == 1 else f"{title} ({scenario.name})".strip()
        for title, scenario in zip(given, scenarios, strict=True)
    ]


def listed(words: Sequence[str], lang: Language) -> str:
    """Words as a list in a sentence."""
    if len(words) < 2:
        return "".join(words)
    return label("said.and", lang).format(first=", ".join(words[:-1]), last=words[-1])
