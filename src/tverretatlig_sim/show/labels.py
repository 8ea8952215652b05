"""What things are called, in English and Norwegian bokmål."""

from __future__ import annotations

from typing import Literal

from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.language import LANGUAGES, Language
from tverretatlig_sim.show.words import WORDS

__all__ = ["HEADLINE", "LANGUAGES", "Language", "Unit", "label", "unit"]

Unit = Literal["share", "level", "count", "months", "fte", "number"]
"""Share of a whole (shown in per cent), level from 0 to 1, count, months, FTE-months, any other number."""


def label(key: str, lang: Language = "en") -> str:
    """The label of an outcome, stage, reason, series, table heading or phrase.

    Args:
        key: as the code and the files write it.
        lang: ``en`` or ``nb``.

    Returns:
        The label; for what has none (the names of agencies, forums, projects), the key itself.

    Raises:
        ValueError: if there is no such language.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"no language {lang!r}; allowed: {', '.join(LANGUAGES)}")
    pair = WORDS.get(key)
    return key if pair is None else pair[LANGUAGES.index(lang)]


def unit(outcome: str) -> Unit:
    """Unit of an outcome; a number, if it is another measure."""
    from tverretatlig_sim.ensemble.outcomes import OUTCOMES  # numerical libraries are slow to import

    return OUTCOMES[outcome].unit if outcome in OUTCOMES else "number"
