"""For the teacher: notes on each step of the story with time for each, and a sheet for students; to print.

The notes are labels, ``story.notes.STEP.ask`` and ``….answer``. They name no result; the story has those.
"""

from __future__ import annotations

from tverretatlig_sim.app.page import spoken
from tverretatlig_sim.app.view import Document
from tverretatlig_sim.i18n import current_language, label
from tverretatlig_sim.kernel.state import STAGES

MINUTES = {
    "opening": (2, 3),
    "table": (4, 8),
    "mandate": (4, 7),
    "road": (5, 9),
    "funnel": (7, 12),
    "paths": (4, 8),
    "lever": (4, 8),
    "luck": (4, 8),
    "forms": (3, 7),
    "vote": (4, 8),
    "barriers": (2, 6),
    "end": (2, 6),
}
"""Minutes that each step of the story takes in a class of 45 and of 90 minutes."""


PAPERS = {"notes": "handout", "handout": "notes"}
"""What can be printed, each with the one that its page links to."""


def paper(name: str) -> Document:
    """The variables of the template of notes or handout, in the current language."""
    return {
        **spoken(current_language()),
        "paper": name,
        "beside": PAPERS[name],
        "minutes": MINUTES,
        "stages": [label(f"stage.{stage}") for stage in STAGES[:-1]],
    }
