"""Read-outs of the sources' frameworks beside what the evaluators say of the arrangement they evaluated.

Run ``python tools/judgement_table.py`` to see the table, with ``--write`` to put it into the document.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd
from generated import command, markdown_table

import tverretatlig_sim as ts
from tverretatlig_sim.ensemble.frameworks import weakest_link
from tverretatlig_sim.scenario.files import read_table, shipped_folder

DOCUMENT, NAME = "docs/frameworks/index.md", "judgements"
FILE = shipped_folder() / "barriers" / "judgements.toml"
RUNS, SEED = 256, 1
HEADING = ("arrangement", "evaluators", "source", "read-out", "agrees if", "is", "agrees")


@cache
def readouts(name: str) -> pd.DataFrame:
    """Read-outs of an arrangement."""
    return ts.simulate(name, runs=RUNS, seed=SEED, series="none").frameworks()


def _row(judgement: dict[str, Any]) -> list[str]:
    name, measure, links = judgement["arrangement"], judgement["measure"], judgement.get("link", ())
    frame = readouts(name)
    if links:
        wanted, found = " or ".join(links), str(weakest_link(frame))
        agrees = found in links
    else:
        low, high, mean = judgement["low"], judgement["high"], float(frame.loc[measure, "mean"])
        wanted, found = f"{low:g} … {high:g}", f"{mean:.2f}"
        agrees = low <= mean <= high
    said = f"{judgement['claim']['en']} ({judgement['grade']})"
    verdict = "yes" if agrees else "**no**"
    return [f"`{name}`", said, judgement["source"], f"`{measure}`", wanted, found, verdict]


def table() -> str:
    """One row a judgement, and how many agree."""
    rows = [_row(judgement) for judgement in read_table(FILE)["judgement"]]
    agreeing = sum(row[-1] == "yes" for row in rows)
    made = f"{agreeing} of {len(rows)} agree. {RUNS} runs, seed {SEED}, default parameters."
    return f"{made}\n\n{markdown_table(HEADING, rows)}"


if __name__ == "__main__":
    command(DOCUMENT, NAME, table())
