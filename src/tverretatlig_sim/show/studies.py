"""Studies as tables, paragraphs and documents: what is asked, how far it has come, what came out."""

from __future__ import annotations

from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from tverretatlig_sim.ensemble import SHOWN
from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario.files import shown
from tverretatlig_sim.show.documents import Document, records
from tverretatlig_sim.show.labels import unit
from tverretatlig_sim.show.numbers import DECIMALS, number, plain, scaled
from tverretatlig_sim.show.tables import outcome_label, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from rich.console import RenderableType
    from rich.table import Table

    from tverretatlig_sim.study.result import StudyResult
    from tverretatlig_sim.study.store import Owner
    from tverretatlig_sim.study.study import Study

MOST = 20
"""Arrangements, factors or failures shown in a table; documents have all of them."""


def study_document(study: Study) -> Document:
    """What a study asks."""
    return {
        "name": study.name,
        "title": study.title,
        "arrangements": list(study.scenarios),
        "factors": [
            {"name": f.name, "low": f.low, "high": f.high, "distribution": f.distribution}
            for f in study.factors
        ],
        "fixed": dict(study.fixed),
        "design": study.design.kind,
        "points": len(study.points),
        "runs": study.runs,
        "months": study.months,
        "seed": study.seed,
        "outcomes": list(study.outcomes),
        "notes": [str(note) for note in study.notes],
    }


def study_portrait(study: Study) -> list[RenderableType]:
    """What a study asks, for people."""
    document = study_document(study)
    names = document["arrangements"]
    listed = [f"  {name}" for name in names[:MOST]] + _more(len(names))
    size = label("study.size",
        **{key: document[key] for key in ("points", "runs", "months", "seed")},
        design=label(document["design"]), arrangements=len(names), total=study.total,
    )  # fmt: skip
    head = [study.title] if study.title else []
    return [*head, label("study.arrangements") + ":", *listed, *_factors(study), size]


def _more(number: int) -> list[str]:
    return [f"  {label('study.more', number=number - MOST)}"] if number > MOST else []


def _factors(study: Study) -> list[RenderableType]:
    from tverretatlig_sim.scenario import parameter_specs

    if not study.factors:
        return []
    columns = {"factor": "left", "from": "right", "to": "right", "distribution": "left", "meaning": "left"}
    made = table(label("study.factors"), {label(f"study.{key}"): side for key, side in columns.items()})
    specs = parameter_specs()
    for factor in study.factors[:MOST]:
        made.add_row(
            factor.name, plain(factor.low), plain(factor.high), label(factor.distribution),
            str(specs[factor.name].meaning) if factor.name in specs else "",
        )  # fmt: skip
    return [made, *_more(len(study.factors))]


def results_document(result: StudyResult) -> Document:
    """How far a study has come, and its table."""
    progress = result.progress()
    return {
        "tasks": progress.tasks,
        "stored": progress.stored,
        "failed": progress.failed,
        "table": records(result.table(partial=True)),
    }


def results_table(result: StudyResult) -> list[RenderableType]:
    """Each arrangement's outcomes over all points."""
    frame, progress = result.table(partial=True), result.progress()
    names = list(result.study.scenarios)[: len(ascii_uppercase)]
    letters = dict(zip(names, ascii_uppercase, strict=False))
    columns = {"": "left", **dict.fromkeys(letters.values(), "right")}
    made = table(label("study.results"), columns)
    asked = result.study.outcomes
    for outcome in [name for name in SHOWN if name in asked] or asked:
        cells = (_range(frame[frame["arrangement"] == name][outcome], outcome) for name in names)
        made.add_row(outcome_label(outcome), *cells)
    note = label("study.unfinished", stored=progress.stored, tasks=progress.tasks)
    legend = [f"  {letter} = {name}" for name, letter in letters.items()]
    return [made, *legend, *([note] if progress.stored < progress.tasks else [])]


def _range(means: pd.Series[Any], outcome: str) -> str:
    kind = unit(outcome)
    average, low, high = (
        number(scaled(float(value), kind), DECIMALS[kind])
        for value in (means.mean(), means.min(), means.max())
    )
    return average if low == high else f"{average} ({low} – {high})"


def status_document(result: StudyResult, owner: Owner | None, damaged: Mapping[str, str]) -> Document:
    """How far a study has come, who is at it, and what went wrong.

    Tasks are ``stored``, ``failed``, ``damaged`` or ``left``, each one of these.
    """
    progress, manifest = result.progress(), result.disk.manifest
    spoilt = sum(task.size for task in result.tasks if task.key in damaged)
    return {
        "store": shown(result.disk.folder),
        "study": manifest["study"],
        "tasks": progress.tasks,
        "stored": progress.stored - len(damaged),
        "failed": progress.failed,
        "damaged": dict(damaged),
        "left": progress.tasks - progress.stored - progress.failed,
        "runs": progress.runs,
        "stored_runs": progress.stored_runs - spoilt,
        "sessions": manifest["sessions"],
        "owner": None if owner is None else {"pid": owner.pid, "host": owner.host, "seen": owner.seen},
        "failures": records(result.failures().drop(columns="traceback")),
    }


def status_tables(document: Document) -> list[Table]:
    """The same for people."""
    title = label("study.state", folder=document["store"])
    made = table(title, {" ": "left", "": "left"})
    counts = {
        "done": document["stored"], "failed": document["failed"], "damaged": len(document["damaged"]),
        "left": document["left"],
    }  # fmt: skip
    said = ", ".join(f"{count} {label(f'study.{key}')}" for key, count in counts.items() if count)
    made.add_row(label("study.tasks"), f"{document['tasks']}: {said}")
    made.add_row(label("study.runs"), f"{document['stored_runs']} / {document['runs']}")
    sessions = document["sessions"]
    seconds = f"{sum(session['seconds'] for session in sessions):.0f}"
    spent = label("study.sessions", seconds=seconds, sessions=len(sessions))
    made.add_row(label("study.time"), spent)
    if document["owner"] is not None:
        who = label("study.process", **document["owner"])
        made.add_row(label("study.owner"), who)
    return [made, *_failures(document["failures"])]


def _failures(failures: list[Document]) -> list[Table]:
    if not failures:
        return []
    columns = {label("study.where"): "left", label("study.reason"): "left"}
    made = table(label("study.failed"), columns)
    for failure in failures[:MOST]:
        first, last = failure["points"]
        where = label("study.points", arrangement=failure["arrangement"], first=first, last=last)
        made.add_row(where, str(failure["reason"]))
    return [made]
