"""Findings about patterns as tables, documents and files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario.spreadsheets import write_csv
from tverretatlig_sim.show.documents import Document, as_json, records
from tverretatlig_sim.show.files import Writer
from tverretatlig_sim.show.numbers import enough_decimals, number

if TYPE_CHECKING:
    from rich.table import Table

    from tverretatlig_sim.study.patterns import Finding, Text

AUTOMATIC = "†"


def pattern_tables(findings: Sequence[Finding]) -> list[Table]:
    """A table of the orderings and one of the distances, where there are any."""
    kinds = {
        "orderings": [finding for finding in findings if not finding.pattern.is_distance],
        "distances": [finding for finding in findings if finding.pattern.is_distance],
    }
    return [_table(kind, chosen) for kind, chosen in kinds.items() if chosen]


def _table(kind: str, findings: Sequence[Finding]) -> Table:
    from tverretatlig_sim.show.tables import table

    right = "pattern.share" if kind == "orderings" else "pattern.within"
    columns = {
        "pattern": "left",
        "pattern.claim": "fold",
        "pattern.statistic": "fold",
        right: "right",
        "pattern.verdict": "left",
        "pattern.sets": "right",
    }
    headings = {label(key): stands for key, stands in columns.items()}
    made = table(label(f"pattern.{kind}"), headings, lines=True)
    for finding in findings:
        made.add_row(*_cells(finding))
    return made


def _cells(finding: Finding) -> list[str]:
    pattern, interval = finding.pattern, finding.interval
    decimals = enough_decimals(interval.mean, interval.low, interval.high, least=2, most=4)
    numbers = [number(end, decimals) for end in (interval.mean, interval.low, interval.high)]
    said = f"{_say(pattern.measure)}: {numbers[0]} ({numbers[1]} … {numbers[2]})"
    if pattern.is_distance:
        said += f", ≤ {number(pattern.tolerance, 2)}"
    mark = f" {AUTOMATIC}" if pattern.automatic else ""
    evidence = label(f"evidence.{pattern.evidence}")
    return [
        f"{pattern.id}{mark}",
        f"{_say(pattern.claim)} {pattern.source} ({evidence})",
        said,
        number(100 * finding.share, 0),
        label(f"verdict.{finding.verdict}"),
        str(len(finding.known)),
    ]


def _say(text: Text) -> str:
    return str(str(text))


def patterns_document(findings: Sequence[Finding], sets: int, runs: int, seed: int) -> Document:
    """How the patterns were evaluated, and what was found, in both languages."""
    return {
        "sets": sets,
        "runs": runs,
        "seed": seed,
        "patterns": [
            {**row, **_texts(finding)} for row, finding in zip(_rows(findings), findings, strict=True)
        ],
    }


def _rows(findings: Sequence[Finding]) -> list[Document]:
    from tverretatlig_sim.study.patterns import table

    return records(table(findings))


def _texts(finding: Finding) -> Document:
    pattern = finding.pattern
    return {
        "claim": pattern.claim._asdict(),
        "measure": pattern.measure._asdict(),
        "switch": pattern.switch.text._asdict(),
        "remark": pattern.remark._asdict(),
    }


def pattern_files(findings: Sequence[Finding], document: Document) -> dict[str, Writer]:
    """The findings as CSV and JSON, and every set's statistics, by file name."""
    import pandas as pd

    from tverretatlig_sim.study.patterns import table

    values = pd.DataFrame({finding.pattern.id: finding.values for finding in findings}).rename_axis("set")
    return {
        "patterns.csv": partial(write_csv, table(findings)),
        "values.csv": partial(write_csv, values.reset_index()),
        "patterns.json": partial(_write_text, as_json(document) + "\n"),
    }


def _write_text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")
