"""What each shipped lever does today, alone and on the same draws, in six arrangements.

Run ``python experiments/levers.py --out results/levers``; ``--write`` puts the table into docs/evaluation.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from structures import folder_of, markdown

from tverretatlig_sim import load_scenario, simulate
from tverretatlig_sim.scenario.levers import list_levers, load_lever
from tverretatlig_sim.study.levers import lever_effects, variants_of

OUTCOME = "implemented_of_planned"
ARRANGEMENTS = (
    "etatssamarbeidet-2022", "0-24-2015", "0-24-2018",
    "labour-crime-2015", "grorud-valley-2007", "ny-giv-2010",
)  # fmt: skip


def table_of(runs: int, seed: int) -> pd.DataFrame:
    """Effects in percentage points with half-widths, a row a lever; a dash where it cannot be pulled."""
    scenarios = [load_scenario(name) for name in ARRANGEMENTS]
    levers = [load_lever(name) for name in list_levers()]
    as_they_are = {it.name: simulate(it, runs, seed, series="none") for it in scenarios}
    found = lever_effects(as_they_are, variants_of(scenarios, levers), runs, OUTCOME).table
    means = {it.name: f"{100 * as_they_are[it.name].values[OUTCOME].mean():.1f}" for it in scenarios}
    rows = [{"lever": "level without", **means}]
    for lever in levers:
        own = found[found["lever"] == lever.name].set_index("scenario")
        rows.append({"lever": f"`{lever.name}`", **{name: _told(own.loc[name]) for name in ARRANGEMENTS}})
    return pd.DataFrame(rows)


def _told(row: pd.Series) -> str:  # type: ignore[type-arg]
    if not row["n"]:
        return "–"
    half = 50 * (row["high"] - row["low"])
    return f"{100 * row['mean']:+.1f} ± {half:.1f}" if half else f"{100 * row['mean']:+.1f}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the table, print and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=512)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("results/levers"), help="folder for the table")
    parser.add_argument("--write", action="store_true", help="put the table into docs/evaluation.md")
    asked = parser.parse_args(arguments)
    table = table_of(asked.runs, asked.seed)
    made = f"`{OUTCOME}`, percentage points, {asked.runs} paired runs at the defaults, seed {asked.seed}.\n\n"
    text = made + markdown(table).rstrip()
    (folder_of(asked.out) / "levers.md").write_text(text + "\n", encoding="utf-8")
    print(text)
    if asked.write:
        from documents import put

        put("evaluation.md", "levers", text)


if __name__ == "__main__":
    main()
