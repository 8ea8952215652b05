"""The explanations that evaluators give, each taken away, beside the hazards that no source knows.

Run ``python experiments/explanations.py --out results/explanations``. Barriers are those of
``scenarios/barriers``. For each of them the tables hold what changes without it, and how far it reaches along
the chain; for each hazard what its ends change, on levels and on differences between arrangements that have
the same work. ``--write`` puts the tables into docs/explanations.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from structures import POINTS, folder_of, markdown

import tverretatlig_sim as ts
from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble.outcomes import OUTCOMES
from tverretatlig_sim.scenario import parameter_specs
from tverretatlig_sim.study.barriers import TOLD, evaluators
from tverretatlig_sim.study.history_matching import stored_sets
from tverretatlig_sim.study.robust_shares import means_of, robust_shares, smallest_of
from tverretatlig_sim.study.sampling import ParameterSets, outcomes_over

CHAIN = (
    "ministry_coherence", "service_quality", "inclusion_periphery", "structure_share", "understanding_gap",
    "trust_mean", "ownership_end", "clarity_end", "boldness_end", "rounds", "lost_disagreement",
    "lost_ministries", "lost_line",
)  # fmt: skip
"""Links between what is taken away and what is implemented, roughly in the order of the model."""
SMALL = 0.02
"""Effects below this are followed along the chain: two percentage points."""
HAZARDS = tuple(
    name
    for name, spec in parameter_specs().items()
    if spec.phases == ("implement",) and spec.unit == "per month"
)
"""Monthly chances of the line: no source gives their size, and they act on every recommendation."""
PAIRS = (
    ("0-24-2018", "0-24-2015"),
    ("0-24-2018", "etatssamarbeidet-2022"),
    ("etatssamarbeidet-2023", "etatssamarbeidet-2022"),
    ("dfo-simplified", "etatssamarbeidet-2022"),
)
"""Arrangements that are held against each other on the work of the second."""


# --- what evaluators say


def explanations(names: Sequence[str], sets: ParameterSets, runs: int, seed: int) -> pd.DataFrame:
    """Rows of ``Barriers.table`` for several arrangements, of the outcomes told and of the chain's links.

    Returns:
        Also columns ``scenario`` and ``title`` (of the explanation).
    """
    titles = {it.id: it.title.en for it in evaluators().explanation}
    parts = []
    for name in names:
        table = ts.barriers(name, runs, seed, sets=sets, outcomes=(*TOLD, *CHAIN)).table
        parts.append(table.assign(scenario=name, title=table["id"].map(titles)))
        print(f"{name}: {len(set(table['id']))} barriers", flush=True)
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def explanations_table(found: pd.DataFrame) -> pd.DataFrame:
    """Explanations by arrangement, as in the file: effects in points, shares of sets in per cent."""
    rows, order = [], [it.id for it in evaluators().explanation]
    for (id_, scenario), own in found.groupby(["id", "scenario"], sort=False):
        by = own.set_index(["dose", "outcome"])
        first = own.iloc[0]
        row = {"explanation": first["title"], "arrangement": f"`{scenario}`", "grade": first["grade"]}
        for dose in ("common", "wholly"):
            if by.loc[(dose, TOLD[0]), "reason"]:
                row |= {f"{dose}: {key}": "–" for key in ("of planned", "rate", "raised")}
                continue
            row |= {
                f"{dose}: of planned": interval(by.loc[(dose, TOLD[0])]),
                f"{dose}: rate": interval(by.loc[(dose, TOLD[1])]),
                f"{dose}: raised": share(by.loc[(dose, TOLD[0])]),
            }
        rows.append((order.index(id_), row))
    return pd.DataFrame([row for _place, row in sorted(rows, key=lambda pair: pair[0])])


def chain_table(found: pd.DataFrame) -> pd.DataFrame:
    """How far what is taken away wholly reaches, where it changes less than two points.

    A link that moves is one with an interval without 0 and a mean beyond the smallest difference of interest.
    """
    rows = []
    wholly = found[found["dose"] == "wholly"]
    for (title, scenario), own in wholly.groupby(["title", "scenario"], sort=False):
        by = own.set_index("outcome")
        if abs(by.loc[TOLD[0], "mean"]) >= SMALL:
            continue
        moved = [f"{name} {change(by.loc[name])}" for name in CHAIN if moves(by.loc[name])]
        rows.append(
            {
                "explanation": title,
                "arrangement": f"`{scenario}`",
                "of planned": interval(by.loc[TOLD[0]]),
                "what moves": ", ".join(moved) or "nothing",
                "what does not": ", ".join(name for name in CHAIN if not moves(by.loc[name])),
            }
        )
    return pd.DataFrame(rows)


def moves(row: pd.Series) -> bool:
    """Whether a link of the chain clearly moves, by more than does not matter."""
    clear = row["low"] > 0 or row["high"] < 0
    return bool(clear and abs(row["mean"]) > smallest_of(str(row.name)))


def change(row: pd.Series) -> str:
    """A change in the unit of its outcome; of shares in points."""
    points = OUTCOMES[str(row.name)].unit == "share"
    return f"{POINTS * row['mean']:+.1f}" if points else f"{row['mean']:+.2f}"


def interval(row: Mapping[str, float]) -> str:
    """Points with their interval."""
    if not np.isfinite(row["mean"]):
        return "–"
    mean, low, high = (POINTS * row[key] for key in ("mean", "low", "high"))
    return f"{mean:+.1f} ({low:.1f} … {high:.1f})"


def share(row: Mapping[str, float]) -> str:
    """A share of sets with its interval, per cent."""
    if not np.isfinite(row["share"]):
        return "–"
    mean, low, high = (POINTS * row[key] for key in ("share", "share_low", "share_high"))
    return f"{mean:.0f} ({low:.0f} … {high:.0f})"


# --- what no source knows


def values_of(hazard: str) -> dict[str, float]:
    """The default of a hazard and the ends of its range.

    Raises:
        SystemExit: there is no such parameter.
    """
    specs = parameter_specs()
    if hazard not in specs:
        raise SystemExit(f"experiments/explanations.py: {hazard} is not a parameter")
    spec = specs[hazard]
    return {"default": spec.value, "low": spec.low, "high": spec.high}


def hazards(
    scenarios: Mapping[str, ts.Scenario], names: Sequence[str], sets: ParameterSets, runs: int, seed: int
) -> dict[tuple[str, str, str], dict[str, Floats]]:
    """Outcomes of every scenario with every hazard at its default and its ends, by the three names.

    Runs last as long as the longest of the scenarios asks for. Shapes (set, run).
    """
    months = max(scenario.default_months for scenario in scenarios.values())
    return {
        (key, hazard, end): outcomes_over(scenario, sets, runs, seed, months, {hazard: value}, outcomes=TOLD)
        for hazard in names
        for end, value in values_of(hazard).items()
        for key, scenario in scenarios.items()
    }


def same_work() -> Iterator[tuple[str, str, dict[str, ts.Scenario]]]:
    """Pairs of arrangements with the work and the letters of the second."""
    for a, b in PAIRS:
        other = ts.load_scenario(b)
        yield a, b, {a: ts.swap(ts.load_scenario(a), portfolio=other, letters=other), b: other}


def levels_table(
    names: Sequence[str], chosen: Sequence[str], sets: ParameterSets, runs: int, seed: int
) -> pd.DataFrame:
    """What the ends of each hazard change in each arrangement, against its default, in points."""
    rows = []
    for name in names:
        found = hazards({name: ts.load_scenario(name)}, chosen, sets, runs, seed)
        for hazard in chosen:
            row = {"arrangement": f"`{name}`", "hazard": f"`{hazard}`"}
            for end in ("low", "high"):
                for outcome, said in zip(TOLD, ("of planned", "rate"), strict=True):
                    after, before = (found[name, hazard, it][outcome] for it in (end, "default"))
                    row[f"at {end}: {said}"] = interval(over(after - before, sets))
            rows.append(row)
        print(f"{name}: hazards", flush=True)
    return pd.DataFrame(rows)


def differences_table(chosen: Sequence[str], sets: ParameterSets, runs: int, seed: int) -> pd.DataFrame:
    """Differences between arrangements on the same work, with each hazard at its default and its ends."""
    rows = []
    for a, b, pair in same_work():
        found = hazards(pair, chosen, sets, runs, seed)
        for hazard in chosen:
            row = {"a − b": f"`{a}` − `{b}`", "hazard": f"`{hazard}`"}
            for end in values_of(hazard):
                first, second = (found[name, hazard, end][TOLD[0]] for name in (a, b))
                made = over(first - second, sets)
                row |= {f"at {end}": interval(made), f"at {end}: a above": share(made)}
            rows.append(row)
        print(f"{a} − {b}: hazards", flush=True)
    return pd.DataFrame(rows)


def over(values: Floats, sets: ParameterSets) -> dict[str, float]:
    """Mean with interval over sets, and the share of sets in which it is above what does not matter."""
    found = robust_shares(*means_of(values), sets.values, smallest_of(TOLD[0]))
    shares = {"share": "better", "share_low": "better_low", "share_high": "better_high"}
    return {**found, **{key: found[name] for key, name in shares.items()}}


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the tables, print and write them."""
    evaluated = sorted({name for it in evaluators().barrier for name in it.arrangements})
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sets", type=int, default=256, help="evidence-consistent sets")
    parser.add_argument("--runs", type=int, default=2, help="runs of each set")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--arrangements", nargs="*", choices=evaluated, default=evaluated)
    parser.add_argument("--hazards", nargs="*", default=list(HAZARDS))
    parser.add_argument(
        "--out", type=Path, default=Path("results/explanations"), help="folder for the tables"
    )
    parser.add_argument("--write", action="store_true", help="put the tables into docs/explanations.md")
    asked = parser.parse_args(arguments)
    for hazard in asked.hazards:
        values_of(hazard)
    how = (stored_sets(asked.sets), asked.runs, asked.seed)
    found = explanations(asked.arrangements, *how)
    tables = {
        "explanations": explanations_table(found),
        "explanations-chain": chain_table(found),
        "hazards-levels": levels_table(asked.arrangements, asked.hazards, *how),
        "hazards-differences": differences_table(asked.hazards, *how),
    }
    folder = folder_of(asked.out)
    found.to_csv(folder / "barriers.csv", index=False, float_format="%.6g")
    made = f"{len(how[0])} evidence-consistent parameter sets × {asked.runs} runs, seed {asked.seed}."
    readable = {"explanations-made": made, **{name: markdown(it).rstrip() for name, it in tables.items()}}
    for name, text in readable.items():
        (folder / f"{name}.md").write_text(text + "\n", encoding="utf-8")
        print(text)
        if asked.write:
            from documents import put

            put("explanations.md", name, text)


if __name__ == "__main__":
    main()
