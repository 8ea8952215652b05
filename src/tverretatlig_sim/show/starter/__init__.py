"""A commented scenario of one's own, to begin from."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from string import Template

from tverretatlig_sim.i18n import current_language
from tverretatlig_sim.scenario import Scenario, load_scenario
from tverretatlig_sim.scenario.schema import Forum

FOLLOW_UP = (0.7, 0.1)
"""Follow-up that the starter tries: strong; weak where it is strong already."""


def starter(name: str, base: str) -> str:
    """The text of a scenario file that takes over a shipped arrangement and changes one thing.

    Args:
        name: of the new scenario.
        base: name of a shipped scenario.

    Raises:
        ScenarioError: there is no such scenario.
    """
    scenario = load_scenario(base)
    here = files(__package__)
    texts = (here / f"{code}.toml" for code in (current_language(), "en"))
    template = Template(next(text for text in texts if text.is_file()).read_text(encoding="utf-8"))
    return template.substitute(
        name=name,
        base=base,
        start=scenario.start,
        months=f"months = {int(scenario.months)}\n" if scenario.months is not None else "",
        arrangement=scenario.arrangement.name,
        portfolio=scenario.portfolio.name,
        letters=scenario.letters.name,
        **_as_now(scenario),
    )


def _as_now(scenario: Scenario) -> dict[str, str]:
    """The arrangement's values as they are, and another one to try where the starter changes it."""
    arrangement = scenario.arrangement
    follow_up = arrangement.follow_up.value
    forum = arrangement.forum[0] if arrangement.forum else None
    return {
        "follow_up": f"{FOLLOW_UP[follow_up >= FOLLOW_UP[0]]:g}",
        "follow_up_now": f"{follow_up:g}",
        "mandate_clarity_now": f"{arrangement.mandate_clarity.value:g}",
        "project_clarity_now": f"{arrangement.project_clarity.value:g}",
        "stop_points_now": f"{arrangement.stop_points.value:g}",
        "members": _comment(agency.name for agency in scenario.agencies),
        "forums": _comment(_forum(forum) for forum in arrangement.forum),
        "forum": forum.name if forum else "steering-group",
        "new_forum": "" if forum else '# function = "steer"\n# seats = "all"\n',
    }


def _forum(forum: Forum) -> str:
    return f"{forum.name} (cadence {forum.cadence.value:g}, {len(forum.seats)} seats, {forum.rule})"


def _comment(words: Iterable[str], width: int = 100) -> str:
    """Words as comment lines."""
    lines = [""]
    for word in words:
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] += f"{word}, "
    return "\n".join(f"#   {line.strip()}" for line in lines).rstrip(",") or "#   -"
