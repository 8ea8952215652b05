"""The sources' frameworks as one compact table, and as a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.frames import Row, rows_of
from tverretatlig_sim.show.labels import Unit
from tverretatlig_sim.show.numbers import DECIMALS, mean_with_interval, number, scaled
from tverretatlig_sim.show.tables import letters_of, table

if TYPE_CHECKING:
    import pandas as pd

PERCENT = "(%)"
FEW = frozenset({"ladder.aimed", "ladder.ambition", "ladder.reached"})
"""Measures that are neither shares nor levels."""


@dataclass(frozen=True)
class Line:
    """A line of the table: one measure, or some in a row, with what stands between them."""

    key: str
    measures: tuple[str, ...]
    between: str = ""


def _one(measure: str) -> Line:
    return Line(measure, (measure,))


def _role(role: str) -> Line:
    return Line(f"role.{role}", tuple(f"role.{role}_{rung}" for rung in (1, 2, 3, 4)), " · ")


def _instrument(kind: str) -> Line:
    return Line(f"instrument.{kind}", (f"instrument.{kind}", f"instrument.{kind}_implemented"), " → ")


LINES: Mapping[str, tuple[Line, ...]] = {
    "ladder": (
        _one("ladder.aimed"),
        _one("ladder.ambition"),
        _one("ladder.reached"),
        Line("ladder.rungs", tuple(f"ladder.rung_{rung}" for rung in (1, 2, 3, 4)), " · "),
        _one("ladder.negative"),
        _one("ladder.positive"),
    ),
    "distances": (
        _one("distance.geographic"),
        _one("distance.structural"),
        _one("distance.power"),
        Line("distance.cognitive", ("distance.cognitive_start", "distance.cognitive_end"), " → "),
        _one("distance.extra_contact"),
        _one("distance.substance"),
        _one("distance.trust_won"),
    ),
    "matrix": tuple(map(_one, ("matrix.resources", "matrix.authority", "matrix.position"))),
    "mechanisms": (
        _one("hierarchy.strength"),
        _one("hierarchy.coherence"),
        Line("voluntary.strength", ("voluntary.start", "voluntary.end"), " → "),
    ),
    "roles": tuple(map(_role, ("driver", "interest_balancer", "system_steward"))),
    "instruments": tuple(map(_instrument, ("legal", "economic", "organisational", "pedagogical"))),
    "chain": (
        _one("chain.recommendation"),
        _one("chain.decision"),
        _one("chain.implementation"),
        _one("chain.lasting"),
        _one("chain.municipal"),
        _one("chain.to_municipalities"),
        _one("chain.capacity"),
    ),
}
"""Lines by framework; the rest of the measures stand in files and JSON."""


def unit_of(measure: str) -> Unit:
    """Unit of a measure: a share if its label says per cent."""
    if label(measure).endswith(PERCENT):
        return "share"
    if measure == "chain.activity":
        return "fte"
    return "number" if measure in FEW else "level"


@dataclass(frozen=True)
class Block:
    """One framework's lines, ready to be placed: a heading, then label and one cell a scenario each."""

    framework: str
    heading: str
    rows: tuple[tuple[str, ...], ...]


def framework_blocks(readouts: Sequence[pd.DataFrame]) -> list[Block]:
    """The frameworks' lines, one cell a scenario.

    Args:
        readouts: as ``Ensemble.frameworks`` or ``frameworks`` give them.
    """
    found = [_by_measure(frame) for frame in readouts]
    weakest = [_weakest(frame) for frame in readouts]
    return [
        Block(
            framework,
            label(f"framework.{framework}"),
            tuple(
                (
                    label(_key(line, found)),
                    *(_cell(rows, line, weak) for rows, weak in zip(found, weakest, strict=True)),
                )
                for line in lines
                if any(measure in rows for measure in line.measures for rows in found)
            ),
        )
        for framework, lines in LINES.items()
    ]


def frameworks_table(readouts: Mapping[str, pd.DataFrame]) -> Table:
    """The frameworks, one column a scenario.

    Args:
        readouts: as ``Ensemble.frameworks`` or ``frameworks`` give them, by name of the scenario.
    """
    letters = letters_of(list(readouts))
    headings = dict.fromkeys(letters.values() if len(readouts) > 1 else [""], "right")
    made = table(label("frameworks"), {" ": "fold", **headings})
    made.caption, made.caption_justify = label("framework.note"), "left"
    for block in framework_blocks(list(readouts.values())):
        made.add_row(Text(block.heading, "bold"), *([""] * len(readouts)))
        for name, *cells in block.rows:
            made.add_row(f"  {name}", *cells)
    return made


def _by_measure(frame: pd.DataFrame) -> dict[str, Row]:
    return {row["measure"]: row for row in rows_of(frame.reset_index())}


def _weakest(frame: pd.DataFrame) -> str | None:
    from tverretatlig_sim.ensemble.frameworks import weakest_link  # numerical libraries are slow to import

    return weakest_link(frame)


def _key(line: Line, found: Sequence[Mapping[str, Row]]) -> str:
    """Label of a line: that of its only measure, if no scenario has the others."""
    known = [name for name in line.measures if any(name in rows for rows in found)]
    return known[0] if len(known) == 1 else line.key


def _cell(rows: Mapping[str, Row], line: Line, weakest: str | None) -> str:
    said = [rows[measure] for measure in line.measures if measure in rows]
    if len(line.measures) > 1:
        return line.between.join(_short(row) for row in said)
    return "".join(_full(row, breaks=weakest == row["measure"]) for row in said)


def _full(row: Row, *, breaks: bool) -> str:
    """A measure with its interval, and a mark where the chain breaks."""
    text = mean_with_interval(row["mean"], row["low"], row["high"], unit_of(row["measure"]))
    return f"{label('framework.breaks')} {text}" if breaks else text


def _short(row: Row) -> str:
    kind = unit_of(row["measure"])
    return number(scaled(row["mean"], kind), 0 if kind == "share" else DECIMALS[kind])
