"""A commented scenario of one's own, to begin from."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from string import Template
from textwrap import fill

from tverretatlig_sim.i18n import current_language
from tverretatlig_sim.scenario import Scenario, load_scenario

FOLLOW_UP = (0.7, 0.1)
"""Follow-up that the starter tries: strong; weak where it is strong already."""
QUANTITIES = ("follow_up", "mandate_clarity", "project_clarity", "stop_points")
"""Numbers of the arrangement that it names."""


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
    now = {name: getattr(arrangement, name).value for name in QUANTITIES}
    forums = [
        f"{f.name} (cadence {f.cadence.value:g}, {len(f.seats)} seats, {f.rule})" for f in arrangement.forum
    ]
    return {
        **{f"{name}_now": f"{value:g}" for name, value in now.items()},
        "follow_up": f"{FOLLOW_UP[now['follow_up'] >= FOLLOW_UP[0]]:g}",
        "members": _comment([agency.name for agency in scenario.agencies]),
        "forums": _comment(forums),
        "forum": arrangement.forum[0].name if forums else "steering-group",
        "new_forum": "" if forums else '# function = "steer"\n# seats = "all"\n',
    }


def _comment(words: Sequence[str]) -> str:
    """Words as comment lines."""
    said = ", ".join(word.replace(" ", "\0") for word in words) or "-"
    return fill(
        said,
        105,
        initial_indent="#   ",
        subsequent_indent="#   ",
        break_long_words=False,
        break_on_hyphens=False,
    ).replace("\0", " ")
