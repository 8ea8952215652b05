"""What is set up for each part of the lesson, in the order of ``notebooks/lesson.ipynb``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tverretatlig_sim.app.choice import Choice
from tverretatlig_sim.app.library import Arrangement

COOPERATION = Arrangement("etatssamarbeidet-2022")
PROGRAMME = Arrangement("0-24-2018")

SET_UP: Mapping[str, Choice] = {
    "life": Choice(COOPERATION, PROGRAMME, month=1),
    "funnel": Choice(COOPERATION, PROGRAMME),
    "table": Choice(PROGRAMME, COOPERATION, series="structure_share"),
    "luck": Choice(COOPERATION, PROGRAMME, run=1),
    "lever": Choice(COOPERATION, Arrangement(COOPERATION.scenario, ("line-calibration",))),
    "opposites": Choice(Arrangement("pure-hierarchy"), Arrangement("pure-network")),
}
"""Choice of each part; its heading is ``lesson.PART``, its question ``lesson.PART.ask``."""


def set_up(part: str, now: Choice) -> Choice:
    """The choice of a part, in the language and colours of now."""
    return replace(SET_UP[part], part=part, language=now.language, theme=now.theme)
