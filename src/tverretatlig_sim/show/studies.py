"""Studies, their analyses, and searches: what is asked, how far it has come, what came out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite, nan
from textwrap import fill
from typing import TYPE_CHECKING, Any

from tverretatlig_sim.ensemble import SHOWN, Unit
from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario.files import shown
from tverretatlig_sim.show.files import drawing, file_name
from tverretatlig_sim.show.rows import (
    DECIMALS,
    Cell,
    Cells,
    Document,
    Part,
    Row,
    Sheet,
    Table,
    Value,
    Word,
    enough_decimals,
    fields_of,
    keyed,
    measure,
    number,
    plain,
    rows_of,
    scaled,
    unit_of,
)
from tverretatlig_sim.show.simulations import letters_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from tverretatlig_sim.study.analysis import Analyses, Discovery
    from tverretatlig_sim.study.result import StudyResult
    from tverretatlig_sim.study.search import Search
    from tverretatlig_sim.study.store import Owner
    from tverretatlig_sim.study.study import Study

MOST = 20
"""Arrangements, factors or failures shown to readers; documents have all of them."""
MOST_RANKED = 12
"""Factors shown of each arrangement in an analysis; documents and files have all."""
DISCOVERED = "a b points losses inside inside_losses found density coverage base_rate limits"
"""What machines read of a discovery."""
NARROW = 16
"""Width of the headings of a search, in characters."""


def study_sheet(study: Study, result: StudyResult | None, none: str) -> Sheet:
    """What a study asks and what came out.

    Args:
        study: the study.
        result: what is finished of it, if it has been begun.
        none: what to say if it has not.
    """
    document = _study_document(study)
    names = document["arrangements"]
    size = label(
        "study.size",
        **{key: document[key] for key in ("points", "runs", "months", "seed")},
        design=label(document["design"]),
        arrangements=len(names),
        total=study.total,
    )
    said = [study.title] if study.title else []
    listed = [f"{label('study.arrangements')}:", *(f"  {name}" for name in names[:MOST]), *_more(len(names))]
    parts, results = ([none], None) if result is None else _results(result)
    return Sheet(
        [*said, "\n".join(listed), *_factors(study), size, "", *parts],
        {"study": document, "results": results},
    )


def _study_document(study: Study) -> Document:
    return {
        **fields_of(study, "name", "title", "runs", "months", "seed", "fixed", "outcomes"),
        "arrangements": list(study.scenarios),
        "factors": [fields_of(factor, "name", "low", "high", "distribution") for factor in study.factors],
        "design": study.design.kind,
        "points": len(study.points),
        "notes": study.notes,
    }


def _more(count: int) -> list[str]:
    return [f"  {label('study.more', number=count - MOST)}"] if count > MOST else []


def _factors(study: Study) -> list[Part]:
    from tverretatlig_sim.scenario import parameter_specs

    if not study.factors:
        return []
    specs = parameter_specs()
    return [
        keyed(
            [
                {
                    "factor": factor.name,
                    "from": Value(factor.low),
                    "to": Value(factor.high),
                    "distribution": Word(factor.distribution),
                    "meaning": str(specs[factor.name].meaning) if factor.name in specs else "",
                }
                for factor in study.factors[:MOST]
            ],
            of="study",
            title=label("study.factors"),
        ),
        *_more(len(study.factors)),
    ]


def _results(result: StudyResult) -> tuple[list[Part], Document]:
    """Each arrangement's outcomes over all points, for readers and machines."""
    frame, progress = result.table(partial=True), result.progress()
    letters = letters_of(list(result.study.scenarios))
    asked = result.study.outcomes
    rows: list[Cells] = [
        {
            "outcome": measure(outcome),
            **{
                letter: _over_points(frame.loc[frame["arrangement"] == name, outcome], unit_of(outcome))
                for name, letter in letters.items()
            },
        }
        for outcome in [name for name in SHOWN if name in asked] or asked
    ]
    heads = {"outcome": "", **{letter: letter for letter in letters.values()}}
    legend = "\n".join(f"  {letter} = {name}" for name, letter in letters.items())
    parts: list[Part] = [keyed(rows, title=label("study.results"), heads=heads), legend, *unfinished(result)]
    document = {**fields_of(progress, "tasks", "stored", "failed"), "table": frame}
    return parts, document


def _over_points(means: pd.Series[Any], unit: Unit) -> Value:
    average, low, high = (float(value) for value in (means.mean(), means.min(), means.max()))
    return Value(average, unit, low, high, ends=True)


def unfinished(result: StudyResult) -> list[str]:
    """A warning, if some points are missing."""
    progress = result.progress()
    if progress.stored >= progress.tasks:
        return []
    return [label("study.unfinished", stored=progress.stored, tasks=progress.tasks)]


def status_sheet(result: StudyResult, owner: Owner | None, damaged: Mapping[str, str]) -> Sheet:
    """How far a study has come, who is at it, and what went wrong.

    Tasks are ``stored``, ``failed``, ``damaged`` or ``left``, each one of these.
    """
    progress, manifest = result.progress(), result.disk.manifest
    spoilt = sum(task.size for task in result.tasks if task.key in damaged)
    document = {
        "store": shown(result.disk.folder),
        "study": manifest["study"],
        "tasks": progress.tasks,
        "stored": progress.stored - len(damaged),
        "failed": progress.failed,
        "damaged": damaged,
        "left": progress.tasks - progress.stored - progress.failed,
        "runs": progress.runs,
        "stored_runs": progress.stored_runs - spoilt,
        "sessions": manifest["sessions"],
        "owner": None if owner is None else fields_of(owner, "pid", "host", "seen"),
        "failures": result.failures().drop(columns="traceback"),
    }
    return Sheet(_status_parts(document), document)


def _status_parts(document: Document) -> list[Part]:
    counts = {
        "done": document["stored"], "failed": document["failed"], "damaged": len(document["damaged"]),
        "left": document["left"],
    }  # fmt: skip
    said = ", ".join(f"{count} {label(f'study.{key}')}" for key, count in counts.items() if count)
    sessions = document["sessions"]
    seconds = f"{sum(session['seconds'] for session in sessions):.0f}"
    facts = {
        "tasks": f"{document['tasks']}: {said}",
        "runs": f"{document['stored_runs']} / {document['runs']}",
        "time": label("study.sessions", seconds=seconds, sessions=len(sessions)),
    }
    if document["owner"] is not None:
        facts["owner"] = label("study.process", **document["owner"])
    rows: list[Cells] = [{"what": Word(key, "study"), "said": value} for key, value in facts.items()]
    title = label("study.state", folder=document["store"])
    failures = rows_of(document["failures"][:MOST])
    return [
        keyed(rows, title=title, heads={"what": "", "said": ""}),
        *([_failures(failures)] if failures else []),
    ]


def _failures(failures: Sequence[Row]) -> Table:
    rows: list[Cells] = []
    for failure in failures:
        first, last = failure["points"]
        where = label("study.points", arrangement=failure["arrangement"], first=first, last=last)
        rows.append({"where": where, "reason": str(failure["reason"])})
    return keyed(rows, of="study", title=label("study.failed"))


def analyses_sheet(found: Analyses, warnings: Sequence[str] = ()) -> Sheet:
    """Every analysis of one outcome.

    Args:
        found: the analyses.
        warnings: what readers must know of the study itself.
    """
    parts: list[Part] = [str(measure(found.outcome)), *_noise(found.noise)]
    for method, frame in found.tables.items():
        parts += ANALYSES.get(method, _ranked)(frame, method, found.outcome)
    parts += [discovery_sentence(item) for item in found.discoveries]
    parts += [label("analysis.left_out", reason=str(why)) for why in found.left_out]
    parts += warnings
    tables: dict[str, pd.DataFrame] = dict(found.tables.items())
    document: Document = {
        "outcome": found.outcome,
        "noise": found.noise,
        **tables,
        "discover": [_discovery_document(item) for item in found.discoveries],
        "left_out": found.left_out,
    }
    frames = {
        "noise": found.noise,
        **tables,
        **{f"discover-{place}": item.limits for place, item in enumerate(found.discoveries, start=1)},
    }
    return Sheet(
        parts,
        document,
        {f"{name}.csv": frame for name, frame in frames.items()},
        _bars(found),
    )


def _bars(found: Analyses) -> dict[str, Callable[[], Figure]]:
    """What draws bars for each ranking."""
    plots = {"sobol": "plot_sobol", "morris": "plot_tornado", "pawn": "plot_tornado"}
    return {
        f"{method}-{place}-{file_name(str(of))}": drawing(
            plots[method], part.drop(columns="of"), title=str(of)
        )
        for method, frame in found.tables.items()
        if method in plots
        for place, (of, part) in enumerate(frame.groupby("of", sort=False), start=1)
    }


def _noise(frame: pd.DataFrame) -> list[Part]:
    rows = rows_of(frame)
    return [
        keyed(
            [
                {"of": row["of"], "points": row["points"], "noise": _share(_clipped(row["noise_share"]))}
                for row in rows
            ],
            of="analysis",
            heads={"of": ""},
        ),
        label(f"analysis.noise.{rows[0]['noise']}"),
    ]


def _clipped(share: float) -> float:
    """An estimate of a share can be a little outside the range of shares."""
    return min(max(share, 0.0), 1.0) if isfinite(share) else share


def _share(share: float) -> Value:
    return Value(share, "share", decimals=0, after=" %")


def _ranked(frame: pd.DataFrame, method: str, outcome: str) -> list[Part]:
    """Factors by size, a column for each kind of index."""
    beside = {"morris": "noise", "pawn": "floor"}.get(method)
    unit = unit_of(outcome) if method == "morris" else "number"

    def cells(rows: Sequence[Row]) -> tuple[float, Cells]:
        found: dict[str, Cell] = {
            row.get("order", method): Value(
                row["index"], unit, row["low"], row["high"], decimals=2, ends=True
            )
            for row in rows
        }
        more = {beside: Value(rows[0][beside], unit, decimals=2)} if beside else {}
        return max(row["index"] for row in rows), {**found, **more}

    kinds = frame["order"].unique() if "order" in frame else [method]
    heads = {kind: label(f"analysis.index.{kind}") for kind in kinds}
    return [_by_factor(frame, method, cells, heads), label(f"analysis.{method}.note")]


def _dependence(frame: pd.DataFrame, method: str, outcome: str) -> list[Part]:
    """For each factor the mean in its lowest and highest bin, those that move it most first."""
    unit = unit_of(outcome)

    def cells(rows: Sequence[Row]) -> tuple[float, Cells]:
        first, last = rows[0]["mean"], rows[-1]["mean"]
        values = {"lowest": first, "highest": last, "move": last - first}
        decimals = DECIMALS[unit] + 1
        return abs(last - first), {
            key: Value(x, unit, sign=key == "move", decimals=decimals) for key, x in values.items()
        }

    return [_by_factor(frame, method, cells, {})]


def _by_factor(
    frame: pd.DataFrame,
    method: str,
    cells: Callable[[Sequence[Row]], tuple[float, Cells]],
    heads: Mapping[str, str],
) -> Table:
    """A part for each arrangement or pair: its largest factors, whose rows give size and cells."""
    parts: list[list[Cells]] = []
    for of, part in frame.groupby("of", sort=False):
        found = {str(factor): cells(rows_of(rows)) for factor, rows in part.groupby("factor", sort=False)}
        largest = sorted(found, key=lambda factor: -found[factor][0])[:MOST_RANKED]
        parts.append(
            [
                {"of": "" if place else str(of), "factor": factor, **found[factor][1]}
                for place, factor in enumerate(largest)
            ]
        )
    heads = {"of": "", "factor": label("study.factor"), **heads}
    return keyed(*parts, of="analysis", title=label(f"analysis.{method}"), heads=heads)


def _convergence(frame: pd.DataFrame, method: str, outcome: str) -> list[Part]:
    heads = {str(of): str(of) for of in frame["of"].unique()}
    return [
        keyed(
            [
                {
                    "runs": f"{runs}{'*' if part['extrapolated'].any() else ''}",
                    **{
                        str(of): _share(float(share))
                        for of, share in zip(part["of"], part["settled"], strict=True)
                    },
                }
                for runs, part in frame.groupby("runs")
            ],
            of="analysis",
            title=label(f"analysis.{method}"),
            heads=heads,
        )
    ]


ANALYSES: Mapping[str, Callable[[pd.DataFrame, str, str], list[Part]]] = {
    "dependence": _dependence,
    "convergence": _convergence,
}
"""How an analysis is shown that is no ranking by an index."""


def discovery_sentence(found: Discovery) -> str:
    """Under which conditions A loses to B, in a sentence that the numbers support."""
    names = {"a": found.a, "b": found.b, "outcome": label(found.outcome)}
    shares = {"base": str(_share(found.base_rate)), "points": found.all_points}
    if not found.found:
        return label("analysis.discover.none", **names, **shares)
    low, high = found.density_interval
    return label(
        "analysis.discover.found",
        **names,
        **shares,
        conditions=f" {label('analysis.and')} ".join(map(_condition, rows_of(found.limits))),
        density=str(_share(found.density)),
        low=str(_share(low)),
        high=str(_share(high)),
        coverage=str(_share(found.coverage)),
    )


def _condition(row: Row) -> str:
    ends = {end: plain(float(f"{row[end]:.3g}")) for end in ("low", "high")}
    open_below, open_above = not isfinite(row["low"]), not isfinite(row["high"])
    kind = "to" if open_below else "from" if open_above else "between"
    return label(f"analysis.limit.{kind}", factor=row["factor"], **ends)


def _discovery_document(found: Discovery) -> Document:
    return {**fields_of(found, *DISCOVERED.split()), "finding": discovery_sentence(found)}


def search_sheet(search: Search) -> Sheet:
    """The front, cheapest first, on fresh draws; the scenario as it is below."""
    job = search.job
    notes = _search_notes(search)
    document = {
        "scenario": job.scenario.name,
        **fields_of(job, "runs", "seed", "months", "robust", "gain", "cost", "parameters"),
        "dials": {dial.name: dial.levels for dial in job.dials},
        "tried": len(search.tried),
        **fields_of(search, "fresh_runs", "fresh_seed", "flattery"),
        "as_it_is": dict(zip(("gain", "cost"), search.as_it_is, strict=True)),
        "front": search.front.reset_index(),
        "notes": notes,
    }
    return Sheet(
        [_front(search), *notes],
        document,
        {"search.csv": search.table().reset_index(), "front.csv": document["front"]},
        {"pareto": drawing("plot_pareto", search)},
        "search.json",
    )


def _front(search: Search) -> Table:
    job = search.job
    sides = {"fresh_gain": job.gain, "fresh_cost": job.cost}
    rows: list[Cells] = [
        {
            **{dial.name: _level(row[dial.name]) for dial in job.dials},
            **{
                key: Value(row[key], unit_of(outcome), row[f"{key}_low"], row[f"{key}_high"])
                for key, outcome in sides.items()
            },
            "clear": _clear(row),
        }
        for row in rows_of(search.front)
    ]
    as_it_is: dict[str, Cell] = {
        key: Value(interval.mean, unit_of(outcome), interval.low, interval.high)
        for (key, outcome), interval in zip(sides.items(), search.as_it_is, strict=True)
    }
    last: Cells = {**as_it_is, "clear": label("search.as_it_is")}
    heads = {key: fill(str(measure(outcome)), NARROW) for key, outcome in sides.items()}
    heads |= {dial.name: label(f"dial.{dial.name}") for dial in job.dials}
    title = label("search.title", scenario=job.scenario.name, gain=label(job.gain))
    return keyed(rows, [last], of="search", title=title, heads=heads)


def _level(level: float | str) -> Cell:
    return Word(level, "dial.rule") if isinstance(level, str) else Value(level)


def _clear(row: Row) -> str:
    if not row["holds"]:
        return label("search.beaten")
    return label("search.yes" if row["clear"] else "search.rivals", n=row["rivals"])


def _search_notes(search: Search) -> list[str]:
    """How it was found, how much the choice flatters, and what it does not say."""
    job, unit = search.job, unit_of(search.job.gain)
    by = float(scaled(search.flattery, unit))
    said = " ".join([number(by, enough_decimals(by)), *unit_words(unit, by)])
    sizes = {"tried": len(search.tried), "front": len(search.front), "fresh_runs": search.fresh_runs}
    return [
        label("search.method", **fields_of(job, "runs", "seed", "months"), **sizes),
        *([label("search.robust")] if job.robust else []),
        label("search.flattery" if by > 0 else "search.no_flattery", gain=label(job.gain), by=said),
        label("search.caution"),
    ]


def unit_words(unit: Unit, size: float = nan) -> list[str]:
    """The words for a unit behind a difference of some size, if it has any."""
    key = f"explain.{unit}.one" if size == 1 else f"explain.{unit}"
    said = label(key)
    return [] if said == key else [said]
