"""What a report adds to a brief: both side by side, all outcomes, where recommendations are lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from tverretatlig_sim.ensemble import SHOWN
from tverretatlig_sim.ensemble.ensemble import Ensemble
from tverretatlig_sim.ensemble.statistics import paired_difference
from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario import Scenario, parameter_specs
from tverretatlig_sim.scenario.evidence import Number, numbers
from tverretatlig_sim.scenario.levers import load_lever
from tverretatlig_sim.scenario.schema import Forum
from tverretatlig_sim.show import plots
from tverretatlig_sim.show.brief import Brief, bars_of, verdict
from tverretatlig_sim.show.catalogue import evidence_counts, evidence_shares, evidence_tables
from tverretatlig_sim.show.changes import called
from tverretatlig_sim.show.robust import threshold_words
from tverretatlig_sim.show.rows import (
    Cells,
    Details,
    PagePart,
    Picture,
    Points,
    Table,
    keyed,
    number,
    percent,
    plain,
    rows_of,
)
from tverretatlig_sim.show.simulations import frameworks_table, funnel_table
from tverretatlig_sim.study.effects import in_the_end
from tverretatlig_sim.study.robust_shares import smallest_of

LIMITS = "limit.named limit.scheming limit.content limit.membership limit.wholes"
"""What the model does not speak of, besides what the brief says."""
LOST = {
    "not_drafted": "not_drafted",
    "disagreement": "lost_disagreement",
    "ministries": "lost_ministries",
    "line": "lost_line",
    "municipalities": "lost_municipalities",
}
"""Outcome that counts the recommendations lost for each reason."""
LEVERS = 10
"""Levers with the largest effects that the figure shows."""


def report_sections(brief: Brief) -> dict[str, Sequence[PagePart]]:
    """What stands under each heading of a report, behind the brief."""
    results = brief.results
    pair = list(results.comparison.ensembles.values())
    heads = [label("brief.head.without"), label("brief.head.with")]
    if not brief.related:
        heads = [str(it.scenario.title) for it in pair]
    named = dict(zip(heads, pair, strict=True))
    funnels = [
        replace(funnel_table(it), title=f"{label('report.funnel')}: {head}") for head, it in named.items()
    ]
    readouts = frameworks_table({head: it.frameworks() for head, it in named.items()})
    evidence = {head: numbers(it.scenario) for head, it in named.items()}
    found: dict[str, Sequence[PagePart]] = {
        "arrangements": [
            label("report.arrangements.differ"),
            facts_table(results.base, results.change, heads),
        ],
        "result": [
            label("report.result.text", runs=results.comparison.runs, months=results.comparison.months),
            brief.measures(SHOWN),
            brief.tables["changes"],
        ],
        "robust": _robust(brief, heads),
        "funnel": [
            *(f"{head}: {losses(it)}" for head, it in named.items()),
            Picture(plots.plot_funnel(named), label("alt.funnel"), label("report.funnel")),
            Details(label("report.funnel.tables"), funnels),
        ],
        "frameworks": [
            label("report.frameworks.text"),
            Table({"measure": "", **dict(zip("AB", heads, strict=True))}, readouts.groups, readouts.title),
        ],
        "levers": _levers(brief),
        "limits": [Points([label(key) for key in LIMITS.split()])],
        "evidence": [
            label("report.evidence.text"),
            *(_graded(head, listed) for head, listed in evidence.items()),
            *(Details(label("report.evidence.all", title=it), _all(it, of)) for it, of in evidence.items()),
        ],
        "repeat": [label("report.repeat.text"), brief.tables["repeat"]],
    }  # fmt: skip
    return {key: parts for key, parts in found.items() if parts}


def _all(head: str, listed: Sequence[Number]) -> list[Table]:
    """Shares by part, and every number."""
    tables = [evidence_shares(listed, label("report.evidence.shares")), *evidence_tables(listed).values()]
    return [replace(table, title=f"{table.title}: {head}") for table in tables]


def _graded(head: str, listed: Sequence[Number]) -> str:
    counts = evidence_counts(listed).values()
    grades = ("sourced", "derived", "assumed")
    shares = {grade: percent(sum(part[grade] for part in counts) / len(listed)) for grade in grades}
    return label("said.evidence", title=head, n=len(listed), **shares)


def _robust(brief: Brief, heads: Sequence[str]) -> list[PagePart]:
    """Over the parameter sets, if they were run."""
    robust, stored = brief.results.robust, brief.results.stored
    if robust is None or stored is None:
        return [label("report.robust.none")]
    stale = [label("note.stale", names=", ".join(stored.stale))] if stored.stale else []
    split = next(iter(next(iter(robust.flips(brief.told).values()))), None)
    said = label("said.no_split")
    if split is not None and split.separates:
        spec = parameter_specs().get(split.parameter)
        meaning = str(spec.meaning) if spec else label("flips.entry", name=split.parameter)
        shares = {"below": percent(split.below), "above": percent(split.above)}
        said = label("said.split", meaning=meaning, threshold=threshold_words(split), **brief.names, **shares)
    titled = dict(zip(heads, robust.outcomes.values(), strict=True))
    figure = plots.plot_robustness(replace(robust, outcomes=titled), outcome=brief.told)
    return [
        label("report.robust.text", sets=len(robust.sets), runs=robust.runs),
        *stale,
        said,
        Picture(figure, label("alt.robust"), label("caption.robust")),
    ]


def losses(ensemble: Ensemble) -> str:
    """How many recommendations get through, why most of the others do not, and how many are on the way."""
    outcomes = ensemble.outcomes
    means = outcomes.mean()
    if not means["planned"] > 0:
        return label("said.nothing_planned")
    implemented, pending, planned = (number(means[key], 0) for key in ("implemented", "pending", "planned"))
    waiting = [label("said.waiting", count=pending)] if means["pending"] >= 0.5 else []
    return " ".join(
        [label("said.reached", implemented=implemented, planned=planned), _most_lost(outcomes), *waiting]
    )


def _most_lost(outcomes: pd.DataFrame) -> str:
    """The most frequent reason; two, where the difference between them is not clear."""
    lost = outcomes[list(LOST.values())].set_axis(list(LOST), axis="columns")
    means = lost.mean().sort_values(ascending=False, kind="stable")
    first, second = means.index[:2]
    if means[first] < 0.5:
        return label("said.loss.none")
    row = paired_difference(lost[first].to_numpy(float), lost[second].to_numpy(float))
    clear = verdict(row, smallest_of("planned")) == "more"
    return label(
        "said.loss.one" if clear else "said.loss.two",
        reason=label(f"loss.{first}"),
        count=number(means[first], 0),
        other=label(f"loss.{second}"),
        count2=number(means[second], 0),
    )


def _levers(brief: Brief) -> list[PagePart]:
    """What the levers that do most would add to the change, if they were tried."""
    found = brief.results.levers
    if found is None:
        return []
    table = found.table[found.table["reason"] == ""]
    rows = sorted(rows_of(table), key=lambda row: -abs(row["mean"]))[:LEVERS]
    if not rows:
        return []
    bars = bars_of([str(load_lever(row["lever"]).title) for row in rows], rows)
    words = {"n": len(table), "shown": len(rows), "runs": found.runs}
    figure = plots.plot_tornado(bars, title=label("caption.levers"), axis=label("figure.points"))
    return [
        label("report.levers.text", **words),
        Picture(figure, label("alt.levers"), label("caption.levers")),
    ]


# --- side by side


def facts_table(base: Scenario, change: Scenario, heads: Sequence[str]) -> Table:
    """Facts of both arrangements; rows that differ, also in what their words do not show, are marked."""
    rows: list[Cells] = []
    for key, fact in FACTS.items():
        behind = BEHIND.get(key, fact)
        one, other = str(fact(base)), str(fact(change))
        apart = one != other or behind(base) != behind(change)
        rows.append({"fact": label(key) + (" ≠" if apart else ""), "A": one, "B": other})
    columns = {"fact": "", **dict(zip("AB", heads, strict=True))}
    return keyed(rows, heads=columns, title=label("report.arrangements"))


def _title(forum: Forum) -> str:
    return str(forum.title or forum.name)


def _listed(words: Iterable[str], none: str = "report.none") -> str:
    return "; ".join(words) or label(none)


def _forums(scenario: Scenario) -> str:
    forums = scenario.arrangement.forum
    return _listed(label("fact.forum", title=_title(it), seats=len(it.seats)) for it in forums)


def _mandate(scenario: Scenario) -> str:
    clear = scenario.arrangement.mandate_clarity.value, scenario.arrangement.project_clarity.value
    return label("fact.mandate.text", forums=plain(clear[0]), projects=plain(clear[1]))


def _route(scenario: Scenario) -> str:
    """The bodies that decide, and by which rule."""
    forums = {forum.name: forum for forum in scenario.arrangement.forum}
    stops = [
        f"{_title(forums[stop])} ({label(f'rule.decide.{forums[stop].rule}')})"
        if stop in forums
        else label("fact.line")
        for stop in scenario.arrangement.route
    ]
    return " → ".join(stops)


def _portfolio(scenario: Scenario) -> str:
    projects = scenario.portfolio.project
    return label(
        "fact.portfolio.text",
        projects=len(projects),
        recommendations=sum(int(p.recommendations or len(p.recommendation)) for p in projects),
        commissioned=sum(project.origin == "commissioned" for project in projects),
    )


def _letters(scenario: Scenario) -> str:
    letters = [float(letter.strength) for letter in scenario.letters.letter]
    mean = plain(round(sum(letters) / len(letters), 2)) if letters else label("report.none")
    return label("fact.letters.text", n=len(letters), strength=mean)


FACTS: Mapping[str, Callable[[Scenario], object]] = {
    "fact.start": lambda s: s.start,
    "fact.agencies": lambda s: label("fact.agencies.text", n=len(s.agencies), core=len(s.core)),
    "fact.capacity": lambda s: number(in_the_end(s).capacity, 0),
    "fact.work": lambda s: number(in_the_end(s).work, 0),
    "fact.load": lambda s: number(in_the_end(s).load, 1),
    "fact.ministries": lambda s: len(s.ministries),
    "fact.coordinator": lambda s: called(s.arrangement.coordinator or "", s) or label("report.none"),
    "fact.forums": _forums,
    "fact.cadence": lambda s: number(sum(12 / float(f.cadence) for f in s.arrangement.forum), 0),
    "fact.secretariat": lambda s: plain(in_the_end(s).staff),
    "fact.mandate": _mandate,
    "fact.route": _route,
    "fact.stop_points": lambda s: plain(s.arrangement.stop_points.value),
    "fact.delivery": lambda s: label(s.arrangement.delivery),
    "fact.follow_up": lambda s: plain(s.arrangement.follow_up.value),
    "fact.portfolio": _portfolio,
    "fact.letters": _letters,
    "fact.levers": lambda s: _listed(str(load_lever(name).title) for name in s.levers),
}
"""Facts in the order in which they are told."""
BEHIND: Mapping[str, Callable[[Scenario], object]] = {
    "fact.agencies": lambda s: s.arrangement.member,
    "fact.ministries": lambda s: s.ministries,
    "fact.forums": lambda s: s.arrangement.forum,
    "fact.portfolio": lambda s: s.portfolio,
    "fact.letters": lambda s: s.letters,
}
"""What is compared where a fact does not say all of it."""
