"""The language a browser asks for."""

from __future__ import annotations

import re

from tverretatlig_sim.i18n import LANGUAGES

LONGEST = 400
"""Characters of the header that are read."""
SPOKEN = {**dict(zip(LANGUAGES, LANGUAGES, strict=True)), "nn": "nb", "no": "nb"}
"""Language of the page by that of the browser; who reads Nynorsk reads Bokmål."""
ASKED = re.compile(r"\s*([a-z]{1,8})(?:-[a-z0-9-]{1,30})?\s*(?:;\s*q=([01](?:\.[0-9]{0,3})?)\s*)?", re.I)


def preferred(header: str) -> str:
    """The first language of an ``Accept-Language`` header that the page has; English if it has none of them.

    Args:
        header: as the browser sent it, e.g. ``nn-NO,nb;q=0.9,en;q=0.5``.
    """
    asked = [found for part in header[:LONGEST].split(",") if (found := ASKED.fullmatch(part))]
    weights = [(float(found[2] or 1), SPOKEN.get(found[1].lower())) for found in asked]
    known = [(weight, code) for weight, code in weights if code is not None and weight > 0]
    return max(known, key=lambda item: item[0])[1] if known else "en"
