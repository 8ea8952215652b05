"""All shipped arrangements on the same draws, and how far one ordering depends on the assumptions.

Run ``python experiments/structures.py --runs 200 --out results/structures``. It writes two tables, as CSV and
Markdown: ``structures`` has outcomes and funnel of every shipped scenario; ``sensitivity`` has the difference
in implemented rate between two scenarios with one parameter at a time at the ends of its evidence range.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from tverretatlig_sim import Ensemble, Scenario, compare, list_scenarios, load_scenario
from tverretatlig_sim.ensemble.ensemble import FUNNEL
from tverretatlig_sim.ensemble.statistics import summary
from tverretatlig_sim.scenario import parameter_specs

HEADLINE = "implemented_rate"
OUTCOMES = (HEADLINE, "structure_share", "attendance_gap")
PAIR = ("0-24-2018", "etatssamarbeidet-2022")
"""Scenarios of the sensitivity table; a difference is the first less the second."""
POINTS = 100.0


def structures(ensembles: Mapping[str, Ensemble]) -> pd.DataFrame:
    """Outcomes with intervals, and survival from each stage to the next, in per cent; one row a scenario."""
    rows = {name: {**_outcomes(ensemble), **_survival(ensemble)} for name, ensemble in ensembles.items()}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("scenario")


def _outcomes(ensemble: Ensemble) -> dict[str, float]:
    gap = ensemble.outcomes["attendance_core"] - ensemble.outcomes["attendance_periphery"]
    table = summary(ensemble.outcomes.assign(attendance_gap=gap))
    return {
        f"{outcome}{suffix}": POINTS * float(table.loc[outcome, column])
        for outcome in OUTCOMES
        for suffix, column in (("", "mean"), ("_low", "low"), ("_high", "high"))
    }


def _survival(ensemble: Ensemble) -> dict[str, float]:
    funnel = ensemble.funnel()
    return {f"to_{stage}": POINTS * float(funnel.loc[stage, "survival"]) for stage in list(FUNNEL)[1:]}


def sensitivity(pair: Sequence[Scenario], runs: int, seed: int, names: Sequence[str]) -> pd.DataFrame:
    """The difference in implemented rate with one parameter at a time at the ends of its range.

    Returns:
        One row a parameter and end: ``value``; ``mean``, ``low`` and ``high`` of the difference in percentage
        points; ``sign`` against the default's: ``holds``, ``unclear`` (0 is in the interval) or ``reverses``.
        The first row has the defaults.
    """
    usual = _difference(pair, runs, seed, {})
    rows: list[dict[str, Any]] = [{"parameter": "(defaults)", "end": "", "value": float("nan"), **usual}]
    for name in names:
        for end, value in _ends(name):
            found = _difference(pair, runs, seed, {name: value})
            rows.append({"parameter": name, "end": end, "value": value, **found})
    signs = [_sign(row["low"], row["high"], usual["mean"]) for row in rows]
    return pd.DataFrame(rows).assign(sign=signs)


def _ends(name: str) -> Iterator[tuple[str, float]]:
    spec = parameter_specs()[name]
    for end, value in (("low", spec.low), ("high", spec.high)):
        if value != spec.value:
            yield end, value


def _difference(
    pair: Sequence[Scenario], runs: int, seed: int, parameters: dict[str, float]
) -> dict[str, float]:
    row = compare(pair, runs, seed, parameters=parameters, series="none").table(HEADLINE).iloc[0]
    return {column: POINTS * float(row[column]) for column in ("mean", "low", "high")}


def _sign(low: float, high: float, usual: float) -> str:
    if not (low > 0 or high < 0):
        return "unclear"
    return "holds" if (low > 0) == (usual > 0) else "reverses"


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """The table as text: one decimal, each interval beside its mean."""
    cells = table.reset_index() if table.index.name else table
    kept = [
        name for name in cells if not str(name).endswith(("_low", "_high")) and name not in ("low", "high")
    ]
    return pd.DataFrame({name: [_cell(row, str(name)) for _, row in cells.iterrows()] for name in kept})


def _cell(row: pd.Series, name: str) -> str:
    value, prefix = row[name], "" if name == "mean" else f"{name}_"
    if not isinstance(value, float):
        return str(value)
    if pd.isna(value):
        return "–"
    if f"{prefix}low" not in row:
        return f"{value:g}" if name == "value" else f"{value:.1f}"
    return f"{value:.1f} ({row[f'{prefix}low']:.1f} … {row[f'{prefix}high']:.1f})"


def markdown(table: pd.DataFrame) -> str:
    """A readable table in Markdown."""
    cells = readable(table)
    heading = [str(name) for name in cells]
    lines: list[list[str]] = [heading, ["---"] * len(heading), *cells.to_numpy().tolist()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def verdict(table: pd.DataFrame) -> str:
    """What the sensitivity table says, in a sentence or two."""
    ends, first = table.iloc[1:], table.iloc[0]
    names = {
        sign: sorted(set(ends.loc[ends["sign"] == sign, "parameter"])) for sign in ("reverses", "unclear")
    }
    return "\n".join(
        [
            f"{' − '.join(PAIR)} at the defaults: {first['mean']:+.1f} points "
            f"({first['low']:.1f} … {first['high']:.1f}).",
            f"At {len(ends)} ends of ranges the sign holds {(ends['sign'] == 'holds').sum()} times.",
            f"It reverses for: {', '.join(names['reverses']) or 'none'}.",
            f"It is unclear for: {', '.join(names['unclear']) or 'none'}.",
        ]
    )


def folder_of(folder: Path) -> Path:
    """The folder, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write(table: pd.DataFrame, folder: Path, name: str) -> None:
    """Write a table as CSV and as Markdown."""
    folder_of(folder)
    table.to_csv(folder / f"{name}.csv", index=bool(table.index.name), float_format="%.6g")
    (folder / f"{name}.md").write_text(markdown(table), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run both tables and write them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=200, help="runs of each scenario and setting")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("results/structures"), help="folder for the tables")
    parser.add_argument(
        "--parameters", nargs="*", default=list(parameter_specs()), help="those to vary; default: all"
    )
    options = parser.parse_args(arguments)
    names = list_scenarios()
    overview = structures(compare(names, options.runs, options.seed, series="none").ensembles)
    write(overview, options.out, "structures")
    print(markdown(overview))
    pair = [load_scenario(name) for name in PAIR]
    found = sensitivity(pair, options.runs, options.seed, options.parameters)
    write(found, options.out, "sensitivity")
    print(verdict(found))


if __name__ == "__main__":
    main()
