"""What is chosen on the page, as its address says it: nothing else is remembered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlencode

from tverretatlig_sim.app.library import Arrangement, Library

Side = Literal["a", "b"]
SIDES: tuple[Side, ...] = get_args(Side)
Theme = Literal["auto", "light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)

BANDED = ("implemented_share", "trust_mean", "ownership_mean", "understanding_gap", "structure_share")
"""Monthly series that can be shown as bands."""

PARTS = ("life", "funnel", "table", "luck", "lever", "opposites")
"""Parts of the lesson, whose questions the page can ask."""

USUAL = {"seed": "1", "run": "0", "runs": "256", "series": BANDED[0], "theme": "auto"}
"""Fields that a query string may leave out besides those that are empty; without a language, the browser's
holds, so what is written always names one."""


@dataclass(frozen=True)
class Choice:
    """Everything that is chosen.

    Attributes:
        a, b: the two arrangements.
        seed, run: whose luck the single history shows; ``runs`` histories from 0 make the bands.
        month: month shown, from 1; None for the last.
        series: which series the bands show.
        recommendation: whose story is told; empty for none.
        part: part of the lesson whose question is asked; empty for none.
    """

    a: Arrangement
    b: Arrangement
    seed: int = 1
    run: int = 0
    runs: int = 256
    month: int | None = None
    series: str = BANDED[0]
    recommendation: str = ""
    part: str = ""
    language: str = "en"
    theme: Theme = "auto"

    def side(self, side: Side) -> Arrangement:
        """One of the two arrangements."""
        return self.a if side == "a" else self.b

    def fields(self) -> dict[str, str]:
        """The choice as the fields of a query string."""
        return {
            "a": self.a.scenario,
            "b": self.b.scenario,
            "with_a": ",".join(self.a.levers),
            "with_b": ",".join(self.b.levers),
            "seed": str(self.seed),
            "run": str(self.run),
            "runs": str(self.runs),
            "month": "" if self.month is None else str(self.month),
            "series": self.series,
            "rec": self.recommendation,
            "part": self.part,
            "lang": self.language,
            "theme": self.theme,
        }

    def query(self, **changes: str) -> str:
        """The query string that gives this choice; what is as by default is left out."""
        fields = {**self.fields(), **changes}
        said = {key: value for key, value in fields.items() if value != USUAL.get(key, "")}
        return urlencode(said, safe=",/")


def months(choice: Choice, library: Library) -> int:
    """Length of the run: the longer of the two scenarios' own, as ``compare`` takes it."""
    return max(library.compose(choice.side(side)).default_months for side in SIDES)
