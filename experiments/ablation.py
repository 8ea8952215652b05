"""What each further mechanism does: everything once with it and once without it, on the same draws.

Run ``python experiments/ablation.py --out results/ablation``. Headline outcomes are compared in the
evidence-consistent parameter sets, pattern verdicts over sets drawn from the evidence ranges. ``--write``
puts the table into docs/evaluation.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from structures import folder_of, markdown

from tverretatlig_sim import Scenario, list_scenarios, load_scenario, with_levers
from tverretatlig_sim.ensemble.statistics import mean_interval
from tverretatlig_sim.study.history_matching import stored_sets
from tverretatlig_sim.study.patterns import Variation, evaluate, patterns, variation
from tverretatlig_sim.study.samples import chained, edit, quantity
from tverretatlig_sim.study.sampling import ParameterSets, draw_sets, mean_known, outcomes_over
from tverretatlig_sim.world import build_world

HEADLINE = "implemented_rate"
OUTCOMES = (HEADLINE, "structure_share", "attendance_periphery", "trust_mean", "ownership_end", "clarity_end")
"""Outcomes on the scale 0 to 1 that a mechanism may move."""
EXTENDED_AUTHORITY = "etatssamarbeidet-2022+vertical-horizontal-balance"
"""The question that the coordinator's dilemma is there for: DFØ's wider authority, with its two edges."""
MATERIAL = 0.01
"""An effect on the mean of an outcome from which on it counts: one percentage point."""


def without_incentive(scenario: Scenario) -> Scenario:
    """Money carries no costs: every gain as it is without money, written down as such.

    What a municipal chain carries stays as it is, since gains can be given to members only; no arrangement
    with money has a chain.
    """
    world = build_world(scenario, 1)
    stakes, projects, agencies = world.stakes, world.projects.names, world.agencies.names
    gains: dict[str, dict[str, float]] = {name: {} for name in projects}
    for project, agency, gain in zip(stakes.project, stakes.agency, stakes.gain, strict=True):
        gains[projects[project]][agencies[agency]] = float(gain)
    written = edit(
        "project.gains",
        lambda project: (
            project.gains
            if project.municipal
            else {name: quantity(gain) for name, gain in gains[project.name].items()}
        ),
    )
    costless = edit("project.cost", lambda project: project.cost if project.municipal else 0.0)
    return chained(costless, written)(scenario)


MECHANISMS: Mapping[str, Variation] = {
    "wait_and_see": variation("no waiting to see", None, {"wait_and_see": 0.0}),
    "interdependence": variation("no interdependence", None, {"interdependence": 0.0}),
    "dominance": variation("authority costs no ownership", None, {"dominance": 0.0}),
    "shared_vote": variation("votes are independent", None, {"shared_vote": 0.0}),
    "round_trip": variation("no round trips", None, {"round_trip": 0.0}),
    "exclusion": variation("nobody stands outside", None, {"exclusion": 0.0}),
    "ambition_weight": variation("ambition costs nothing", None, {"ambition_weight": 0.0}),
    "ministry_forum": variation("no ministry sits in a forum", {"arrangement.ministry_forum": []}),
    "municipal_chain": variation("no municipal chain", {"arrangement.municipal_chain": []}),
    "plans": variation("no plans to keep to", {"project.deadline": None}),
    "sequence": variation(
        "all may begin at once", {"project.priority": None, "project.after": [], "portfolio.at_once": None}
    ),
    "incentive": variation("money carries no costs", without_incentive),
    "programme_resources": variation(
        "no resources of the programme", {"arrangement.programme_resources": 0.0}
    ),
}
"""How each mechanism is switched off; see section 8 of the ODD document."""

Means = dict[str, dict[str, np.ndarray]]
"""By scenario and outcome: the mean of each parameter set. Shape (set,)."""


@dataclass(frozen=True)
class Size:
    """How much is run: sets and runs of each, for outcomes and for patterns."""

    sets: ParameterSets
    runs: int
    drawn: ParameterSets
    pattern_runs: int
    seed: int


def outcomes_without(size: Size, off: Variation | None) -> Means:
    """Outcomes of every scenario in every set, with everything or without a mechanism."""
    found: Means = {}
    for name in (*list_scenarios(), EXTENDED_AUTHORITY):
        shipped, _, lever = name.partition("+")
        scenario = with_levers(load_scenario(shipped), *filter(None, [lever]))
        scenario = off.change(scenario) if off else scenario
        off_values = off.parameters if off else None
        outcomes = outcomes_over(
            scenario, size.sets, size.runs, size.seed, scenario.default_months, off_values, outcomes=OUTCOMES
        )
        found[name] = {outcome: mean_known(outcomes[outcome]) for outcome in OUTCOMES}
    return found


def effects(usual: Means, without: Means) -> pd.DataFrame:
    """Effect of having the mechanism, one row a scenario and outcome.

    Returns:
        Columns ``scenario``, ``outcome``, ``mean``, ``low``, ``high`` (over sets), ``share_above`` (of the
        sets in which both are defined, the share in which the mechanism raises the outcome).
    """
    rows = []
    for name, outcomes in usual.items():
        for outcome, values in outcomes.items():
            difference = values - without[name][outcome]
            known = difference[~np.isnan(difference)]
            interval = mean_interval(known)
            rows.append(
                {
                    "scenario": name,
                    "outcome": outcome,
                    "mean": interval.mean,
                    "low": interval.low,
                    "high": interval.high,
                    "share_above": float(np.mean(known > 0)) if len(known) else np.nan,
                }
            )
    return pd.DataFrame(rows)


def orders(usual: Means, without: Means) -> tuple[int, int, int]:
    """What becomes of the order of each pair of scenarios by mean implemented rate over sets.

    Returns:
        Number of pairs whose clear order is clearly the other one without the mechanism; number of pairs
        whose order is clear only with it or only without it; number of pairs.
    """
    pairs = list(combinations(usual, 2))
    signs = np.array([[_sign(means, a, b) for means in (usual, without)] for a, b in pairs])
    reversed_ = int((signs[:, 0] * signs[:, 1] == -1).sum())
    return reversed_, int((signs[:, 0] != signs[:, 1]).sum()) - reversed_, len(pairs)


def _sign(means: Means, a: str, b: str) -> int:
    """Sign of the mean difference over sets; 0 if its interval holds 0."""
    interval = mean_interval(means[a][HEADLINE] - means[b][HEADLINE])
    return int(interval.low > 0) - int(interval.high < 0)


def verdicts(size: Size, off: Variation | None) -> pd.DataFrame:
    """Statistic, share of sets and verdict of every pattern (index ``id``)."""
    switches = () if off is None else (off,)
    found = evaluate(patterns(), size.drawn, size.pattern_runs, size.seed, switches=switches)
    rows = [finding.row() for finding in found]
    return pd.DataFrame(rows).set_index("id")[["mean", "low", "high", "share", "verdict", "evidence"]]


def changes(usual: pd.DataFrame, without: pd.DataFrame) -> pd.DataFrame:
    """Patterns whose verdict is another without the mechanism.

    Returns:
        Columns ``id``, ``with``, ``without`` (verdicts), ``share_with``, ``share_without`` (of sets),
        ``evidence``.
    """
    other = usual["verdict"] != without["verdict"]
    columns = {
        "with": usual["verdict"],
        "without": without["verdict"],
        "share_with": usual["share"],
        "share_without": without["share"],
        "evidence": usual["evidence"],
    }
    return pd.DataFrame(columns)[other].reset_index()


def ablated(
    size: Size, names: Sequence[str]
) -> Iterator[tuple[str, pd.DataFrame, tuple[int, int, int], pd.DataFrame]]:
    """For each mechanism: effects, orders, and changes of verdicts; one at a time, since it takes minutes."""
    usual, patterns_usual = outcomes_without(size, None), verdicts(size, None)
    for name in names:
        off = MECHANISMS[name]
        without = outcomes_without(size, off)
        yield (
            name,
            effects(usual, without),
            orders(usual, without),
            changes(patterns_usual, verdicts(size, off)),
        )


def summary(
    name: str, found: pd.DataFrame, ordered: tuple[int, int, int], changed: pd.DataFrame
) -> dict[str, object]:
    """One row of the report: the largest effect on each outcome, orders, verdicts, and whether it matters."""
    largest = {outcome: _largest(found[found["outcome"] == outcome]) for outcome in OUTCOMES}
    clear = found[(found["low"] > 0) | (found["high"] < 0)]
    moves = bool((clear["mean"].abs() >= MATERIAL).any())
    used = bool((found["mean"].abs() > 0).any())
    return {
        "mechanism": name,
        **largest,
        "reversed": f"{ordered[0]}",
        "unsettled": f"{ordered[1]} of {ordered[2]}",
        "verdicts": "; ".join(
            f"`{row['id']}` ({row['evidence']}): {row['with']} → {row['without']}"
            for row in changed.to_dict("records")
        ),
        "matters": "yes" if moves or ordered[0] or len(changed) else "no" if used else "not used",
    }


def _largest(found: pd.DataFrame) -> str:
    """The effect that is largest in size, in percentage points, and where."""
    known = found.dropna(subset=["mean"])
    row = known.loc[known["mean"].abs().idxmax()]
    return f"{100 * row['mean']:+.1f} ({row['scenario']})" if row["mean"] else "0"


def readable(rows: Sequence[Mapping[str, object]], size: Size) -> str:
    """The report in Markdown."""
    made = (
        f"Outcomes: {len(size.sets)} evidence-consistent sets, {size.runs} run(s) each, all shipped "
        f"scenarios and `{EXTENDED_AUTHORITY}`. Verdicts: {len(size.drawn)} sets drawn from the "
        f"evidence ranges, {size.pattern_runs} runs each. Seed {size.seed}. An outcome's column has "
        "the largest mean effect of having the mechanism, in percentage points, and the scenario it "
        "is in. *reversed*: pairs of scenarios whose order by mean implemented rate is clear both "
        "with and without it, but not the same; *unsettled*: pairs whose order is clear only with or "
        "only without it. *verdicts*: with → without. It *matters* if a clear mean effect is at least"
        f" {100 * MATERIAL:g} point, a pair is reversed, or a verdict is another."
    )
    return f"{made}\n\n{markdown(pd.DataFrame(rows))}".rstrip()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the ablation, print the report and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sets", type=int, default=128, help="evidence-consistent sets, for outcomes")
    parser.add_argument("--runs", type=int, default=2, help="runs of each set and scenario")
    parser.add_argument("--drawn", type=int, default=128, help="sets from the ranges, for verdicts")
    parser.add_argument("--pattern-runs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mechanisms", nargs="*", choices=list(MECHANISMS), default=list(MECHANISMS))
    parser.add_argument("--out", type=Path, default=Path("results/ablation"), help="folder for the tables")
    parser.add_argument("--write", action="store_true", help="put the table into docs/evaluation.md")
    asked = parser.parse_args(arguments)
    size = Size(
        stored_sets(asked.sets),
        asked.runs,
        draw_sets(asked.drawn, asked.seed),
        asked.pattern_runs,
        asked.seed,
    )
    folder, rows, all_effects, all_changes = folder_of(asked.out), [], [], []
    for name, found, ordered, changed in ablated(size, asked.mechanisms):
        rows.append(summary(name, found, ordered, changed))
        all_effects.append(found.assign(mechanism=name))
        all_changes.append(changed.assign(mechanism=name))
        print(markdown(pd.DataFrame(rows[-1:])), flush=True)
    pd.concat(all_effects).to_csv(folder / "effects.csv", index=False, float_format="%.6g")
    pd.concat(all_changes).to_csv(folder / "verdicts.csv", index=False, float_format="%.6g")
    pd.DataFrame(rows).to_csv(folder / "ablation.csv", index=False, float_format="%.6g")
    report = readable(rows, size)
    (folder / "ablation.md").write_text(report + "\n", encoding="utf-8")
    if asked.write:
        from documents import put

        put("evaluation.md", "ablation", report)


if __name__ == "__main__":
    main()
