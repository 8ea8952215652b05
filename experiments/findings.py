"""Claims about coordination, each with a verdict over tasks, run lengths and what the evidence leaves open.

Run ``python experiments/findings.py --out results/findings``. The claims stand in ``findings.toml`` and were
written down before they were run. ``--write`` stores the numbers in docs/findings.csv, and from these the
pages docs/findings.md and docs/funn.md with figures; ``--pages`` writes the pages from stored numbers alone.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import groupby, product
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

import tverretatlig_sim as ts
from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.study.history_matching import stored_sets
from tverretatlig_sim.study.robust import splits_of
from tverretatlig_sim.study.robust_shares import means_of, robust_shares, smallest_of
from tverretatlig_sim.study.sampling import ParameterSets, outcomes_over, with_entries

HERE = Path(__file__).resolve().parent
DOCS = HERE.parent / "docs"
ASKED: Mapping[str, Any] = tomllib.loads((HERE / "findings.toml").read_text(encoding="utf-8"))
WORDS: Mapping[str, Any] = tomllib.loads((HERE / "findings_words.toml").read_text(encoding="utf-8"))
PAGES = {"en": "findings.md", "nb": "funn.md"}
WORLDS = 16
"""Draws of numbers that change what there is in a world, each shared by some draws of all others."""
AGREE = 2 / 3
"""Least share of the draws that agree where a claim is said to hold."""
POINTS = 100.0
SHARES = ("better", "no_matter", "worse", "undecided")


# --- the numbers


def with_task(name: str, task: str) -> ts.Scenario:
    """An arrangement that has the work and the letters of a task, and in which levers are pulled then."""
    other, (plain, *levers) = ts.load_scenario(task), name.split("+")
    return ts.with_levers(ts.swap(plain, portfolio=other, letters=other), *levers)


def trials(sets: ParameterSets, runs: int, seed: int, workers: int = 1) -> pd.DataFrame:
    """Every claim on every task and run length.

    Returns:
        Columns ``claim``, ``task``, ``months``; ``mean``, ``low``, ``high`` (of the difference a − b in
        percentage points), those of ``SHARES`` (per cent of the draws); ``beside``, ``beside_low``,
        ``beside_high`` (the other measure); ``number``, ``threshold``, ``below``, ``above`` (in the first
        trial, the number whose sides favour different arrangements; empty if none does).
    """
    asked = list(product(ASKED["tasks"], ASKED["months"]))
    of_trial = partial(_of_trial, sets, runs, seed)
    if workers == 1:
        parts = [of_trial(*trial) for trial in asked]
    else:
        with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
            parts = list(pool.map(of_trial, *zip(*asked, strict=True)))
    order = [claim["id"] for claim in ASKED["claim"]]
    table = pd.DataFrame([row for part in parts for row in part])
    return table.sort_values("claim", key=lambda ids: ids.map(order.index), kind="stable", ignore_index=True)


def _of_trial(sets: ParameterSets, runs: int, seed: int, task: str, months: int) -> list[dict[str, Any]]:
    rows = []
    claims = sorted(ASKED["claim"], key=lambda claim: str(claim["b"]))
    for b, group in groupby(claims, key=lambda claim: str(claim["b"])):
        rows += _of_base(b, list(group), task, months, sets, runs, seed)
        print(f"{task}, {months} months: claims against {b}", flush=True)
    return rows


def _of_base(
    b: str, claims: Sequence[Mapping[str, Any]], task: str, months: int,
    sets: ParameterSets, runs: int, seed: int,
) -> list[dict[str, Any]]:  # fmt: skip
    """Claims that hold arrangements against the same one: simulated together, on the same draws."""
    base = with_task(b, task)
    others = {claim["id"]: with_task(claim["a"], task) for claim in claims}
    arrangements = [*others.values(), base]
    sets = with_entries(sets, arrangements, seed, WORLDS)
    measured = (ASKED["outcome"], ASKED["beside"], "planned")
    found = {it.name: outcomes_over(it, sets, runs, seed, months, outcomes=measured) for it in arrangements}
    rows = []
    for claim in claims:
        other = others[claim["id"]]
        pair_sets = sets.about(other, base)
        one, two = found[other.name], found[base.name]
        # Of the work that the second has, so that nobody gains by planning less.
        of_same = one[ASKED["outcome"]] * one["planned"] / two["planned"]
        outcome = of_same - two[ASKED["outcome"]]
        beside_it = one[ASKED["beside"]] - two[ASKED["beside"]]
        told = _row(outcome, pair_sets, ASKED["outcome"])
        beside = _row(beside_it, pair_sets, ASKED["beside"])
        rows.append(
            {
                "claim": claim["id"],
                "task": task,
                "months": months,
                **told,
                "beside": beside["mean"],
                "beside_low": beside["low"],
                "beside_high": beside["high"],
                **_turning(outcome, pair_sets, seed, task, months),
            }
        )
    return rows


def _row(differences: Floats, sets: ParameterSets, outcome: str) -> dict[str, float]:
    found = robust_shares(*means_of(differences), sets.values, smallest_of(outcome), blocks=sets.blocks)
    return {key: POINTS * found[key] for key in ("mean", "low", "high", *SHARES)}


def _turning(differences: Floats, sets: ParameterSets, seed: int, task: str, months: int) -> dict[str, Any]:
    nothing = {"number": "", "threshold": float("nan"), "below": float("nan"), "above": float("nan")}
    if (task, months) != (ASKED["tasks"][0], ASKED["months"][0]):
        return nothing
    for split in splits_of(sets, differences, smallest_of(ASKED["outcome"]), seed):
        if split.turns:
            return {
                "number": split.parameter, "threshold": split.threshold,
                "below": POINTS * split.below, "above": POINTS * split.above,
            }  # fmt: skip
    return nothing


# --- what they say


def verdict(trials: pd.DataFrame) -> str:
    """What the trials of a claim come to; see the page for the rules."""
    smallest, agree = POINTS * smallest_of(ASKED["outcome"]), POINTS * AGREE
    favour = (trials["low"] > smallest) & (trials["better"] >= agree)
    against = (trials["high"] < -smallest) & (trials["worse"] >= agree)
    nothing = ((trials["low"] > -smallest) & (trials["high"] < smallest)) | (trials["no_matter"] >= agree)
    if favour.all():
        return "holds"
    if against.all():
        return "reversed"
    if nothing.all():
        return "nothing"
    if favour.any() and against.any():
        return "depends"
    if favour.any() and (trials["mean"] > 0).all():
        return "leans"
    return "open"


def sentences(trials: pd.DataFrame, language: str) -> list[str]:
    """What the numbers of a claim say: size and agreement, the other measure, what would turn it."""
    first, worded = trials.iloc[0], WORDS["sentence"]
    size = {
        "trials": len(trials),
        "least": signed(trials["mean"].min(), language),
        "most": signed(trials["mean"].max(), language),
        "smallest": number(POINTS * smallest_of(ASKED["outcome"]), language),
        "fewest": number(trials["better"].min(), language),
        "largest": number(trials["better"].max(), language),
        "worse": number(trials["worse"].max(), language),
    }
    beside = {
        "least": signed(trials["beside"].min(), language),
        "most": signed(trials["beside"].max(), language),
    }
    agrees = not (
        ((trials["mean"] * trials["beside"]) < 0)
        & ((trials["beside_low"] > trials["high"]) | (trials["beside_high"] < trials["low"]))
    ).any()
    said = [worded["effect"][language].format(**size)]
    said.append(worded["beside_agrees" if agrees else "beside_differs"][language].format(**beside))
    if first["number"]:
        turned = {
            "number": first["number"],
            "threshold": f"{first['threshold']:.3g}".replace(".", "," if language == "nb" else "."),
            "below": number(first["below"], language),
            "above": number(first["above"], language),
        }
        said.append(worded["overturned"][language].format(**turned))
    else:
        said.append(worded["unturned"][language])
    return said


def slug(heading: str) -> str:
    """Where a heading is found on its page."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def number(value: float, language: str, decimals: int = 0) -> str:
    """A number as the language writes it."""
    text = f"{value:.{decimals}f}".replace("-", "−")
    return text.replace(".", ",") if language == "nb" else text


def signed(value: float, language: str) -> str:
    """Percentage points with their sign."""
    text = number(value, language, 1)
    return text if text.startswith("−") else f"+{text}"


# --- the pages


def page(found: pd.DataFrame, how: Mapping[str, Any], language: str) -> str:
    """The whole page: verdicts in a table, then a section a claim."""
    words = {key: it[language] for key, it in WORDS["page"].items()}
    told = {
        "tasks": len(ASKED["tasks"]),
        "lengths": len(ASKED["months"]),
        "agree": number(POINTS * AGREE, language),
        "smallest": number(POINTS * smallest_of(ASKED["outcome"]), language),
        **how,
    }
    parts = [f"# {words['title']}", words["intro"].strip(), words["how"].strip().format(**told)]
    parts.append(f"{words['made']} `python experiments/findings.py --write`.")
    lines = [words["heading"], ["---"] * 3]
    sections = []
    for claim in ASKED["claim"]:
        own = found[found["claim"] == claim["id"]]
        answer = WORDS["verdict"][verdict(own)][language]
        means = [signed(value, language) for value in (own["mean"].min(), own["mean"].max())]
        lines.append([f"[{claim[language]}](#{slug(claim[language])})", f"**{answer}**", " … ".join(means)])
        sections.append(_section(claim, own, answer, words["figure"], language))
    parts.append("\n".join(f"| {' | '.join(line)} |" for line in lines))
    return "\n\n".join([*parts, *sections]) + "\n"


def _section(claim: Mapping[str, Any], own: pd.DataFrame, answer: str, about: str, language: str) -> str:
    worded = WORDS["sentence"]
    source = worded["source"][language].format(
        source=claim["source"], kind=WORDS["kind"][claim["kind"]][language]
    )
    task, months = ASKED["tasks"][0], ASKED["months"][0]
    code = (
        f"tverretatlig compare {claim['a']} {claim['b']} --portfolio {task} --letters {task} "
        f"--months {months} --robust"
    )
    return "\n\n".join(
        [
            f"## {claim[language]}",
            f"**{answer}.** {' '.join(sentences(own, language))}",
            f"![{about}](figures/findings/{claim['id']}.png)",
            f"{source} {worded['code'][language]}",
            f"```sh\n{code}\n```",
        ]
    )


def figure(own: pd.DataFrame) -> Figure:
    """The trials of a claim: mean difference with interval; a colour a task, a marker a run length."""
    picture = Figure(figsize=(5.6, 1.5), layout="constrained")
    panel = picture.subplots()
    smallest = POINTS * smallest_of(ASKED["outcome"])
    panel.axvspan(-smallest, smallest, color="0.88", zorder=0)
    panel.axvline(0.0, color="0.4", linewidth=0.8)
    for place, (_, trial) in enumerate(own.iterrows()):
        colour = f"C{ASKED['tasks'].index(trial['task'])}"
        marker = "os^"[ASKED["months"].index(trial["months"])]
        panel.hlines(place, trial["low"], trial["high"], color=colour, linewidth=2.5)
        panel.plot(trial["mean"], place, marker, color=colour, markersize=6)
    panel.set_yticks(range(len(own)), [f"{row.task}, {row.months}" for row in own.itertuples()], fontsize=7)
    panel.invert_yaxis()
    panel.tick_params(axis="x", labelsize=7)
    panel.margins(y=0.2)
    return picture


def write(found: pd.DataFrame, how: Mapping[str, Any]) -> None:
    """Both pages and their figures."""
    folder = DOCS / "figures" / "findings"
    folder.mkdir(parents=True, exist_ok=True)
    for claim, own in found.groupby("claim"):
        figure(own).savefig(folder / f"{claim}.png", dpi=110, metadata={"Software": None})
    for language, name in PAGES.items():
        (DOCS / name).write_text(page(found, how, language), encoding="utf-8")


def stored() -> tuple[pd.DataFrame, dict[str, Any]]:
    """The numbers of the pages and how they were made, from docs/findings.csv."""
    table = pd.read_csv(DOCS / "findings.csv", keep_default_na=True)
    table["number"] = table["number"].fillna("")
    how = {key: int(table[key].iloc[0]) for key in ("sets", "runs", "seed")}
    return table.drop(columns=list(how)), how


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the claims, print their verdicts and write the pages."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sets", type=int, default=192, help="draws")
    parser.add_argument("--runs", type=int, default=4, help="runs of each draw")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1, help="processes; changes speed only")
    parser.add_argument("--out", type=Path, default=Path("results/findings"), help="folder for the numbers")
    parser.add_argument("--write", action="store_true", help="write docs/findings.csv and the pages")
    parser.add_argument("--pages", action="store_true", help="write the pages from stored numbers")
    asked = parser.parse_args(arguments)
    if asked.pages:
        write(*stored())
        return
    how = {"sets": asked.sets, "runs": asked.runs, "seed": asked.seed}
    found = trials(stored_sets(asked.sets), asked.runs, asked.seed, asked.workers).round(3)
    asked.out.mkdir(parents=True, exist_ok=True)
    found.assign(**how).to_csv(asked.out / "findings.csv", index=False)
    for claim in ASKED["claim"]:
        print(f"{claim['id']:24} {verdict(found[found['claim'] == claim['id']])}")
    if asked.write:
        found.assign(**how).to_csv(DOCS / "findings.csv", index=False)
        write(*stored())


if __name__ == "__main__":
    main()
