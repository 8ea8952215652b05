"""The tables of the evaluation record: patterns, and what the evidence rules out.

``python tools/pattern_tables.py`` shows the tables, ``--write`` puts them into the document. Those of kinds
and of evidence-consistent sets are read from what comes with the package; verdicts need the folder that
``tverretatlig patterns --out results/patterns`` wrote.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pandas as pd
from generated import ROOT, markdown_table, write

from tverretatlig_sim.scenario.files import shipped_folder
from tverretatlig_sim.study.history_matching import CRITERIA, FOLDER, MANIFEST, REGIONS
from tverretatlig_sim.study.patterns import KINDS, shipped

DOCUMENT = ROOT / "docs" / "evaluation.md"
STORED = shipped_folder() / FOLDER
MOST_REGIONS = 12
CALLED = {"emergent": "**Emergent patterns**", "mechanism": "**Mechanism checks**"}


def pattern_table(document: dict[str, Any]) -> str:
    """One row a pattern: claim, source, evidence, statistic, share of sets, verdict."""
    heading = ("pattern", "claim", "source", "evidence", "statistic (95 % interval)", "sets", "verdict")
    made = (
        f"{document['sets']} parameter sets, {document['runs']} runs each, seed {document['seed']}. *sets*: "
        "per cent of the sets with the right sign or, for a distance (≤), within tolerance."
    )
    kinds = {kind: [row for row in document["patterns"] if row["kind"] == kind] for kind in reversed(KINDS)}
    tables = [
        f"{CALLED[kind]}\n\n{markdown_table(heading, [*map(_pattern_row, rows)])}"
        for kind, rows in kinds.items()
    ]
    return "\n\n".join([made, *tables])


def _pattern_row(row: dict[str, Any]) -> list[str]:
    tolerance = "" if row["direction"] else f", ≤ {row['tolerance']:g}"
    numbers = f"{row['mean']:.3f} ({row['low']:.3f} … {row['high']:.3f}){tolerance}"
    return [
        f"`{row['id']}`",
        row["claim"]["en"],
        row["source"],
        row["evidence"],
        f"{row['measure']['en']}: {numbers}",
        f"{100 * row['share']:.0f}",
        f"**{row['verdict']}**",
    ]


def kinds_table() -> str:
    """One row a pattern: through how many rules its claim passes, and which."""
    heading = ("pattern", "kind", "evidence", "tried in", "items passed", "which")
    rows = [
        [
            f"`{it.id}`",
            it.kind,
            it.evidence,
            ", ".join(f"`{name}`" for name in it.arrangements),
            str(len(it.through)),
            ", ".join(it.through),
        ]
        for it in sorted(shipped().values(), key=lambda it: KINDS.index(it.kind), reverse=True)
    ]
    return markdown_table(heading, rows)


def criteria_table() -> str:
    """One row a criterion: how much it rules out, and how it fares on what all others keep."""
    manifest = json.loads((STORED / MANIFEST).read_text(encoding="utf-8"))
    heading = ("criterion", "evidence", "tolerance", "leaves in (%)", "all others keep", "of these, it (%)")
    rows = [
        [
            f"`{row['id']}`",
            str(row["evidence"]),
            f"{row['tolerance']:g}",
            f"{100 * row['passed']:.0f}",
            f"{row['others']}",
            f"{100 * row['share']:.0f} ({100 * row['low']:.0f} … {100 * row['high']:.0f})",
        ]
        for row in pd.read_csv(STORED / CRITERIA).to_dict("records")
    ]
    stages = ", ".join(map(str, manifest["stages"]))
    made = (
        f"{manifest['kept']} of {manifest['drawn']} parameter sets were kept (drawn by the end of each "
        f"stage: {stages}). Made by `{manifest['command']}`."
    )
    return f"{made}\n\n{markdown_table(heading, rows)}"


def region_table() -> str:
    """The parameters whose ranges the evidence cuts most unevenly."""
    heading = ("parameter", "range", "low third (%)", "middle (%)", "high (%)", "5 … 95 % of the kept")
    rows = [
        [
            f"`{row['parameter']}`",
            f"{row['low']:g} … {row['high']:g}",
            *(f"{100 * row[third]:.1f}" for third in ("kept_low", "kept_middle", "kept_high")),
            f"{row['kept_from']:.3g} … {row['kept_to']:.3g}",
        ]
        for row in pd.read_csv(STORED / REGIONS).head(MOST_REGIONS).to_dict("records")
    ]
    return markdown_table(heading, rows)


def main() -> None:
    """Print the tables, or put them into the document."""
    parser = argparse.ArgumentParser(description="The tables of the evaluation record.")
    parser.add_argument("folder", type=Path, nargs="?", help="what “tverretatlig patterns --out” wrote")
    parser.add_argument("--write", action="store_true", help="write them into the document")
    options = parser.parse_args()
    tables = {
        "pattern-kinds": kinds_table(),
        "evidence-consistent": criteria_table(),
        "ruled-out": region_table(),
    }
    if options.folder:
        document = json.loads((options.folder / "patterns.json").read_text(encoding="utf-8"))
        tables["patterns"] = pattern_table(document)
    for name, table in tables.items():
        if options.write:
            write(DOCUMENT, name, table)
        else:
            print(f"{table}\n")


if __name__ == "__main__":
    main()
