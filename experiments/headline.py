"""Which structure for which task: structures × tasks × levers, over sets that the evidence does not rule out.

Run ``python experiments/headline.py --out results/headline``. A *task* is a portfolio with the letters that
commission it; every structure gets every task, so the two are told apart. What is finished is kept under
``--out``; the same command goes on from there. ``--write`` puts tables and figures into docs/headline.md.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from structures import folder_of, markdown

from tverretatlig_sim import Study, study_of
from tverretatlig_sim.ensemble.statistics import mean_interval
from tverretatlig_sim.scenario.levers import list_levers
from tverretatlig_sim.show.plots import plot_tornado, save_figure
from tverretatlig_sim.show.plots.style import CYCLE, blank, finish, styled
from tverretatlig_sim.study.history_matching import read_stored
from tverretatlig_sim.study.robust_shares import SMALLEST, means_of, robust_shares

HEADLINE = "implemented_of_planned"
BESIDE = ("implemented_rate", "planned", "fte_spent", "meetings")
"""The other measure of success, load and cost, told beside it."""
STRUCTURES = (
    "0-24-2015",
    "0-24-2018",
    "etatssamarbeidet-2022",
    "etatssamarbeidet-2023",
    "etatssamarbeidet-2025",
    "dfo-simplified",
    "pure-network",
    "pure-hierarchy",
)
"""Arrangements for vulnerable children and youth; the others have agencies that these tasks do not name."""
TASKS = ("0-24-2015", "0-24-2018", "etatssamarbeidet-2022")
"""Scenarios that give portfolio and letters."""
REFERENCE = "etatssamarbeidet-2022"
"""The structure the others are held against: today's, as set up."""
MONTHS = 84
"""Of all runs: long enough that most of every portfolio is followed up."""
POINTS = 100.0


@dataclass(frozen=True)
class Asked:
    """How much to run."""

    sets: int | None
    runs: int
    lever_sets: int
    lever_runs: int
    levers: tuple[str, ...]
    seed: int
    workers: int
    out: Path


def study(task: str, levers: Sequence[str], runs: int, seed: int, sets: int | None) -> Study:
    """All structures with one task, each alone or with each lever, in the evidence-consistent sets."""
    asked = study_of(
        {
            "name": f"headline-{task}",
            "arrangements": list(STRUCTURES),
            "swaps": {"portfolio": task, "letters": task},
            "cross": {"levers": list(levers)} if levers else {},
            "design": {"kind": "list", "file": "evidence-consistent"},
            "runs": runs,
            "months": MONTHS,
            "seed": seed,
            "record": {"outcomes": [HEADLINE, *BESIDE], "replicates": True},
        }
    )
    return asked if sets is None else asked.at(asked.points.iloc[:sets])


def rates(asked: Asked, levers: bool) -> pd.DataFrame:
    """What every structure, task, lever (empty: none), parameter set and run implements, and its cost.

    Returns:
        Columns ``structure``, ``task``, ``lever``, ``set``, ``run``, ``rate`` and those of ``BESIDE``; NaN
        where a run has none.
    """
    names = ("", *asked.levers) if levers else ()
    runs, sets = (asked.lever_runs, asked.lever_sets) if levers else (asked.runs, asked.sets)
    parts = []
    for task in TASKS:
        found = study(task, names, runs, asked.seed, sets)
        size = f"{'levers' if levers else 'structures'}-{task}-{runs}-{len(found.points)}"
        table = found.run(asked.out / "store" / size, workers=asked.workers).replicates()
        of = found.scenarios
        parts.append(
            pd.DataFrame(
                {
                    "structure": [name.partition("+")[0].partition("/")[0] for name in table["arrangement"]],
                    "task": task,
                    "lever": ["+".join(of[name].levers) for name in table["arrangement"]],
                    "set": table["point"],
                    "run": table["run"],
                    "rate": table[HEADLINE],
                    **{name: table[name] for name in BESIDE},
                }
            )
        )
        print(
            f"{task}: {len(found.scenarios)} arrangements × {len(found.points)} sets × {runs} runs",
            flush=True,
        )
        left_out = folder_of(asked.out) / f"left-out-{task}.txt"
        if found.notes:
            left_out.write_text("\n".join(map(str, found.notes)) + "\n", encoding="utf-8")
            print(f"  {len(found.notes)} combinations left out, with the reasons in {left_out}")
    return pd.concat(parts, ignore_index=True)


def by_set(found: pd.DataFrame) -> pd.DataFrame:
    """One row a set (index) and one column a structure and task."""
    return found.pivot_table(index="set", columns=["structure", "task"], values="rate", dropna=False)


def by_run(found: pd.DataFrame) -> pd.DataFrame:
    """One row a set and run (index) and one column a structure and task."""
    found = found if "run" in found else found.assign(run=0)
    return found.pivot_table(index=["set", "run"], columns=["structure", "task"], values="rate", dropna=False)


def structures_table(found: pd.DataFrame) -> pd.DataFrame:
    """Structures by task: mean rate, spread over sets, and against the reference.

    Returns:
        Columns ``structure``, ``task``, ``sets``, ``mean``, ``low``, ``high``, ``q05``, ``q95`` (rate in per
        cent over sets), and for the difference to the reference with the same task ``against``,
        ``against_low``, ``against_high`` (percentage points), ``above``, ``above_low``, ``above_high`` (share
        of sets, per cent, in which the structure is expected to have a rate higher by more than the smallest
        difference of interest), ``no_matter``, ``below``, ``undecided`` (likewise).
    """
    wide, runs = POINTS * by_set(found), by_run(found)
    rows = []
    for task in TASKS:
        for structure in STRUCTURES:
            values = wide[structure, task].to_numpy(dtype=float)
            rows.append(
                {
                    "structure": structure,
                    "task": task,
                    **_level(values),
                    **_against(runs[structure, task] - runs[REFERENCE, task]),
                }
            )
    return pd.DataFrame(rows)


def cost_table(found: pd.DataFrame) -> str:
    """Load and cost of every structure with every task, means over sets and runs, beside the other measure.

    Work and meetings are those of the whole run; *FTE-months each*: work in the cooperation for every planned
    recommendation that is implemented.
    """
    rows = []
    for (structure, task), own in found.groupby(["structure", "task"], sort=False):
        mean = own[["rate", *BESIDE]].mean()
        rows.append(
            {
                "structure": f"`{structure}`",
                "task": f"`{task}`",
                "planned": f"{mean['planned']:.0f}",
                "of planned, %": f"{POINTS * mean['rate']:.0f}",
                "within 24 months, %": f"{POINTS * mean['implemented_rate']:.0f}",
                "FTE-months": f"{mean['fte_spent']:.0f}",
                "FTE-months each": f"{mean['fte_spent'] / (mean['planned'] * mean['rate']):.1f}",
                "meetings": f"{mean['meetings']:.0f}",
            }
        )
    return markdown(pd.DataFrame(rows)).rstrip()


def _level(values: np.ndarray) -> dict[str, float]:
    interval = mean_interval(values)
    known = values[~np.isnan(values)]
    ends = np.quantile(known, [0.05, 0.95]) if len(known) else (np.nan, np.nan)
    return {
        "sets": interval.n,
        "mean": interval.mean,
        "low": interval.low,
        "high": interval.high,
        "q05": float(ends[0]),
        "q95": float(ends[1]),
    }


def _against(difference: pd.Series) -> dict[str, float]:
    """What the sets say about a difference; index ``set``, ``run``."""
    means, variances = means_of(difference.unstack("run").to_numpy(dtype=float))
    parameters = read_stored().sets.values[difference.index.unique("set")]
    found = robust_shares(means, np.nan_to_num(variances), parameters, SMALLEST["share"])
    return {
        **{
            f"against{end}": POINTS * found[key]
            for end, key in (("", "mean"), ("_low", "low"), ("_high", "high"))
        },
        **{f"above{end}": POINTS * found[f"better{end}"] for end in ("", "_low", "_high")},
        **{
            key: POINTS * found[of]
            for key, of in (("no_matter", "no_matter"), ("below", "worse"), ("undecided", "undecided"))
        },
    }


def levers_table(found: pd.DataFrame) -> pd.DataFrame:
    """Levers, the largest mean effect first.

    Returns:
        Columns ``lever``, ``effect`` (mean over structures, tasks and sets, percentage points),
        ``effect_low``, ``effect_high`` (interval over sets), ``above``, ``above_low``, ``above_high`` (share
        of sets, per cent, in which the mean over structures and tasks rises), ``lowest``, ``highest`` (mean
        effect in the structure and task where it is lowest and highest), ``lowest_in``, ``highest_in``,
        ``combinations`` (structures and tasks in which it can be pulled and changes anything).
    """
    plain, base = by_set(found[found["lever"] == ""]), by_run(found[found["lever"] == ""])
    rows = []
    for lever, part in found[found["lever"] != ""].groupby("lever"):
        effect = POINTS * (by_set(part) - plain)[list(by_set(part).columns)]
        pulled = by_run(part)
        each = effect.mean(axis=0)
        found_ = _against((pulled - base)[list(pulled.columns)].mean(axis=1))
        rows.append(
            {
                "lever": lever,
                **{f"effect{end}": found_[f"against{end}"] for end in ("", "_low", "_high")},
                **{key: found_[key] for key in ("above", "above_low", "above_high")},
                "lowest": float(each.min()),
                "lowest_in": " / ".join(map(str, each.idxmin())),
                "highest": float(each.max()),
                "highest_in": " / ".join(map(str, each.idxmax())),
                "combinations": len(each),
            }
        )
    return pd.DataFrame(rows).sort_values("effect", ascending=False, ignore_index=True)


def shares_of_variance(found: pd.DataFrame) -> pd.DataFrame:
    """What the rate hangs on: shares of its variance by structure, task and set, and their interplay.

    Only sets in which every structure and task has a rate are counted, so that the parts add up. The
    interplay with the sets holds the noise of their runs too.
    """
    wide = by_set(found).dropna()
    if wide.empty:
        raise SystemExit("no parameter set has a rate in every structure and task; take more runs or sets")
    cube = np.stack([wide[[(s, t) for s in STRUCTURES]].to_numpy() for t in TASKS], axis=2)
    cube = cube - cube.mean()
    of_set, of_structure, of_task = cube.mean(axis=(1, 2)), cube.mean(axis=(0, 2)), cube.mean(axis=(0, 1))
    pair = cube.mean(axis=0) - of_structure[:, None] - of_task
    parts = {
        "structure": np.mean(of_structure**2),
        "task": np.mean(of_task**2),
        "structure × task": np.mean(pair**2),
        "parameter set": np.mean(of_set**2),
    }
    total = np.mean(cube**2)
    parts["parameter set × structure or task, and chance"] = total - sum(parts.values())
    return pd.DataFrame({"part": list(parts), "share": [POINTS * value / total for value in parts.values()]})


@styled
def plot_structures(table: pd.DataFrame) -> Figure:
    """Mean rate of every structure, a colour a task; lines: 5 to 95 % of the parameter sets."""
    figure = blank(5.2)
    panel = figure.subplots()
    for k, task in enumerate(TASKS):
        part = table[table["task"] == task].set_index("structure").loc[list(STRUCTURES)]
        place = np.arange(len(part)) + 0.22 * (k - 1)
        panel.hlines(place, part["q05"], part["q95"], color=CYCLE[k], linewidth=2)
        panel.plot(part["mean"], place, "os^"[k], color=CYCLE[k], markersize=8, label=task)
    panel.set_yticks(range(len(STRUCTURES)), STRUCTURES)
    panel.invert_yaxis()
    panel.set_xlabel("Of all planned, implemented within 48 months of the start (%)")
    panel.legend(title="Task (portfolio and letters)", loc="upper left", bbox_to_anchor=(1.01, 1.0))
    said = "Marks: mean over evidence-consistent parameter sets. Lines: 5 to 95 % of the sets."
    return finish(figure, "Structures with the same tasks", said)


def plot_levers(table: pd.DataFrame) -> Figure:
    """Mean effect of each lever, with its interval."""
    bars = table.rename(
        columns={"lever": "factor", "effect": "index", "effect_low": "low", "effect_high": "high"}
    )
    return plot_tornado(
        bars, title="What a lever adds", axis="Change in implemented of planned (percentage points)",
        foot="Mean over structures, tasks and parameter sets.",
    )  # fmt: skip


def readable_structures(table: pd.DataFrame) -> str:
    """One row a structure, and for each task its rate and how often it is above the reference."""
    rows = []
    for structure in STRUCTURES:
        cells = {"structure": f"`{structure}`"}
        for task in TASKS:
            row = table[(table["structure"] == structure) & (table["task"] == task)].iloc[0]
            cells[f"{task}: rate"] = f"{row['mean']:.1f} ({row['low']:.1f} … {row['high']:.1f})"
            above = f"{row['above']:.0f} ({row['above_low']:.0f} … {row['above_high']:.0f})"
            cells[f"{task}: above"] = "–" if structure == REFERENCE else above
        rows.append(cells)
    return markdown(pd.DataFrame(rows)).rstrip()


def readable_levers(table: pd.DataFrame) -> str:
    """One row a lever."""
    rows = [
        {
            "lever": f"`{row['lever']}`",
            "effect": f"{row['effect']:+.1f} ({row['effect_low']:+.1f} … {row['effect_high']:+.1f})",
            "sets": f"{row['above']:.0f} ({row['above_low']:.0f} … {row['above_high']:.0f})",
            "lowest": f"{row['lowest']:+.1f} ({row['lowest_in']})",
            "highest": f"{row['highest']:+.1f} ({row['highest_in']})",
            "in": f"{row['combinations']}",
        }
        for row in table.to_dict("records")
    ]
    return markdown(pd.DataFrame(rows)).rstrip()


def made_by(asked: Asked, structures: pd.DataFrame, levers: pd.DataFrame) -> str:
    """How the numbers were made."""
    return (
        f"{structures['set'].nunique()} evidence-consistent parameter sets × {asked.runs} runs for "
        f"structures, {levers['set'].nunique()} × {asked.lever_runs} for levers; {MONTHS} months, "
        f"seed {asked.seed}."
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the study, print its tables and write them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sets", type=int, help="parameter sets for structures; default: all")
    parser.add_argument("--runs", type=int, default=4, help="runs of each set")
    parser.add_argument("--lever-sets", type=int, default=128, help="parameter sets for levers")
    parser.add_argument("--lever-runs", type=int, default=2)
    parser.add_argument("--levers", nargs="*", default=list_levers())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", type=Path, default=Path("results/headline"))
    parser.add_argument("--write", action="store_true", help="put tables and figures into docs/headline.md")
    given = vars(parser.parse_args(arguments))
    write, levers = given.pop("write"), tuple(given.pop("levers"))
    asked = Asked(**given, levers=levers)
    found, pulled = rates(asked, levers=False), rates(asked, levers=True)
    structures, effects, shares = structures_table(found), levers_table(pulled), shares_of_variance(found)
    tables = {"structures": structures, "levers": effects, "variance": shares}
    for name, table in tables.items():
        table.to_csv(folder_of(asked.out) / f"{name}.csv", index=False, float_format="%.6g")
    texts = {
        "headline-made": made_by(asked, found, pulled),
        "headline-structures": readable_structures(structures),
        "headline-cost": cost_table(found),
        "headline-variance": markdown(shares).rstrip(),
        "headline-levers": readable_levers(effects),
    }
    (asked.out / "headline.md").write_text("\n\n".join(texts.values()) + "\n", encoding="utf-8")
    print("\n\n".join(texts.values()))
    figures = {"headline-structures": plot_structures(structures), "headline-levers": plot_levers(effects)}
    for name, figure in figures.items():
        save_figure(figure, asked.out / f"{name}.png")
    if write:
        from documents import ROOT, put

        for name, text in texts.items():
            put("headline.md", name, text)
        for name, figure in figures.items():
            save_figure(figure, ROOT / "docs" / "figures" / f"{name}.png")


if __name__ == "__main__":
    main()
