"""A search as a table, sentences, a document and files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from textwrap import fill
from typing import TYPE_CHECKING

from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.documents import Document, as_json, records
from tverretatlig_sim.show.files import Writer
from tverretatlig_sim.show.frames import Row, rows_of
from tverretatlig_sim.show.labels import unit
from tverretatlig_sim.show.numbers import enough_decimals, mean_with_interval, number, plain, scaled
from tverretatlig_sim.show.tables import outcome_label, table

if TYPE_CHECKING:
    from rich.table import Table

    from tverretatlig_sim.ensemble.statistics import MeanInterval
    from tverretatlig_sim.study.search import Search


NARROW = 16
"""Width of a heading, in characters."""


def search_table(search: Search) -> Table:
    """The front, cheapest first, on fresh draws; the scenario as it is below."""
    job, dials = search.job, [dial.name for dial in search.job.dials]
    sides = [(job.gain, "fresh_gain"), (job.cost, "fresh_cost")]
    heading = label("search.title", scenario=job.scenario.name, gain=label(job.gain))
    columns = {label(f"dial.{name}"): "right" for name in dials}
    columns |= {fill(outcome_label(outcome), NARROW): "right" for outcome, _ in sides}
    made = table(heading, {**columns, label("search.clear"): "left"})
    for row in rows_of(search.front):
        cells = [_level(row[name]) for name in dials]
        cells += [_interval(row, key, outcome) for outcome, key in sides]
        made.add_row(*cells, _clear(row))
    made.add_section()
    plain_sides = zip((job.gain, job.cost), search.as_it_is, strict=True)
    means = [_mean(interval, outcome) for outcome, interval in plain_sides]
    made.add_row(*[""] * len(dials), *means, label("search.as_it_is"))
    return made


def _level(level: float | str) -> str:
    return label(f"dial.rule.{level}") if isinstance(level, str) else plain(level)


def _interval(row: Row, key: str, outcome: str) -> str:
    return mean_with_interval(row[key], row[f"{key}_low"], row[f"{key}_high"], unit(outcome))


def _mean(interval: MeanInterval, outcome: str) -> str:
    return mean_with_interval(interval.mean, interval.low, interval.high, unit(outcome))


def _clear(row: Row) -> str:
    if not row["holds"]:
        return label("search.beaten")
    key = "search.yes" if row["clear"] else "search.rivals"
    return label(key, n=row["rivals"])


def search_notes(search: Search) -> list[str]:
    """How it was found, how much the choice flatters, and what it does not say."""
    job, kind = search.job, unit(search.job.gain)
    by = float(scaled(search.flattery, kind))
    measured = label(f"explain.{kind}").removeprefix(f"explain.{kind}")
    said = f"{number(by, enough_decimals(by))} {measured}".strip()
    facts = {key: getattr(job, key) for key in ("runs", "seed", "months")}
    sizes = {"tried": len(search.tried), "front": len(search.front), "fresh_runs": search.fresh_runs}
    return [
        label("search.method", **facts, **sizes),
        *([label("search.robust")] if job.robust else []),
        label("search.flattery" if by > 0 else "search.no_flattery", gain=label(job.gain), by=said),
        label("search.caution"),
    ]


def search_document(search: Search) -> Document:
    """The front with both estimates, the scenario as it is, and how they were found."""
    job = search.job
    same = ("runs", "seed", "months", "robust", "gain", "cost")
    plain_sides = zip(("gain", "cost"), search.as_it_is, strict=True)
    return {
        "scenario": job.scenario.name,
        **{key: getattr(job, key) for key in same},
        "parameters": dict(job.parameters),
        "dials": {dial.name: list(dial.levels) for dial in job.dials},
        "tried": len(search.tried),
        "fresh_runs": search.fresh_runs,
        "fresh_seed": search.fresh_seed,
        "as_it_is": {side: dict(interval._asdict()) for side, interval in plain_sides},
        "front": records(search.front.reset_index()),
        "flattery": search.flattery,
        "notes": search_notes(search),
    }


def search_files(search: Search) -> Mapping[str, Writer]:
    """Files of a search: all points, the front, the document and the figure."""
    from tverretatlig_sim.show.plots import plot_pareto, save_figure

    text = as_json(search_document(search)) + "\n"
    return {
        "search.csv": search.table().to_csv,
        "front.csv": search.front.to_csv,
        "search.json": lambda path: path.write_text(text, encoding="utf-8"),
        "pareto.png": partial(save_figure, plot_pareto(search)),
    }
