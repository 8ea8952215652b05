"""Why something cannot be pulled, in the language of the page: the one place where the app says so."""

from __future__ import annotations

from tverretatlig_sim.scenario.errors import ScenarioError
from tverretatlig_sim.show.labels import Language, label

KINDS = ("changes nothing here", "contradict", "cannot be pulled")
"""How reasons begin; the rest is details."""
SELF_CONTAINED = "changes nothing here"
"""The kind whose label says all that its details do."""


def refusal(error: ScenarioError, lang: Language) -> str:
    """Why a lever or a dial cannot be pulled.

    The kind is said in the language of the page; details are as the scenario's message has them.

    Args:
        error: what came of pulling it.
        lang: language of the page.
    """
    reason = error.problems[0].what
    kind = next((kind for kind in KINDS if reason.startswith(kind)), None)
    if lang == "en" or kind is None:
        return reason
    said, detail = label(f"app.refused.{kind}", lang), reason.partition(": ")[2]
    return said if kind == SELF_CONTAINED or not detail else f"{said}: {detail}"
