"""One page on a base and its change: the question, the answer and how sure it is, what each change does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import floor, isfinite, log10
from typing import Literal

import pandas as pd

from tverretatlig_sim.dates import FROM_START
from tverretatlig_sim.ensemble import FOLLOW_UP, HEADLINE, OF_PLANNED
from tverretatlig_sim.ensemble.outcomes import OUTCOMES
from tverretatlig_sim.ensemble.statistics import paired_difference
from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario.overlay import fingerprint
from tverretatlig_sim.show.changes import said
from tverretatlig_sim.show.rows import (
    Cells,
    PagePart,
    Picture,
    Points,
    Table,
    Value,
    keyed,
    measure,
    number,
    percent,
    rows_of,
    unit_of,
)
from tverretatlig_sim.study.briefing import Briefing
from tverretatlig_sim.study.effects import SAME_LOAD, in_the_end
from tverretatlig_sim.study.robust_shares import smallest_of
from tverretatlig_sim.version import __version__

Verdict = Literal["more", "less", "small", "unclear", "unknown"]
"""What a difference supports: certain and of interest, certainly too small, undecided, undefined."""
YEARS = {OF_PLANNED: FROM_START // 12, HEADLINE: FOLLOW_UP // 12}
"""Years within which the measures of the answer count what is implemented."""
UNKNOWN = ("limit.levels", "limit.people", "limit.politics")
"""The three things that a page says the model does not know."""
TAG = re.compile(r"\b(DEL19|DFO25|DIFI14|DIFI17|RAD17)\b")
SHOWN_BARRIERS = 3
"""Barriers that a page tells of one by one."""
MANY_MORE, LATER = 0.1, 1.0
"""Relative difference of what is drafted, and months until then, that explain why measures disagree."""
COSTS = ("fte_spent", "meetings")
"""Outcomes that say what the cooperation takes."""


def verdict(row: Mapping[str, float], smallest: float) -> Verdict:
    """What a difference supports.

    Args:
        row: ``mean``, ``low`` and ``high``.
        smallest: smallest difference of interest.
    """
    mean, low, high = (row[key] for key in ("mean", "low", "high"))
    if not (isfinite(low) and isfinite(high)):
        return "unknown"
    if abs(mean) >= smallest and (low > 0 or high < 0):
        return "more" if mean > 0 else "less"
    return "small" if max(abs(low), abs(high)) < smallest or low > 0 or high < 0 else "unclear"


def points(row: Mapping[str, float], *keys: str, sign: int = 1) -> list[str]:
    """Numbers of a difference in percentage points, with no more digits than its interval bears."""
    half = 50 * abs(row["high"] - row["low"])
    decimals = 0 if half >= 0.5 or not isfinite(half) else 1
    return [number(100 * sign * row[key], decimals) for key in keys]


def bars_of(names: Sequence[str], rows: Sequence[Mapping[str, float]]) -> pd.DataFrame:
    """Differences in shares as figures draw them: ``factor``; ``index``, ``low`` and ``high`` in per cent."""
    sizes = 100 * pd.DataFrame([*rows])[["mean", "low", "high"]]
    return sizes.set_axis(["index", "low", "high"], axis="columns").assign(factor=names)


def counted(number: str) -> str:
    """So many percentage points, in words that fit the number."""
    return label("brief.point" if number in ("1", "−1") else "brief.points", n=number)


@dataclass(frozen=True, eq=False)
class Brief:
    """The sentences and tables of a page, from the results; in the language that is current when it is asked.

    Attributes:
        results: what it rests on.
        command: that makes the page again.
    """

    results: Briefing
    command: str = ""

    # --- what is compared

    @cached_property
    def related(self) -> bool:
        """Whether one is a change of the other, line by line."""
        return bool(self.results.effects.lines)

    @property
    def names(self) -> dict[str, str]:
        """What the change and the base are called in a sentence."""
        base, change = self.results.base, self.results.change
        if self.related:
            return {"with_": label("brief.with"), "without": label("brief.without")}
        return {
            "with_": label("brief.in", title=change.title),
            "without": label("brief.in", title=base.title),
        }

    @property
    def title(self) -> str:
        """Heading of the page."""
        base, change = self.results.base, self.results.change
        key = "brief.if" if self.related else "brief.instead"
        return label(key, base=str(base.title), change=str(change.title))

    @property
    def changes(self) -> list[str]:
        """What each line, or the part in which the two differ, is called."""
        found = self.results.effects
        if not found.lines:
            return [label(f"part.{name}") for name in found.names]
        return [said(line, found.base) for line in found.lines]

    def difference(self, outcome: str) -> dict[str, float]:
        """The change minus the base, on the same draws."""
        row = rows_of(self.results.comparison.table(outcome))[0]
        return {"n": row["n"], "mean": -row["mean"], "low": -row["high"], "high": -row["low"]}

    def means(self, outcome: str) -> tuple[float, float]:
        """Mean of the change and of the base."""
        base, change = self.results.comparison.ensembles.values()
        return float(change.outcomes[outcome].mean()), float(base.outcomes[outcome].mean())

    @cached_property
    def told(self) -> str:
        """The measure of the answer: of what was planned; of what was drafted where runs are too short."""
        return OF_PLANNED if isfinite(self.difference(OF_PLANNED)["mean"]) else HEADLINE

    def judged(self, outcome: str) -> Verdict:
        """What the difference in an outcome supports."""
        return verdict(self.difference(outcome), smallest_of(outcome))

    # --- sentences

    @property
    def question(self) -> str:
        """What is asked."""
        line = next(iter(self.results.effects.lines), None)
        if self.related:
            since = label("brief.since", date=line.since) if line and line.since else ""
            return label("brief.asked", since=since)
        return label("brief.asked_of_two", **self.names)

    @property
    def answer(self) -> list[str]:
        """The answer, how sure it is, and what reconciles measures that disagree."""
        found = self.results.effects
        if all(found.idle):
            return [label("answer.nothing")]
        return [*filter(None, [self.told_of(self.told), self.sure, self.reconciled])]

    def told_of(self, outcome: str) -> str:
        """What the difference in a measure supports."""
        row, kind = self.difference(outcome), self.judged(outcome)
        after, before = map(percent, self.means(outcome))
        ends = ("mean", "high", "low") if kind == "less" else ("mean", "low", "high")
        mean, low, high = points(row, *ends, sign=-1 if kind == "less" else 1)
        key = "none" if low == high and not row["mean"] else kind
        return label(
            f"answer.{key}", measure=label(f"brief.of.{outcome}"), years=YEARS[outcome], after=after,
            before=before, mean=counted(mean), low=low, high=high,
            smallest=number(100 * smallest_of(outcome), 0), **self.names,
        )  # fmt: skip

    @property
    def sure(self) -> str:
        """In what share of the parameter sets that evidence leaves the answer holds."""
        robust, kind = self.results.robust, self.judged(self.told)
        if robust is None or kind == "unknown":
            return label("sure.untried")
        row = rows_of(robust.table([self.told]))[0]
        # The base comes first in the comparison, so that the base above the change is its better.
        ways = {"more": "worse", "less": "better"}
        way = ways.get(kind, "worse")
        share, other = row[way], row["better" if way == "worse" else "worse"]
        key = "both" if kind not in ways else "holds" if row[f"{way}_low"] > 0.5 else "doubtful"
        return label(f"sure.{key}", share=percent(share), other=percent(other), sets=row["sets"])

    @property
    def reconciled(self) -> str:
        """Why the two measures say different things; empty if they do not."""
        one, other = self.judged(self.told), self.judged(HEADLINE)
        alike = one == other or {one, other} <= {"small", "unclear"}
        if self.told == HEADLINE or other == "unknown" or alike:
            return ""
        after, before = self.means("drafted")
        (late, late_before), (whole, whole_before) = map(
            self.means, ("months_from_draft", "months_to_implement")
        )
        delay = (whole - late) - (whole_before - late_before)
        if before and abs(after / before - 1) >= MANY_MORE:
            why = "more" if after > before else "less"
        else:
            why = "later" if delay >= LATER else "earlier" if delay <= -LATER else "time"
        words = {"after": number(after, 0), "before": number(before, 0)}
        reason = label(f"reconciled.{why}", **words)
        shares = dict(zip(("after", "before"), map(percent, self.means(HEADLINE)), strict=True))
        return label(f"reconciled.{other}_drafted", reason=reason, years=YEARS[HEADLINE], **shares)

    @property
    def together(self) -> str:
        """Whether the changes do more or less together than each alone."""
        found = self.results.effects
        if len(found.names) < 2:
            return ""
        whole, rest = found.of(found.everything, self.told), found.rest(self.told)
        kind = verdict(rest, smallest_of(self.told))
        alone = {**whole, "mean": whole["mean"] - rest["mean"]}
        values = {"all": counted(points(whole, "mean")[0]), "alone": points(alone, "mean")[0]}
        return label(f"together.{kind if kind in ('more', 'less') else 'alike'}", **values)

    @property
    def workload(self) -> list[str]:
        """Who carries how much, and what would be at the same load."""
        results = self.results
        one, other = in_the_end(results.base), in_the_end(results.change)
        gone, ratio = len(one.agencies) - len(other.agencies), other.load / one.load
        who = "left" if gone > 0 else "joined" if gone < 0 else "same_members"
        work = "stays" if abs(other.work / one.work - 1) <= SAME_LOAD else "changes"
        alike = abs(ratio - 1) <= SAME_LOAD
        head = label(f"load.{who}{'.one' if abs(gone) == 1 else ''}.work_{work}", n=abs(gone))
        key = "load.same_load" if alike else "load.ratio"
        sentences = [label(key, head=head, ratio=number(ratio, 1))]
        if results.same_load is not None:
            sentences.append(self._at_same_load())
        elif results.change.then and not alike:
            sentences.append(label("same_load.dated"))
        return sentences

    def _at_same_load(self) -> str:
        results = self.results
        base, _change = results.comparison.ensembles.values()
        assert results.same_load is not None
        alike, runs = results.same_load.outcomes[self.told], results.same_load.runs
        row = paired_difference(alike.to_numpy(float), base.outcomes[self.told].to_numpy(float)[:runs])
        kind = verdict(row, smallest_of(self.told))
        sign = -1 if kind == "less" else 1
        return label(f"same_load.{kind}", mean=counted(points(row, "mean", sign=sign)[0]),
                     after=percent(alike.mean()))  # fmt: skip

    @property
    def barriers(self) -> list[str]:
        """Kinds of barrier that remain and whose removal would add something, the largest first."""
        table = self.results.barriers.table
        rows = rows_of(table[table["outcome"] == self.told])
        left = [row for row in rows if not row["reason"]]
        helps = [row for row in left if verdict(row, smallest_of(self.told)) == "more"]
        helps.sort(key=lambda row: -float(row["mean"]))
        found = [
            label("barrier.helps", claim=row["claim"], mean=counted(points(row, "mean")[0]))
            for row in helps[:SHOWN_BARRIERS]
        ]
        rest = [row["claim"].lower() for row in left if row not in helps]
        if rest and not helps:
            found.append(label("barrier.rest", claims="; ".join(rest)))
        return found or [label("barrier.none")]

    @property
    def sources(self) -> list[str]:
        """Full references of what the numbers rest on, and that most are assumptions."""
        base, change = self.results.base, self.results.change
        texts = [base.source, change.source, base.arrangement.source, change.arrangement.source]
        texts += list(self.results.barriers.table["source"])
        tags = dict.fromkeys(tag for text in texts for tag in TAG.findall(text))
        return [label(f"reference.{tag}") for tag in sorted(tags)]

    # --- the page and the tables behind it

    @property
    def sections(self) -> dict[str, Sequence[PagePart]]:
        """What stands under each heading of the page, in order."""
        answer, changes = self.answer, self.changes
        bars = [self.picture] if not all(self.results.effects.idle) else []
        return {
            "question": [self.question, Points(changes, numbered=True)],
            "answer": [" ".join(answer)],
            "changes": [*bars, *filter(None, [self.together])],
            "cost": [" ".join(self.workload), self.cost],
            "barriers": [Points(self.barriers)],
            "unknown": [Points([label(key) for key in UNKNOWN])],
            "sources": [" ".join(self.sources)],
        }

    @property
    def picture(self) -> Picture:
        """The measure with and without the changes, and each change's effect alone as a bar."""
        from tverretatlig_sim.show.plots import plot_effects  # matplotlib is slow to import

        found = self.results.effects
        rows = [*rows_of(found.table(self.told)), found.of(found.everything, self.told)]
        bars = bars_of([*map(_short, self.changes), label("brief.all")], rows)
        caption = label("brief.figure", measure=label(f"brief.of.{self.told}").lower())
        figure = plot_effects(bars, axis=label("figure.points"))
        return Picture(figure, label("brief.alt", n=len(found.names)), caption)

    @property
    def tables(self) -> dict[str, Table]:
        """All numbers behind the page, by the name of their sheet."""
        results, found = self.results, self.results.effects
        outcomes = (OF_PLANNED, HEADLINE, "drafted", "implemented", "months_from_draft", *COSTS)
        lines: list[Cells] = [
            {"change": name, "alone": Value.of(row, "share", sign=True),
             "shared": Value(row["share"], "share", row["share_low"], row["share_high"], sign=True)}
            for name, row in zip(self.changes, rows_of(found.table(self.told)), strict=True)
        ]  # fmt: skip
        table = results.barriers.table
        barriers: list[Cells] = [
            {"barrier": row["claim"], "difference": row["reason"] or Value.of(row, "share", sign=True)}
            for row in rows_of(table[table["outcome"] == self.told])
        ]
        return {
            "measures": self.measures(outcomes),
            "changes": keyed(lines, of="brief", title=label("brief.changes"), note=label("brief.shares")),
            "cost": self.cost,
            "barriers": keyed(barriers, of="brief", title=label("brief.barriers")),
            "repeat": keyed([{"fact": key, "value": value} for key, value in self.repeat], of="brief",
                            title=label("brief.repeat"), heads={"fact": "", "value": ""}),
        }  # fmt: skip

    def measures(self, outcomes: Sequence[str]) -> Table:
        """Outcomes of both, their difference, and whether it is better or worse."""
        rows: list[Cells] = [
            {
                "outcome": measure(name),
                "without": Value(self.means(name)[1], unit_of(name)),
                "with_": Value(self.means(name)[0], unit_of(name)),
                "difference": Value.of(self.difference(name), unit_of(name), sign=True),
                "verdict": label(f"verdict.{self._worth(name)}"),
            }
            for name in outcomes
        ]
        return keyed(rows, of="brief", title=label("brief.measures"), heads=self._heads)

    def _worth(self, outcome: str) -> str:
        """Whether a difference is better or worse; its verdict where neither can be said."""
        kind, better = self.judged(outcome), OUTCOMES[outcome].better
        if kind == "small" and not any(self.difference(outcome)[key] for key in ("low", "high")):
            return "none"
        if kind in ("more", "less") and better != "neither":
            return "better" if kind == better else "worse"
        return kind

    @property
    def _heads(self) -> dict[str, str]:
        return {
            "with_": label("brief.head.with"), "without": label("brief.head.without"), "outcome": "",
            "verdict": "",
        }  # fmt: skip

    @property
    def cost(self) -> Table:
        """Who there is, what there is to do, and what the cooperation takes."""
        one, other = in_the_end(self.results.base), in_the_end(self.results.change)
        rows: dict[str, tuple[float, float]] = {
            label("load.agencies"): (len(one.agencies), len(other.agencies)),
            label("load.load"): (one.load, other.load),
            label("load.staff"): (one.staff, other.staff),
        }
        years = self.results.comparison.months / 12
        for key in COSTS:
            after, before = self.means(key)
            rows[label(f"load.{key}")] = (before / years, after / years)
        cells: list[Cells] = [
            {"outcome": name, "without": _sensible(before), "with_": _sensible(after)}
            for name, (before, after) in rows.items()
        ]
        return keyed(cells, title=label("brief.cost.table"), heads=self._heads)

    @property
    def repeat(self) -> Iterator[tuple[str, str]]:
        """How to make the page again."""
        found, parts = self.results.comparison, self.results.effects
        yield label("report.repeat.command"), self.command or label("report.none")
        yield label("report.repeat.version"), f"tverretatlig-sim {__version__}"
        yield label("report.repeat.seed"), str(found.seed)
        yield label("report.repeat.runs"), label("report.repeat.runs.text", runs=found.runs, few=parts.runs)
        yield label("report.repeat.months"), str(found.months)
        given = ", ".join(f"{name} = {value!r}" for name, value in self.results.parameters.items())
        yield label("report.repeat.parameters"), given or label("report.none")
        robust = self.results.robust
        yield (
            label("report.repeat.sets"),
            f"{len(robust.sets)} × {robust.runs}" if robust else label("report.none"),
        )
        for scenario in (self.results.base, self.results.change):
            yield label("report.repeat.hash", name=str(scenario.title)), fingerprint(scenario)


def _short(change: str) -> str:
    """A change without its values, which stand in the list of changes."""
    return re.sub(r" \([^)]*\)|:[^:]*$", "", change)


def _sensible(value: float) -> Value:
    """A number with two digits that count."""
    if isfinite(value) and value:
        value = round(value, 1 - floor(log10(abs(value))))
    return Value(value, "number", decimals=0 if abs(value) >= 10 or value == int(value) else 1)
