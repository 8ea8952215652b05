"""Ensembles and comparisons: outcomes, funnels, the sources' frameworks, and what the numbers support."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import isfinite, nan
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any, Literal, cast

from tverretatlig_sim.ensemble import FOLLOW_UP, HEADLINE, OF_PLANNED, SHOWN, Unit
from tverretatlig_sim.i18n import label, ngettext
from tverretatlig_sim.show.files import drawing, file_name
from tverretatlig_sim.show.rows import (
    DECIMALS,
    MISSING,
    PERCENT,
    Bar,
    Cell,
    Cells,
    Document,
    Group,
    Row,
    Several,
    Sheet,
    Table,
    Value,
    Word,
    enough_decimals,
    fields_of,
    keyed,
    many,
    measure,
    number,
    plain,
    rows_of,
    scaled,
    unit_of,
)

if TYPE_CHECKING:
    import pandas as pd

    from tverretatlig_sim.ensemble.compare import Comparison
    from tverretatlig_sim.ensemble.ensemble import Ensemble
    from tverretatlig_sim.ensemble.statistics import StoppingRule
    from tverretatlig_sim.scenario import Scenario

ENOUGH_RUNS = 100
"""Runs from which on what none of them shows is rare."""
WORKLOAD = ("work", "capacity", "load")
"""What a scenario has to do and who does it, FTE-months, FTE and months; see ``Scenario``."""
SUMMARY = ("mean", "sd", "low", "high", "n", "missing", "few_differ")
TABLES = ("outcomes", "summary", "funnel", "incidence", "projects", "recommendations", "frameworks")
"""Tables of an ensemble that are kept as files."""
Ensembles = Mapping[str, "Ensemble"]

Side = Literal["a", "b", "unclear", "unknown"]
"""Which of two is higher, if either."""
Line = tuple[str, tuple[str, ...], str] | str
"""A line of a framework: the key of its label, its measures, and what stands between them; or one measure."""


def ensembles_sheet(ensembles: Ensembles) -> Sheet:
    """One or more scenarios, each by itself.

    Args:
        ensembles: by name of the scenario, all over the same months.
    """
    series = {
        # The number keeps apart scenarios whose names differ only in what a file name cannot hold.
        "series" if len(ensembles) == 1 else f"series-{place}-{file_name(name)}": drawing("plot_series", one)
        for place, (name, one) in enumerate(ensembles.items(), start=1)
    }
    return Sheet(
        [
            _heading(ensembles),
            summary_table(ensembles),
            *map(funnel_table, ensembles.values()),
            frameworks_table(_frameworks(ensembles)),
            label("note.interval"),
            *_few_differ(ensembles),
            label("note.levels"),
            *_undefined(ensembles),
            *_stopped([ensemble.stopping_rule for ensemble in ensembles.values()]),
        ],
        _document(ensembles),
        {**_frames(ensembles), "series.csv": partial(series_table, ensembles)},
        {
            "funnel": drawing("plot_funnel", ensembles),
            "incidence": drawing("plot_incidence", ensembles),
            **series,
        },
        "run.json",
    )


def comparison_sheet(comparison: Comparison) -> Sheet:
    """Two or more scenarios on the same draws, their differences, and the sentences they support."""
    ensembles, table = comparison.ensembles, comparison.table()
    said, two = findings(comparison), len(ensembles) == 2
    numbers = [_pair(comparison, table)] if two else [summary_table(ensembles), *_pairs(comparison, table)]
    return Sheet(
        [
            _heading(ensembles),
            *numbers,
            label("note.interval"),
            label("note.pairs"),
            *many(len(table)),
            *_few_differ(ensembles),
            *_undefined(ensembles),
            *map(funnel_table, ensembles.values()),
            frameworks_table(_frameworks(ensembles)),
            # The first scenario is the one the others are held against; the table has the other pairs.
            *said[: len(ensembles) - 1],
            *_stopped([comparison.stopping_rule]),
        ],
        {**_document(ensembles), "differences": table, "findings": said},
        {**_frames(ensembles), "differences.csv": table},
        {
            "funnel": drawing("plot_funnel", ensembles),
            "differences": drawing("plot_differences", comparison),
        },
        "comparison.json",
    )


def _few_differ(ensembles: Ensembles) -> list[str]:
    """Which outcomes have intervals that are hardly known, because nearly all of few runs agree."""
    rows = [row for item in ensembles.values() for row in rows_of(item.summary().loc[[*SHOWN]].reset_index())]
    few = dict.fromkeys(label(r["outcome"]) for r in rows if r["few_differ"] and r["n"] < ENOUGH_RUNS)
    return [label("note.few_differ", names=", ".join(few))] if few else []


def letters_of(names: Sequence[str]) -> dict[str, str]:
    """A letter (or, beyond Z, a number) for each scenario, so that columns stay narrow."""
    letters = [*ascii_uppercase, *map(str, range(len(ascii_uppercase) + 1, len(names) + 1))]
    return dict(zip(names, letters, strict=False))


def legend(scenarios: Sequence[Scenario]) -> str:
    """Which letter stands for which scenario; its work and capacity."""
    letters = letters_of([it.name for it in scenarios])

    def load(it: Scenario) -> str:
        return label("note.load", **{what: number(getattr(it, what), 1) for what in WORKLOAD})

    return "\n".join(f"{letters[it.name]} = {it.name}: {it.title!s}; {load(it)}" for it in scenarios)


def _heading(ensembles: Ensembles) -> str:
    first = next(iter(ensembles.values()))
    runs = "/".join(str(runs) for runs in dict.fromkeys(item.runs for item in ensembles.values()))
    said = label(
        "note.runs",
        runs=ngettext("{number} run", "{number} runs", first.runs, number=runs),
        seed=first.seed,
        months=ngettext("{number} month", "{number} months", first.months),
    )
    return f"{legend([ensemble.scenario for ensemble in ensembles.values()])}\n{said}"


def _undefined(ensembles: Ensembles) -> list[str]:
    """Why the headline of a scenario is missing, if no run has it."""
    missing = [name for name, item in ensembles.items() if item.outcomes[HEADLINE].isna().all()]
    return [label("note.undefined", name=name, months=FOLLOW_UP) for name in missing]


def _stopped(rules: Sequence[StoppingRule | None]) -> list[str]:
    """Why the runs ended, if they were to go on until a precision was reached."""
    asked = [rule for rule in rules if rule is not None]
    keys = ["note.until" if rule.reached else "note.until_missed" for rule in asked]
    halves = [plain(round(it.half_width, 6)) if isfinite(it.half_width) else MISSING for it in asked]
    said = zip(keys, asked, halves, strict=True)
    return list(dict.fromkeys(label(key, asked=plain(it.asked), half=half) for key, it, half in said))


def summary_table(ensembles: Ensembles) -> Table:
    """The main outcomes, one column a scenario."""
    letters = letters_of(list(ensembles))
    cells = {letters[name]: _means(ensemble.summary()) for name, ensemble in ensembles.items()}
    cells |= {part: _means(table) for part, table in _parts(ensembles).items()}
    return keyed(
        [
            {"outcome": measure(key), **{letter: means[key] for letter, means in cells.items()}}
            for key in SHOWN
        ],
        heads={letter: letter for letter in cells},
    )


def _means(summary: pd.DataFrame) -> dict[str, Value]:
    rows = rows_of(summary.reset_index())
    return {row["outcome"]: Value.of(row, unit_of(row["outcome"])) for row in rows}


def _parts(ensembles: Ensembles) -> dict[str, pd.DataFrame]:
    """Summaries of arrangements that run together, by name; of several scenarios with the letter of each."""
    letters, alone = letters_of(list(ensembles)), len(ensembles) == 1
    rows = [(letters[name], it, part) for name, it in ensembles.items() for part in it.parts]
    return {
        p if alone else f"{p} ({a})": cast("pd.DataFrame", it.by_arrangement().loc[p]) for a, it, p in rows
    }


def _pair(comparison: Comparison, table: pd.DataFrame) -> Table:
    """The main outcomes of two scenarios, and their paired difference."""
    summary = summary_table(comparison.ensembles)
    differences = {row["outcome"]: _difference(row) for row in rows_of(table)}
    rows: list[Cells] = [{**row, **differences[key]} for key, row in zip(SHOWN, summary.rows, strict=True)]
    return keyed(rows, heads={**summary.columns, "difference": "A − B", "above": f"A > B\n{PERCENT}"})


def _pairs(comparison: Comparison, table: pd.DataFrame) -> list[Table]:
    """The headline, and what stands beside it, of every pair of scenarios."""
    letters = letters_of(list(comparison.ensembles))
    heads = {"pair": "", "above": f"> {PERCENT}"}
    return [
        keyed(
            [
                {"pair": f"{letters[row['a']]} − {letters[row['b']]}", **_difference(row)}
                for row in rows_of(table[table["outcome"] == outcome])
            ],
            title=str(measure(outcome)),
            heads=heads,
        )
        for outcome in (HEADLINE, OF_PLANNED)
    ]


def _difference(row: Row) -> Cells:
    return {
        "difference": Value.of(row, unit_of(row["outcome"]), sign=True),
        "above": Value(row["share_a_above_b"], "share", decimals=0),
        "pairing": Value(row["variance_reduction"], "number", decimals=1),
    }


def funnel_table(ensemble: Ensemble) -> Table:
    """Stage by stage: how many get there, of those planned, and what becomes of the rest."""
    stages = rows_of(ensemble.funnel().reset_index())
    longest = stages[0]["reached"]
    return keyed(
        [
            {
                "stage": Word(row["stage"], "stage"),
                "bar": Bar(row["reached"] / longest if longest > 0 else nan),
                "reached": Value(row["reached"], "count", row["low"], row["high"]),
                "of_drafted": _of_drafted(row["share_of_drafted"]),
                "rest": _rest(row),
            }
            for row in stages
        ],
        title=f"{label('funnel')}: {ensemble.scenario.name}",
        heads={"bar": ""},
    )


def _of_drafted(share: float) -> Cell:
    return Value(share, "share", decimals=0, after=" %") if isfinite(share) else None


def _rest(row: Row) -> Several:
    lost = ((row["reason"], row["lost"]), ("waiting", row["waiting"]))
    return Several(
        [
            Several([Value(count, "count"), Word(reason, "reason")], " ")
            for reason, count in lost
            if count >= 0.05
        ]
    )


def _rungs(key: str, stem: str) -> Line:
    return key, tuple(f"{stem}_{rung}" for rung in (1, 2, 3, 4)), " · "


LINES: Mapping[str, Sequence[Line]] = {
    "ladder": [
        "ladder.aimed", "ladder.ambition", "ladder.reached", _rungs("ladder.rungs", "ladder.rung"),
        "ladder.negative", "ladder.positive",
    ],
    "distances": [
        "distance.geographic", "distance.structural", "distance.power",
        ("distance.cognitive", ("distance.cognitive_start", "distance.cognitive_end"), " → "),
        "distance.extra_contact", "distance.substance", "distance.trust_won",
    ],
    "matrix": ["matrix.resources", "matrix.authority", "matrix.position"],
    "mechanisms": [
        "hierarchy.strength", "hierarchy.coherence",
        ("voluntary.strength", ("voluntary.start", "voluntary.end"), " → "),
    ],
    "roles": [_rungs(key, key) for key in ("role.driver", "role.interest_balancer", "role.system_steward")],
    "instruments": [
        (key, (key, f"{key}_implemented"), " → ")
        for key in (
            "instrument.legal", "instrument.economic", "instrument.organisational", "instrument.pedagogical"
        )
    ],
    "chain": [
        "chain.recommendation", "chain.decision", "chain.implementation", "chain.lasting",
        "chain.municipal", "chain.to_municipalities", "chain.capacity",
    ],
}  # fmt: skip
"""Lines by framework; the rest of the measures stand in files and JSON."""


def frameworks_table(readouts: Mapping[str, pd.DataFrame]) -> Table:
    """The sources' frameworks, a group each, with one column a scenario.

    Args:
        readouts: as ``Ensemble.frameworks`` or ``frameworks`` give them, by name of the scenario.
    """
    from tverretatlig_sim.ensemble.frameworks import weakest_link  # numerical libraries are slow to import

    letters = letters_of(list(readouts))
    found = {
        letters[name]: ({row["measure"]: row for row in rows_of(frame.reset_index())}, weakest_link(frame))
        for name, frame in readouts.items()
    }
    known = {measure for rows, _ in found.values() for measure in rows}
    groups = []
    for framework, lines in LINES.items():
        rows: list[Cells] = []
        for line in lines:
            key, measures, between = (line, (line,), "") if isinstance(line, str) else line
            if had := [name for name in measures if name in known]:
                # A line is called by its only measure, if no scenario has the others.
                name = Word(had[0] if len(had) == 1 else key, unit=unit_of(had[0]))
                cells = {
                    letter: _cell([of[m] for m in measures if m in of], measures, between, weakest)
                    for letter, (of, weakest) in found.items()
                }
                rows.append({"measure": name, **cells})
        groups.append(Group(rows, label(f"framework.{framework}"), framework))
    columns = {"measure": " ", **{letter: letter if len(found) > 1 else "" for letter in found}}
    return Table(columns, groups, label("frameworks"), label("framework.note"))


def _cell(had: Sequence[Row], measures: Sequence[str], between: str, weakest: str | None) -> Cell:
    if len(measures) > 1:
        return Several([_short(row) for row in had], between)
    values = [Value.of(row, unit_of(row["measure"])) for row in had]
    if weakest in measures:  # where the chain breaks
        return Several([Word("framework.breaks"), *values], " ")
    return values[0] if values else None


def _short(row: Row) -> Value:
    unit = unit_of(row["measure"])
    return Value(row["mean"], unit, decimals=0 if unit == "share" else DECIMALS[unit])


def _frameworks(ensembles: Ensembles) -> dict[str, pd.DataFrame]:
    return {name: ensemble.frameworks() for name, ensemble in ensembles.items()}


def frameworks_document(readouts: pd.DataFrame) -> Document:
    """Read-outs of the sources' frameworks by measure, and where the chain of the theory of change breaks."""
    from tverretatlig_sim.ensemble.frameworks import weakest_link  # numerical libraries are slow to import

    return {"breaks_at": weakest_link(readouts), "measures": readouts.to_dict("index")}


def _document(ensembles: Ensembles) -> Document:
    """How the ensembles were run, on what load; mean, sd and 95 % interval of the mean of every outcome."""
    first = next(iter(ensembles.values()))
    rule, parts = first.stopping_rule, _parts(ensembles)
    until = {} if rule is None else {"until": {**vars(rule), "reached": rule.reached}}
    return {
        **fields_of(first, "seed", "runs", "months"),
        "parameters": {name: getattr(x, "tolist", lambda x=x: x)() for name, x in first.parameters.items()},
        **until,
        "scenarios": {name: _summary(ensemble.summary()) for name, ensemble in ensembles.items()},
        "workload": {
            name: {what: getattr(it.scenario, what) for what in WORKLOAD} for name, it in ensembles.items()
        },
        **({"arrangements": {it: _summary(table) for it, table in parts.items()}} if parts else {}),
        "frameworks": {name: frameworks_document(table) for name, table in _frameworks(ensembles).items()},
    }


def _summary(table: pd.DataFrame) -> Mapping[Any, Any]:
    return table[list(SUMMARY)].to_dict("index")


def _frames(ensembles: Ensembles) -> dict[str, Callable[[], pd.DataFrame]]:
    return {f"{name}.csv": partial(_stacked, ensembles, name) for name in TABLES}


def _stacked(ensembles: Ensembles, table: str) -> pd.DataFrame:
    """Tables of several scenarios under each other, with columns for scenario and index first."""
    import pandas as pd  # slow to import

    found = {name: getattr(ensemble, table) for name, ensemble in ensembles.items()}
    frames: dict[str, pd.DataFrame] = {name: it() if callable(it) else it for name, it in found.items()}
    return pd.concat(frames, names=["scenario"]).reset_index()


def series_table(ensembles: Ensembles) -> pd.DataFrame:
    """Monthly series as one long table.

    Returns:
        Columns ``scenario``, ``variable``, ``of`` (the entity, empty if there is none; several joined with
        " / "), ``month``, ``date``, ``mean``, ``sd``.
    """
    import pandas as pd

    return pd.concat(
        [
            _long(ensemble, str(variable)).assign(scenario=name)
            for name, ensemble in ensembles.items()
            for variable in ensemble.series.data_vars
        ]
    )[["scenario", "variable", "of", "month", "date", "mean", "sd"]]


def _long(ensemble: Ensemble, variable: str) -> pd.DataFrame:
    array = ensemble.series[variable]
    entities = [str(dim) for dim in array.dims if dim not in ("statistic", "month")]
    frame = array.transpose("statistic", *entities, "month").to_series().unstack("statistic").reset_index()
    of: Any = frame[entities].agg(" / ".join, axis=1) if entities else ""
    date = ensemble.series["date"].to_series().loc[frame["month"]].to_numpy()
    return frame.assign(variable=variable, of=of, date=date)


def findings(comparison: Comparison, undefined: str = "finding.undefined") -> list[str]:
    """What the difference of each pair of scenarios supports, in the order of ``comparison.table()``.

    Args:
        comparison: the scenarios on the same draws.
        undefined: label of the sentence if no run has the implemented rate in both.
    """
    rates, planned = (rows_of(comparison.table(outcome)) for outcome in (HEADLINE, OF_PLANNED))
    return [
        f"{finding(row, comparison.runs, undefined)} {finding_of_planned(beside)}".strip()
        for row, beside in zip(rates, planned, strict=True)
    ]


def finding_of_planned(row: Row) -> str:
    """The same for the share of all that was planned; empty if there is no interval. See ``finding``."""
    from tverretatlig_sim.dates import FROM_START

    if (higher := side(row)) == "unknown":
        return ""
    points = {**apart(row, "share"), "months": FROM_START}
    if higher == "unclear":
        return label("finding.planned_unclear", **points)
    return label("finding.planned", high=row[higher], **points)


def finding(row: Row, runs: int, undefined: str = "finding.undefined") -> str:
    """What one paired difference in the implemented rate supports.

    Args:
        row: ``a``, ``b``, ``n``, ``mean``, ``low`` and ``high`` of the difference a − b, on the scale 0 to 1.
        runs: runs simulated.
        undefined: label of the sentence if no run has the rate in both.

    Returns:
        Which of the two has the higher rate, by how much, with interval and number of pairs; that there is no
        clear difference, if the interval holds 0; or that the pairs do not suffice to say so.
    """
    names = {"a": row["a"], "b": row["b"]}
    if row["n"] == 0:
        return label(undefined, **names, months=FOLLOW_UP)
    higher = side(row)
    if higher == "unknown":
        return label("finding.single", **names)
    paired = label("finding.runs" if row["n"] == runs else "finding.some_runs", n=row["n"], runs=runs)
    points = {**apart(row, "share"), "runs": paired}
    if higher == "unclear":
        return label("finding.unclear", **names, **points)
    return label("finding.higher", high=row[higher], low=row["b" if higher == "a" else "a"], **points)


def side(row: Row) -> Side:
    """Which of two is higher in paired runs: the interval of the difference excludes 0."""
    if not (isfinite(row["low"]) and isfinite(row["high"])):
        return "unknown"
    return "a" if row["low"] > 0 else "b" if row["high"] < 0 else "unclear"


def apart(row: Row, unit: Unit, least: int = 1) -> dict[str, str]:
    """By how much the higher of two is higher, ``mean``, and the interval of that, ``from_`` and ``to``."""
    sign, ends = (-1, ("mean", "high", "low")) if side(row) == "b" else (1, ("mean", "low", "high"))
    values = [sign * scaled(row[end], unit) for end in ends]
    decimals = enough_decimals(*values, least=least)
    return dict(zip(("mean", "from_", "to"), (number(value, decimals) for value in values), strict=True))
