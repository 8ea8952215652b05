"""What a difference is made of, as a table, a sentence and a document."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario.fit import RULES
from tverretatlig_sim.show.documents import Document, records
from tverretatlig_sim.show.frames import Row, rows_of
from tverretatlig_sim.show.labels import HEADLINE, unit
from tverretatlig_sim.show.numbers import enough_decimals, mean_with_interval, number, scaled
from tverretatlig_sim.show.tables import outcome_label, table

if TYPE_CHECKING:
    from rich.table import Table

    from tverretatlig_sim.scenario import Scenario
    from tverretatlig_sim.study import Explanation
    from tverretatlig_sim.study.robust import RobustExplanation

BAR = 30
"""Length of the longest bar, in characters."""
NAMED = 6
"""Names shown of those a rule was used on."""


def explanation_document(explanation: Explanation) -> Document:
    """Contributions of all parts, their sum, and how they were found."""
    return {
        **{
            key: getattr(explanation, key)
            for key in ("a", "b", "outcome", "seed", "runs", "months", "hybrids")
        },
        "missing": explanation.missing,
        "total": {key: _known(value) for key, value in explanation.total()._asdict().items()},
        "parts": records(explanation.table()),
        "finding": sentence(explanation),
        "rules": {rule: list(names) for rule, names in explanation.notes.items()},
    }


def _known(value: Any) -> float | int | None:  # noqa: ANN401
    return value if isinstance(value, int) else float(value) if isfinite(value) else None


def legend(scenarios: Sequence[Scenario]) -> str:
    """Which of the two scenarios is A and which B."""
    return "\n".join(
        f"{letter} = {scenario.name}: {scenario.title!s}"
        for letter, scenario in zip("AB", scenarios, strict=True)
    )


def explanation_table(explanation: Explanation) -> Table:
    """Parts that differ, the largest contribution first, and their sum."""
    heading = label("explain.contribution")
    made = table(outcome_label(explanation.outcome), {label("part"): "left", "": "left", heading: "right"})
    rows = [row for row in rows_of(explanation.table()) if row["differs"]]
    total = explanation.total()._asdict()
    longest = max((abs(row["mean"]) for row in [*rows, total] if isfinite(row["mean"])), default=0.0)
    for row in rows:
        made.add_row(label(f"part.{row['part']}"), *_cells(row, longest, explanation.outcome))
    made.add_section()
    made.add_row(label("explain.total"), *_cells(total, longest, explanation.outcome))
    return made


def _cells(row: Row, longest: float, outcome: str) -> tuple[str, str]:
    """A bar and a mean with its interval; bars of negative means are hollow."""
    size = abs(row["mean"]) / longest if longest > 0 and isfinite(row["mean"]) else 0.0
    bar = ("█" if row["mean"] > 0 else "░") * round(BAR * size)
    return bar, mean_with_interval(row["mean"], row["low"], row["high"], unit(outcome), sign=True)


def sentence(explanation: Explanation) -> str:
    """One sentence that the numbers support: which part contributes most, and whether that is clear."""
    names = {"a": explanation.a, "b": explanation.b, "outcome": label(explanation.outcome)}
    if not explanation.differing:
        return label("explain.identical", **names)
    total, first = explanation.total()._asdict(), rows_of(explanation.table())[0]
    if not isfinite(total["low"]):
        if total["n"] == 0 and explanation.outcome == HEADLINE:
            from tverretatlig_sim.ensemble.outcomes import FOLLOW_UP

            return label("explain.undefined_headline", **names, months=FOLLOW_UP)
        return label("explain.undefined", **names, n=total["n"], runs=explanation.runs)
    kind = "finding.runs" if explanation.missing == 0 else "finding.some_runs"
    return label(
        "explain.unclear" if _holds_zero(total) else "explain.clear",
        **names,
        runs=label(kind, n=total["n"], runs=explanation.runs),
        total=_interval(total, explanation.outcome),
        part=label(f"part.{first['part']}"),
        share=_interval(first, explanation.outcome),
        zero=label("explain.holds" if _holds_zero(first) else "explain.excludes"),
    )


def _holds_zero(row: Row) -> bool:
    return bool(row["low"] <= 0 <= row["high"])


def _interval(row: Row, outcome: str) -> str:
    kind = unit(outcome)
    values = {key: scaled(float(row[key]), kind) for key in ("mean", "low", "high")}
    decimals = enough_decimals(*values.values())
    shown = {key: number(value, decimals, sign=key == "mean") for key, value in values.items()}
    key = f"explain.{kind}"
    named = label(key)
    measured = "" if named == key else f" {named}"
    return label("explain.interval", **shown, unit=measured)


def notes(explanation: Explanation) -> list[str]:
    """How it was found, what is the same in both scenarios, and which rules of hybrids were used."""
    facts = {key: getattr(explanation, key) for key in ("hybrids", "runs", "seed", "months", "missing")}
    lines = [label("explain.method", **facts)]
    lines += [label("explain.missing", **facts)] if explanation.missing else []
    return lines + same_and_rules(explanation)


def same_and_rules(explanation: Explanation | RobustExplanation) -> list[str]:
    """What is the same in both scenarios, and which rules of hybrids were used."""
    same = [row["part"] for row in rows_of(explanation.table()) if not row["differs"]]
    named = ", ".join(label(f"part.{part}") for part in same)
    lines = [label("explain.same", parts=named)] if same else []
    lines += [label("explain.rules")] if explanation.notes else []
    return lines + [_rule(rule, list(names)) for rule, names in explanation.notes.items()]


def _rule(rule: str, names: list[str]) -> str:
    more = [label("explain.more", n=len(names) - NAMED)] if len(names) > NAMED else []
    return f"– {RULES[rule]}: {', '.join([*filter(None, names[:NAMED]), *more])}"
