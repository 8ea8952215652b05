"""The page: sections made of sentences, tables and figures, put into one template."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files

import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from matplotlib.figure import Figure

from tverretatlig_sim.dates import FROM_START
from tverretatlig_sim.ensemble import FOLLOW_UP, HEADLINE, OF_PLANNED
from tverretatlig_sim.i18n import current_language, label
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.evidence import numbers
from tverretatlig_sim.scenario.overlay import fingerprint
from tverretatlig_sim.scenario.schema import Forum
from tverretatlig_sim.show import plots
from tverretatlig_sim.show.catalogue import evidence_counts, evidence_shares, evidence_tables
from tverretatlig_sim.show.inference import explanation_notes, explanation_sheet, used_rules
from tverretatlig_sim.show.plots.differences import COLUMNS
from tverretatlig_sim.show.plots.style import drawn
from tverretatlig_sim.show.render import html
from tverretatlig_sim.show.report import sentences
from tverretatlig_sim.show.rows import (
    Cell,
    Cells,
    Group,
    Heading,
    Row,
    Table,
    Value,
    Word,
    headings,
    number,
    percent,
    plain,
    rows_of,
)
from tverretatlig_sim.show.simulations import comparison_sheet, finding_of_planned, side
from tverretatlig_sim.study.report_data import ReportData
from tverretatlig_sim.version import __version__

LIMITS = """
limit.people limit.levels limit.named limit.scheming
limit.content limit.politics limit.membership limit.wholes
"""
"""What the model does not speak of, in the order in which the report says so."""
LEFT_OUT = ("bar", "above", "pairing")
"""Columns of tables that the report does without: the figures show bars, the method is told once."""


@dataclass(frozen=True)
class Picture:
    """A figure in the page.

    Attributes:
        figure: the figure.
        alt: what it shows, for readers who do not see it.
        caption: its heading.
    """

    figure: Figure
    alt: str
    caption: str

    @property
    def uri(self) -> str:
        """The figure as an SVG image inside the page: sharp at any size, its names no part of the markup."""
        return f"data:image/svg+xml;base64,{b64encode(drawn(self.figure, 'svg')).decode('ascii')}"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        width, height = self.figure.get_size_inches()
        return round(96 * width), round(96 * height)


@dataclass(frozen=True)
class Details:
    """What is folded up until a reader asks for it."""

    summary: str
    parts: Sequence[Part]


Part = str | Sequence[str] | Table | Picture | Details
"""A paragraph, a heading, a list, a table, a figure, or something folded up."""


def report_html(dossier: ReportData, command: str, numbers_command: str) -> str:
    """The report as one HTML page that needs no other file and no network.

    Args:
        dossier: the results.
        command: that makes this report again.
        numbers_command: that makes its numbers again.
    """
    named = titles(dossier.scenarios)
    pages = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["html"] = lambda part: Markup(html(part))
    pages.filters["kind"] = lambda part: type(part).__name__
    return pages.get_template("report.html.jinja").render(
        label=label,
        lang=current_language(),
        style=Markup((files(__package__) / "templates" / "report.css").read_text(encoding="utf-8")),
        titles=named,
        sections=_sections(dossier, named),
        repeat=_repeat(dossier, command, numbers_command),
        version=__version__,
    )


def picture(figure: Figure, alt: str, caption: str, **values: object) -> Picture:
    """A figure with its words, by their keys."""
    return Picture(figure, label(f"alt.{alt}", **values), label(caption, **values))


def _sections(dossier: ReportData, named: Sequence[str]) -> dict[str, Sequence[Part]]:
    """What stands under each heading, in the order of the page."""
    comparison = dossier.comparison
    ensembles = dict(zip(named, comparison.ensembles.values(), strict=True))
    lever_titles = {lever.name: str(lever.title) for case in dossier.cases for lever in case.levers}
    lever_titles |= {lever.name: str(lever.title) for lever in dossier.levers}
    tables = [part for part in comparison_sheet(comparison).parts if isinstance(part, Table)]
    outcomes, first, second, readouts = (_with_titles(table, named) for table in tables)
    headline, over_sets, split = _ordering(dossier, named)
    parts = " ".join(sentences.parts(dossier.explanation, dict(zip("ab", named, strict=True))))
    effects = dossier.effects.table
    levers = [
        sentences.levers(effects[effects["scenario"] == name], title, lever_titles)
        for name, title in zip(comparison.ensembles, named, strict=True)
    ]
    how = {"runs": comparison.runs, "months": comparison.months}
    return {
        "answer": [headline, *over_sets, [parts, *levers]],
        "question": [
            label("report.question.text"),
            label("report.question.rate", months=FOLLOW_UP),
            label("report.question.planned", months=FROM_START),
            label("report.question.model"),
        ],
        "arrangements": [
            label("report.arrangements.differ"),
            facts_table(dossier.scenarios, named, lever_titles),
            *_structures(dossier, named),
        ],
        "result": [
            headline,
            label("report.result.text", **how),
            replace(outcomes, title=label("caption.numbers")),
            picture(plots.plot_differences(comparison), "differences", "figure.differences"),
            picture(plots.plot_meetings(ensembles), "meetings", "caption.meetings"),
        ],
        "robust": _robust(dossier, [*over_sets, split]),
        "funnel": [
            *(sentences.losses(ensemble.outcomes, title) for title, ensemble in ensembles.items()),
            picture(plots.plot_funnel(ensembles), "funnel", "report.funnel"),
            *(
                replace(table, title=f"{label('report.funnel')}: {title}")
                for title, table in zip(named, (first, second), strict=True)
            ),
        ],
        "frameworks": [
            label("report.frameworks.text"),
            picture(plots.plot_frameworks(ensembles), "frameworks", "frameworks.title"),
            *_frameworks(dossier, named, readouts),
        ],
        "explained": [parts, *_explained(dossier, named)],
        "levers": [*levers, *_levers(dossier, named, lever_titles)],
        "limits": [[label(key) for key in LIMITS.split()]],
        "evidence": [label("report.evidence.text"), *_evidence(dossier, named)],
        "repeat": [label("report.repeat.text")],
    }


def _with_titles(table: Table, named: Sequence[str]) -> Table:
    """A table that calls the arrangements by their titles."""
    heads = {**table.columns, **dict(zip("AB", named, strict=True)), "difference": label("difference")}
    columns = {key: heads[key] for key in table.columns if key not in LEFT_OUT}
    return replace(table, columns=columns)


def _ordering(dossier: ReportData, named: Sequence[str]) -> tuple[str, list[str], str]:
    """Which is higher in paired runs; in how many sets; where that changes."""
    names = dict(zip("ab", named, strict=True))
    row = rows_of(dossier.comparison.table(HEADLINE))[0]
    beside = rows_of(dossier.comparison.table(OF_PLANNED))[0]
    said = sentences.headline(row, dossier.comparison.runs, names)
    said = f"{said} {finding_of_planned({**beside, **names})}".strip()
    if dossier.robust is None:
        return said, [], ""
    shares = rows_of(dossier.robust.table([HEADLINE]))[0]
    verdict = sentences.verdict(side(row), sentences.robust_side(shares), names)
    splits = next(iter(dossier.robust.flips(HEADLINE).values()))
    robust = f"{sentences.robust_sentence(shares, names)} {verdict}".strip()
    return said, [robust], sentences.split_sentence(next(iter(splits), None), names)


def _structures(dossier: ReportData, named: Sequence[str]) -> list[Part]:
    return [
        picture(
            plots.plot_structure(scenario),
            "structure",
            "caption.structure",
            title=title,
            ministries=len(scenario.ministries),
            agencies=len(scenario.agencies),
            forums=len(scenario.arrangement.forum),
        )
        for scenario, title in zip(dossier.scenarios, named, strict=True)
    ]


def _robust(dossier: ReportData, said: Sequence[str]) -> list[Part]:
    """Over the parameter sets, if they were run."""
    robust, stale = dossier.robust, dossier.stored.stale if dossier.stored else ()
    if robust is None:
        return [label("report.robust.none")]
    return [
        label("report.robust.text", sets=len(robust.sets), runs=robust.runs),
        *said,
        *([label("note.stale", names=", ".join(stale))] if stale else []),
        picture(plots.plot_robustness(robust), "robust", "caption.robust"),
    ]


def _frameworks(dossier: ReportData, named: Sequence[str], readouts: Table) -> list[Part]:
    """Each framework: what it is called, sentences and a table."""
    one, other = (
        sentences.Reading.of(ensemble, title)
        for ensemble, title in zip(dossier.comparison.ensembles.values(), named, strict=True)
    )
    said = sentences.frameworks((one, other))
    return [
        part
        for group in readouts.groups
        for part in (
            Heading(label(f"framework.{group.key}.name")),
            " ".join(said[group.key]),
            Table(readouts.columns, [Group(group.rows)], group.heading),
        )
    ]


def _points(row: Row) -> dict[str, float]:
    """Mean and interval of a share in percentage points, for a figure."""
    return {"index": 100 * row["mean"], "low": 100 * row["low"], "high": 100 * row["high"]}


def _bars(rows: Sequence[Mapping[str, object]], key: str) -> Picture:
    table = pd.DataFrame(rows, columns=None if rows else COLUMNS)
    title = f"caption.{key}"
    return picture(plots.plot_tornado(table, title=label(title), axis=label("figure.points")), key, title)


def _explained(dossier: ReportData, named: Sequence[str]) -> list[Part]:
    """What each part contributes, what is the same in both, and the rules of hybrids."""
    found = dossier.explanation
    if not found.differing:
        return []
    table = next(part for part in explanation_sheet(found, ()).parts if isinstance(part, Table))
    columns = {"part": label("report.part"), "contribution": label("figure.points")}
    differing = [row for row in rows_of(found.table()) if row["differs"]]
    bars = [{"factor": label(f"part.{row['part']}"), **_points(row)} for row in differing]
    rules = used_rules(found)
    how = label("report.explained.text", hybrids=found.hybrids, runs=found.runs)
    return [
        f"{how} {label('report.explained.sign', a=named[0], b=named[1])}",
        _bars(bars, "parts"),
        replace(table, columns=columns, title=label("caption.parts")),
        *explanation_notes(found)[1:],
        *([Details(label("report.rules"), [rules])] if rules else []),
    ]


def _levers(dossier: ReportData, named: Sequence[str], lever_titles: Mapping[str, str]) -> list[Part]:
    """Each lever's effect on each arrangement, the largest mean first, and why some were not used."""
    effects = dossier.effects.table
    arrangements = dict(zip(dossier.comparison.ensembles, zip("AB", named, strict=True), strict=True))
    evidence = {lever.name: Word(lever.evidence, "lever") for lever in dossier.levers}
    largest = effects.groupby("lever")["mean"].transform("max")
    by_lever: dict[str, dict[str, Cell]] = {}
    bars: list[Mapping[str, object]] = []
    refused: list[Cells] = []
    for row in rows_of(effects.iloc[np.argsort(-largest, kind="stable")]):
        name, (letter, arrangement) = lever_titles[row["lever"]], arrangements[row["scenario"]]
        cells = by_lever.setdefault(row["lever"], {"lever": name, "evidence": evidence[row["lever"]]})
        if row["reason"]:
            cells[letter] = label("report.not_pulled")
            refused.append({"lever": name, "one": arrangement, "reason": row["reason"]})
        else:
            cells[letter] = Value.of(row, "share", sign=True)
            bars.append({"factor": name, "of": arrangement, **_points(row)})
    rows = [cells for cells in by_lever.values() if any(isinstance(cell, Value) for cell in cells.values())]
    columns = {**headings("lever"), **dict(zip("AB", named, strict=True)), **headings("pattern.evidence")}
    chance = label("report.levers.chance", n=len(bars), expected=number(0.05 * len(bars), 0))
    title, heads = label("report.refused"), headings("lever", "arrangement.one", "report.reason")
    why: list[Part] = [Heading(title), Table.of(heads, refused, title=title)] if refused else []
    return [
        f"{label('report.levers.text', runs=dossier.effects.runs)} {chance}",
        _bars(bars, "levers"),
        Table.of(columns, rows, title=label("caption.levers")),
        *why,
    ]


def _evidence(dossier: ReportData, named: Sequence[str]) -> list[Part]:
    """How many numbers rest on what, and all of them, folded up."""
    found = {title: numbers(scenario) for scenario, title in zip(dossier.scenarios, named, strict=True)}
    said: list[Part] = []
    for title, listed in found.items():
        counts = evidence_counts(listed).values()
        shares = {
            grade: percent(sum(part[grade] for part in counts) / len(listed))
            for grade in ("sourced", "derived", "assumed")
        }
        said.append(label("said.evidence", title=title, n=len(listed), **shares))
    return [
        *said,
        Heading(label("report.evidence.shares")),
        *(evidence_shares(listed, title) for title, listed in found.items()),
        *(
            Details(
                label("report.evidence.all", title=title),
                [
                    replace(table, title=f"{table.title}: {title}")
                    for table in evidence_tables(listed).values()
                ],
            )
            for title, listed in found.items()
        ),
    ]


def _repeat(dossier: ReportData, command: str, numbers_command: str) -> list[tuple[str, str, bool]]:
    """Facts needed to repeat the report: what, its value, and whether it is to be typed."""
    comparison, robust, none = dossier.comparison, dossier.robust, label("report.none")
    given = ", ".join(f"{name} = {plain(value)}" for name, value in dossier.parameters.items())
    made = dossier.stored.manifest["command"] if dossier.stored else none
    facts = {
        "command": command,
        "numbers": numbers_command,
        "version": f"tverretatlig-sim {__version__}",
        "seed": str(comparison.seed),
        "runs": label("report.repeat.runs.text", runs=comparison.runs, few=dossier.effects.runs),
        "months": str(comparison.months),
        "parameters": given or none,
        "sets": f"{len(robust.sets)} × {robust.runs}; {made}" if robust else none,
    }
    typed = {
        label("report.repeat.hash", name=scenario.name): fingerprint(scenario)
        for scenario in dossier.scenarios
    }
    return [
        *(
            (label(f"report.repeat.{key}"), said, key in ("command", "numbers"))
            for key, said in facts.items()
        ),
        *((key, said, True) for key, said in typed.items()),
    ]


def titles(scenarios: Sequence[Scenario]) -> list[str]:
    """Titles that tell the scenarios apart: with the name behind them where they are the same or empty."""
    given = [str(scenario.title).strip() for scenario in scenarios]
    return [
        title if title and given.count(title) == 1 else f"{title} ({scenario.name})".strip()
        for title, scenario in zip(given, scenarios, strict=True)
    ]


def facts_table(
    scenarios: Sequence[Scenario], names: Sequence[str], lever_titles: Mapping[str, str]
) -> Table:
    """Facts of both arrangements; rows that differ are marked.

    Args:
        scenarios: the two.
        names: what they are called.
        lever_titles: of the levers used in them, by name.
    """
    found: dict[str, list[str]] = {key: [fact(one) for one in scenarios] for key, fact in FACTS.items()}
    found["fact.levers"] = [_used(one, lever_titles) for one in scenarios]
    rows: list[Cells] = [
        {"fact": label(key) + (" ≠" if first != second else ""), "A": first, "B": second}
        for key, (first, second) in found.items()
    ]
    columns = {"fact": "", "A": names[0], "B": names[1]}
    return Table.of(columns, rows, title=label("report.arrangements"))


def _title(forum: Forum) -> str:
    return str(forum.title or forum.name)


def _listed(words: Iterable[str], none: str = "report.none") -> str:
    return "; ".join(words) or label(none)


def _agencies(scenario: Scenario) -> str:
    return label("fact.agencies.text", n=len(scenario.agencies), core=len(scenario.core))


def _forums(scenario: Scenario) -> str:
    return _listed(
        label("fact.forum", title=_title(forum), seats=len(forum.seats))
        for forum in scenario.arrangement.forum
    )


def _meetings(scenario: Scenario) -> str:
    return number(sum(12 / forum.cadence.value for forum in scenario.arrangement.forum), 0)


def _secretariat(scenario: Scenario) -> str:
    return plain(sum(forum.secretariat_fte.value for forum in scenario.arrangement.forum))


def _mandate(scenario: Scenario) -> str:
    clear = scenario.arrangement.mandate_clarity.value, scenario.arrangement.project_clarity.value
    return label("fact.mandate.text", forums=plain(clear[0]), projects=plain(clear[1]))


def _stops(scenario: Scenario) -> list[tuple[str, Forum | None]]:
    """The decision route: what each stop is called, and the forum if it is one."""
    forums = {forum.name: forum for forum in scenario.arrangement.forum}
    return [
        (_title(forums[stop]) if stop in forums else label("fact.line"), forums.get(stop))
        for stop in scenario.arrangement.route
    ]


def _rule(scenario: Scenario) -> str:
    """The rules of the forums on the decision route."""
    rules = (f"{name}: {label(f'rule.decide.{forum.rule}')}" for name, forum in _stops(scenario) if forum)
    return _listed(rules, "fact.line")


def _portfolio(scenario: Scenario) -> str:
    projects = scenario.portfolio.project
    return label(
        "fact.portfolio.text",
        projects=len(projects),
        recommendations=sum(int(p.recommendations or len(p.recommendation)) for p in projects),
        commissioned=sum(project.origin == "commissioned" for project in projects),
    )


def _used(scenario: Scenario, lever_titles: Mapping[str, str]) -> str:
    """Titles of the levers used, with their names, and only names of those whose title is not known."""
    return _listed(
        f"{lever_titles[name]} ({name})" if name in lever_titles else name for name in scenario.levers
    )


FACTS: Mapping[str, Callable[[Scenario], str]] = {
    "fact.name": lambda s: s.name,
    "fact.start": lambda s: s.start,
    "fact.agencies": _agencies,
    "fact.ministries": lambda s: str(len(s.ministries)),
    "fact.coordinator": lambda s: s.arrangement.coordinator or label("report.none"),
    "fact.forums": _forums,
    "fact.cadence": _meetings,
    "fact.secretariat": _secretariat,
    "fact.mandate": _mandate,
    "fact.rule": _rule,
    "fact.route": lambda s: " → ".join(name for name, _ in _stops(s)),
    "fact.stop_points": lambda s: plain(s.arrangement.stop_points.value),
    "fact.delivery": lambda s: label(s.arrangement.delivery),
    "fact.follow_up": lambda s: plain(s.arrangement.follow_up.value),
    "fact.portfolio": _portfolio,
    "fact.letters": lambda s: str(len(s.letters.letter)),
}
"""Facts in the order in which they are told."""
