"""Why something cannot be pulled, in the language of the page: the one place where the app says so."""

from __future__ import annotations

from tverretatlig_sim.language import Language, text_in
from tverretatlig_sim.scenario.errors import ScenarioError


def refusal(error: ScenarioError, lang: Language) -> str:
    """Why a lever or a dial cannot be pulled.

    Args:
        error: what came of pulling it.
        lang: language of the page.
    """
    return text_in(lang, error.problems[0].what)
