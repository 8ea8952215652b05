"""The story: the journey of one recommendation, and what its page says before anything is computed."""

from __future__ import annotations

from tverretatlig_sim.app.query import Choice
from tverretatlig_sim.app.view import Document
from tverretatlig_sim.i18n import LANGUAGES, label


def story_page(choice: Choice) -> Document:
    """The variables of the page's template.

    Args:
        choice: whose language and theme the page has.
    """
    return {
        "lang": choice.lang,
        "other": next(code for code in LANGUAGES if code != choice.lang),
        "choice": choice,
        "label": label,
    }
