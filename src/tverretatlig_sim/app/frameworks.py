"""What the runs so far say in terms of the sources' frameworks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tverretatlig_sim.app.library import Arrangement, Library
from tverretatlig_sim.app.shelf import Shelf
from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble.frameworks import Setting, given, reached, readouts
from tverretatlig_sim.show.render import texts
from tverretatlig_sim.show.simulations import frameworks_table

KEPT = 32
"""Arrangements of which is kept what they give."""


@dataclass(frozen=True)
class Given:
    """An arrangement's setting, and what it gives in terms of the frameworks."""

    setting: Setting
    measures: Mapping[str, float]


class Givens:
    """What a library's arrangements give, the latest of which are kept."""

    def __init__(self, library: Library) -> None:
        """Read arrangements of a library."""
        self._library = library
        self._kept: Shelf[tuple[Arrangement, int], Given] = Shelf(KEPT)

    def get(self, arrangement: Arrangement, months: int) -> Given:
        """What an arrangement gives over a number of months."""
        return self._kept.get((arrangement, months), lambda: self._made(arrangement, months))

    def _made(self, arrangement: Arrangement, months: int) -> Given:
        setting = Setting.of(self._library.compose(arrangement), months)
        return Given(setting, given(setting))


Panel = list[tuple[str, list[list[str]]]]
"""By framework: its heading, and rows of a label and a cell for either side."""


def panel(sides: Mapping[str, tuple[Given, Mapping[str, Floats]]]) -> Panel:
    """The frameworks' lines, ready to be placed.

    Args:
        sides: what each arrangement gives, and the outcomes of its runs so far.
    """
    tables = {
        side: readouts(found.measures, reached(outcomes, found.setting))
        for side, (found, outcomes) in sides.items()
    }
    table = frameworks_table(tables)
    return [(group.heading, rows) for group, rows in zip(table.groups, texts(table), strict=True)]
