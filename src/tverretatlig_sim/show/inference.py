"""What explains a difference, how robust it is over parameter sets, and what the sources' patterns say."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

from tverretatlig_sim.ensemble import FOLLOW_UP, HEADLINE, Unit
from tverretatlig_sim.i18n import label, ngettext
from tverretatlig_sim.scenario.fit import RULES
from tverretatlig_sim.show.rows import (
    Bar,
    Cell,
    Cells,
    Document,
    Frame,
    Part,
    Row,
    Several,
    Sheet,
    Span,
    Table,
    Value,
    Word,
    enough_decimals,
    fields_of,
    keyed,
    measure,
    number,
    percent,
    plain,
    rows_of,
    scaled,
    unit_of,
)
from tverretatlig_sim.show.simulations import legend
from tverretatlig_sim.show.studies import unit_words

if TYPE_CHECKING:
    import pandas as pd

    from tverretatlig_sim.scenario import Scenario
    from tverretatlig_sim.study import Explanation
    from tverretatlig_sim.study.history_matching import HistoryMatch, Stored
    from tverretatlig_sim.study.patterns import Finding
    from tverretatlig_sim.study.robust import RobustExplanation
    from tverretatlig_sim.study.sampling import ParameterSets

NAMED = 6
"""Names shown of those a rule was used on."""
MOST_REGIONS = 10
"""Parameters shown of those by which sets were ruled out."""

TEXTS = ("claim", "measure", "remark", "arrangements", "through")
HOW = ("a", "b", "outcome", "seed", "runs", "months", "hybrids")


def explanation_sheet(found: Explanation, scenarios: Sequence[Scenario]) -> Sheet:
    """What the difference between two scenarios is made of."""
    total, said = found.total()._asdict(), explanation_sentence(found)
    notes = [*explanation_notes(found), *rules(found)]
    document = {**fields_of(found, "missing"), **_explained(found, total, said)}
    return _explanation([legend(scenarios), _contributions(found, total), *notes, "", said], document, found)


def _explanation(parts: Sequence[Part], document: Document, found: Explanation | RobustExplanation) -> Sheet:
    return Sheet(parts, document, {"explanation.csv": found.table()}, {}, "explanation.json")


def _explained(found: Explanation | RobustExplanation, total: Row, said: str) -> Document:
    return {
        **fields_of(found, *HOW),
        "total": total,
        "parts": found.table(),
        "finding": said,
        "rules": found.notes,
    }


def _contributions(found: Explanation, total: Row) -> Table:
    """Parts that differ, the largest contribution first, and their sum."""
    rows = [row for row in rows_of(found.table()) if row["differs"]]
    longest = max((abs(row["mean"]) for row in [*rows, total] if isfinite(row["mean"])), default=0.0)

    def cells(name: Cell, row: Row) -> Cells:
        size = row["mean"] / longest if longest > 0 else 0.0
        value = Value.of(row, unit_of(found.outcome), sign=True)
        return {"part": name, "bar": Bar(size), "contribution": value}

    parts = [cells(Word(row["part"], "part"), row) for row in rows]
    last = cells(label("explain.total"), total)
    return keyed(parts, [last], of="explain", title=str(measure(found.outcome)), heads={"bar": ""})


def explanation_sentence(found: Explanation) -> str:
    """One sentence that the numbers support: which part contributes most, and whether that is clear."""
    names = {"a": found.a, "b": found.b, "outcome": label(found.outcome)}
    if not found.differing:
        return label("explain.identical", **names)
    total, first = found.total()._asdict(), rows_of(found.table())[0]
    if not isfinite(total["low"]):
        if total["n"] == 0 and found.outcome == HEADLINE:
            return label("explain.undefined_headline", **names, months=FOLLOW_UP)
        return label("explain.undefined", **names, n=total["n"], runs=found.runs)
    paired = "finding.runs" if found.missing == 0 else "finding.some_runs"
    return label(
        "explain.unclear" if _holds_zero(total) else "explain.clear",
        **names,
        runs=label(paired, n=total["n"], runs=found.runs),
        total=_interval(total, unit_of(found.outcome)),
        part=label(f"part.{first['part']}"),
        share=_interval(first, unit_of(found.outcome)),
        zero=label("explain.holds" if _holds_zero(first) else "explain.excludes"),
    )


def _holds_zero(row: Row) -> bool:
    return bool(row["low"] <= 0 <= row["high"])


def _interval(row: Row, unit: Unit) -> str:
    values = {key: scaled(float(row[key]), unit) for key in ("mean", "low", "high")}
    decimals = enough_decimals(*values.values())
    shown = {key: number(value, decimals, sign=key == "mean") for key, value in values.items()}
    return label("explain.interval", **shown, unit="".join(f" {words}" for words in unit_words(unit)))


def explanation_notes(found: Explanation) -> list[str]:
    """How it was found, which runs are left out, and what is the same in both scenarios."""
    facts = fields_of(found, "hybrids", "runs", "seed", "months", "missing")
    left_out = [label("explain.missing", **facts)] if found.missing else []
    return [label("explain.method", **facts), *left_out, *_same(found)]


def _same(found: Explanation | RobustExplanation) -> list[str]:
    same = [label(f"part.{row['part']}") for row in rows_of(found.table()) if not row["differs"]]
    return [label("explain.same", parts=", ".join(same))] if same else []


def rules(found: Explanation | RobustExplanation) -> list[str]:
    """Which rules were used where parts did not fit together, and on what; the first line is the heading."""
    lines = [f"– {rule}" for rule in used_rules(found)]
    return [label("explain.rules"), *lines] if lines else []


def used_rules(found: Explanation | RobustExplanation) -> list[str]:
    """Each rule used where parts did not fit together, and on what."""
    said = []
    for rule, names in found.notes.items():
        more = [label("explain.more", n=len(names) - NAMED)] if len(names) > NAMED else []
        said.append(f"{RULES[rule]!s}: {', '.join([*filter(None, names[:NAMED]), *more])}")
    return said


def robust_explanation_sheet(
    found: RobustExplanation, stored: Stored, scenarios: Sequence[Scenario]
) -> Sheet:
    """What the difference between two scenarios is made of, over evidence-consistent sets."""
    total, said, unit = found.total(), robust_sentence(found), unit_of(found.outcome)
    parts: list[Cells] = [
        {"part": Word(row["part"], "part"), **over_sets(row, unit)}
        for row in rows_of(found.table())
        if row["differs"]
    ]
    last: Cells = {"part": label("explain.total"), **over_sets(total, unit)}
    heads = set_heads("> 0", "< 0", label("explain.contribution"))
    table = keyed(parts, [last], of="robust", title=str(measure(found.outcome)), heads=heads)
    sets = {"sets": len(found.sets)}
    method = label("explain.robust_method", **sets, **fields_of(found, *HOW[3:]))
    size = label("note.smallest", sizes=difference_words(found.smallest, unit))
    notes = [method, entries_note(found.sets), size, *stale_note(stored), *_same(found), *rules(found)]
    document = {
        **sets,
        "smallest": found.smallest,
        "retained": retained(stored),
        "entries": entries_document(found.sets),
        **_explained(found, total, said),
    }
    return _explanation([legend(scenarios), table, *notes, "", said], document, found)


def set_heads(above: str, below: str, difference: str) -> dict[str, str]:
    """Headings of ``over_sets``."""
    share = label("robust.share")
    return {
        "better": f"{above}\n({share})",
        "no_matter": f"{label('robust.no_matter')}\n({share})",
        "worse": f"{below}\n({share})",
        "undecided": f"{label('robust.open')}\n({share})",
        "difference": difference,
        "sets": label("pattern.sets"),
    }


def over_sets(row: Row, unit: Unit) -> dict[str, Cell]:
    """A number over parameter sets: the three answers and the undecided, mean, spread, number of sets."""
    return {
        "better": share_value(row, "better", "better_low", "better_high"),
        "no_matter": Value(row["no_matter"], "share", decimals=0),
        "worse": share_value(row, "worse", "worse_low", "worse_high"),
        "undecided": Value(row["undecided"], "share", decimals=0),
        "difference": Value.of(row, unit, sign=True),
        "spread": Span(row["q05"], row["q95"], unit, sign=True),
        "sets": row["sets"],
    }


def share_value(row: Row, mean: str, low: str, high: str) -> Value:
    """A share with its interval."""
    return Value(row[mean], "share", row[low], row[high], decimals=0, ends=True)


def retained(stored: Stored) -> Document:
    """How the parameter sets came about."""
    return {**stored.manifest, "stale": stored.stale}


def stale_note(stored: Stored) -> list[str]:
    """Which parameters the sets were not made for."""
    return [label("note.stale", names=", ".join(stored.stale))] if stored.stale else []


def robust_sentence(found: RobustExplanation) -> str:
    """Which part contributes most over the sets, and in how many of them its sign holds."""
    names = {"a": found.a, "b": found.b, "outcome": label(found.outcome)}
    if not found.differing:
        return label("explain.identical", **names)
    first, total = rows_of(found.table())[0], found.total()
    if not total["sets"]:
        return label("explain.robust_undefined", **names)
    return label(
        f"explain.robust_{'clear' if _settled(first) else 'unclear'}",
        **names,
        part=label(f"part.{first['part']}"),
        share=percent(first["better"]),
        other=percent(first["worse"]),
        total=percent(total["better"]),
        sets=total["sets"],
        smallest=difference_words(found.smallest, unit_of(found.outcome)),
    )


def _settled(row: Row) -> bool:
    """Whether most sets agree on a sign, with interval."""
    return bool(max(row["better_low"], row["worse_low"]) > 0.5)


def difference_words(size: float, unit: Unit) -> str:
    """The size of a difference with its unit."""
    shown = float(scaled(size, unit))
    return " ".join([plain(shown), *unit_words(unit, shown)])


def entries_note(sets: ParameterSets) -> str:
    """How many entries of the scenarios are drawn, and in how many draws of some the sets share."""
    if not sets.entries:
        return label("note.numbers_fixed")
    blocks = 0 if sets.blocks is None else len(set(sets.blocks.tolist()))
    return label("note.entries", n=len(sets.entries), shared=len(sets.by_block), blocks=blocks)


def entries_document(sets: ParameterSets) -> list[Document]:
    """The evidence entries that are drawn."""
    names = sets.names[len(sets.names) - len(sets.entries) :]
    return [
        {"name": name, **entry._asdict(), "by_block": name in sets.by_block}
        for name, entry in zip(names, sets.entries, strict=True)
    ]


def history_sheet(history: HistoryMatch, want: int, command: str) -> Sheet:
    """How many sets were kept, what ruled the others out, and in which regions.

    Args:
        history: the match.
        want: how many sets were wanted.
        command: that found them.
    """
    from tverretatlig_sim.study.history_matching import manifest_of

    kept, drawn = len(history.kept), len(history.sets)
    criteria, regions = history.leave_one_out(), history.regions()
    share = percent(kept / drawn, 1)
    stages = ngettext("{number} stage", "{number} stages", len(history.stages))
    said = label("note.retained", kept=kept, drawn=drawn, share=share, stages=stages)
    short = [label("note.too_few", kept=kept, want=want)] if kept < want else []
    if history.conflicts:
        missed = [f"{name} ({percent(share, 0)} %)" for name, share in history.conflicts.items()]
        short.append(label("note.conflicts", names=", ".join(missed)))
    document = {
        **manifest_of(history, command),
        "criteria": criteria,
        "regions": regions,
    }
    return Sheet([said, *short, _criteria(criteria), _regions(regions)], document)


def _criteria(frame: pd.DataFrame) -> Table:
    rows: list[Cells] = [
        {
            "pattern": row["id"],
            "evidence": Word(row["evidence"], "evidence"),
            "passed": Value(row["passed"], "share", decimals=0),
            "others": row["others"],
            "left_out": share_value(row, "share", "low", "high"),
        }
        for row in rows_of(frame)
    ]
    return keyed(
        rows, of="robust", title=label("robust.criteria"), heads={"evidence": label("pattern.evidence")}
    )


def _regions(frame: pd.DataFrame) -> Table:
    return keyed(
        [
            {
                "parameter": row["parameter"],
                "range": Span(row["low"], row["high"]),
                **{f"third_{key}": Value(row[f"kept_{key}"], "share") for key in ("low", "middle", "high")},
                "kept_range": Span(row["kept_from"], row["kept_to"], "number", decimals=3),
            }
            for row in rows_of(frame)[:MOST_REGIONS]
        ],
        of="robust",
        title=label("robust.regions"),
    )


def patterns_sheet(
    findings: Sequence[Finding], sets: int, runs: int, seed: int, *, switched: bool = False
) -> Sheet:
    """What the sources report, checked over parameter sets: orderings, and distances from what was counted.

    Args:
        findings: one a pattern.
        sets: parameter sets.
        runs: of each set.
        seed: of sets and draws.
        switched: whether the mechanism that each rests on was taken away.
    """
    from tverretatlig_sim.study.patterns import KINDS, table

    how = {"sets": sets, "runs": runs, "seed": seed}
    kinds = {kind: [it for it in findings if it.pattern.kind == kind] for kind in reversed(KINDS)}
    parts: list[Part] = [_patterns(kind, chosen) for kind, chosen in kinds.items() if chosen]
    parts.append(label("note.patterns", **how))
    if switched:
        away = [f"{finding.pattern.id}: {finding.pattern.switch.text!s}" for finding in findings]
        parts += ["", label("note.switched"), *away]
    found = table(findings)
    document = {
        **how,
        "patterns": [
            {**row, **fields_of(finding.pattern, *TEXTS), "switch": finding.pattern.switch.text}
            for row, finding in zip(rows_of(found), findings, strict=True)
        ],
    }
    frames: dict[str, Frame] = {"patterns.csv": found, "values.csv": lambda: _set_values(findings)}
    return Sheet(parts, document, frames, {}, "patterns.json")


def _patterns(kind: str, findings: Sequence[Finding]) -> Table:
    return keyed(
        [
            {
                "pattern": finding.pattern.id,
                "claim": _claim(finding),
                "statistic": _statistic(finding),
                "share": Value(finding.share, "share", decimals=0),
                "verdict": Word(finding.verdict, "verdict"),
                "sets": len(finding.known),
            }
            for finding in findings
        ],
        of="pattern",
        title=label(f"pattern.{kind}"),
    )


def _claim(finding: Finding) -> str:
    pattern = finding.pattern
    return f"{pattern.claim!s} {pattern.source} ({Word(pattern.evidence, 'evidence')})"


def _statistic(finding: Finding) -> Several:
    pattern, (mean, low, high) = finding.pattern, _ends(finding)
    decimals = enough_decimals(mean, low, high, least=2, most=4)
    value = Value(mean, "number", low, high, decimals=decimals, ends=True)
    bound = [f", ≤ {number(pattern.tolerance, 2)}"] if pattern.is_distance else []
    return Several([f"{pattern.measure!s}: ", value, *bound], "")


def _ends(finding: Finding) -> tuple[float, float, float]:
    return finding.interval.mean, finding.interval.low, finding.interval.high


def _set_values(findings: Sequence[Finding]) -> pd.DataFrame:
    """Every set's statistics, a column a pattern."""
    import pandas as pd

    values = {finding.pattern.id: finding.values for finding in findings}
    return pd.DataFrame(values).rename_axis("set").reset_index()
