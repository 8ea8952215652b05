"""Scenarios, parameters, levers and dials, the numbers of a scenario and where they are from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar, get_args

from tverretatlig_sim.i18n import current_language, label, reason
from tverretatlig_sim.scenario.errors import ScenarioError
from tverretatlig_sim.scenario.files import list_scenarios, read_table, shipped_folder
from tverretatlig_sim.scenario.quantity import Grade, Quantity
from tverretatlig_sim.show.rows import (
    Cell,
    Cells,
    Document,
    Group,
    Heading,
    Part,
    Sheet,
    Span,
    Table,
    Value,
    Word,
    fields_of,
    keyed,
)

if TYPE_CHECKING:
    import pandas as pd

    from tverretatlig_sim.scenario import Scenario
    from tverretatlig_sim.scenario.edits import Operation
    from tverretatlig_sim.scenario.evidence import Fact, Number
    from tverretatlig_sim.scenario.levers import Dial, Lever


from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.schema import Forum, Project, Title
from tverretatlig_sim.show.simulations import frameworks_document, frameworks_table

CONTENT = """
name title summary source start levers ministries agencies arrangement portfolio letters parameters
"""
"""What machines read of a scenario, besides what is made of it."""
PARAMETER = "name value low high minimum maximum unit grade source meaning whole phases"
"""What machines read of a parameter."""
Graded = TypeVar("Graded", "Number", "Fact")
GRADES: tuple[Grade, ...] = get_args(Grade)
DEFAULT = "library default"
"""Source of numbers that a scenario leaves at the library's default: one that has a label."""


def scenarios_sheet() -> Sheet:
    """Name, title and start of each scenario; only its own file is read, so this is fast.

    A file that cannot be read has no title and no start, but says its ``problem``.
    """
    found = [_shipped(name) for name in list_scenarios()]
    return Sheet(
        [
            keyed(
                [
                    {
                        "name": fields["name"],
                        "start": fields["start"],
                        "title": fields.get("problem") or _in_language(fields["title"] or {}),
                    }
                    for fields in found
                ]
            )
        ],
        found,
    )


def _shipped(name: str) -> Document:
    try:
        raw = read_table(shipped_folder() / f"{name}.toml")
    except ScenarioError as error:
        return {"name": name, "title": None, "start": None, "problem": str(error)}
    return {"name": name, "title": raw.get("title"), "start": raw.get("start")}


def _in_language(titles: Mapping[str, str]) -> str:
    return titles.get(current_language(), titles.get("en", ""))


def parameters_sheet() -> Sheet:
    """Default, evidence range, hard bounds and meaning of each parameter."""
    from tverretatlig_sim.scenario.parameters import parameter_specs

    specs = parameter_specs()
    rows: list[Cells] = [
        {
            "parameter": name,
            "default": Value(spec.value),
            "range": Span(spec.low, spec.high),
            "allowed": Span(spec.minimum, spec.maximum),
            "grade": Word(spec.grade),
            "meaning": f"{spec.meaning!s} ({Word(spec.unit, 'unit')})",
        }
        for name, spec in specs.items()
    ]
    document = [fields_of(spec, *PARAMETER.split()) for spec in specs.values()]
    return Sheet([keyed(rows)], document)


def levers_sheet(levers: Sequence[Lever], *, whole: bool = False) -> Sheet:
    """What each lever means; if ``whole``, all that it changes, with the evidence of every number."""
    parts = (
        [part for lever in levers for part in _lever_parts(lever)]
        if whole
        else [
            keyed(
                [
                    {
                        "lever": f"{lever.title!s}\n{lever.name}",
                        "meaning": f"{lever.meaning!s} ({_origin(lever)})",
                    }
                    for lever in levers
                ]
            )
        ]
    )
    return Sheet(parts, [_lever_document(lever) for lever in levers])


def _lever_document(lever: Lever) -> Document:
    return fields_of(lever, "name", "source", "evidence", "title", "meaning", "changes", "operations")


def _origin(lever: Lever) -> str:
    return f"{reason(lever.source)}; {Word(lever.evidence, 'lever')}"


def _lever_parts(lever: Lever) -> list[Part]:
    rows: list[Cells] = [
        {"what": change.what, "how": Word(change.how, "lever"), **quantity_cells(change.amount)}
        for change in lever.changes
    ]
    rows += [row for operation in lever.operations for row in _operation_rows(operation)]
    return [
        Heading(f"{lever.name}: {lever.title!s}"),
        f"{lever.meaning!s}\n{label('source')}: {_origin(lever)}",
        keyed(rows, of="lever"),
    ]


def _operation_rows(operation: Operation) -> Iterator[Cells]:
    fields = {name: getattr(operation, name) for name in type(operation).model_fields}
    said = [f"{name} {given}" for name, given in fields.items() if isinstance(given, str) and name != "do"]
    said += [name for name, given in fields.items() if given is True]
    yield {"what": operation.do, "how": ", ".join(said)}
    for name, given in fields.items():
        if isinstance(given, Quantity):
            yield {"how": name, **quantity_cells(given)}


def quantity_cells(quantity: Quantity) -> dict[str, Cell]:
    """A number with its evidence."""
    return {
        "value": Value(quantity.value),
        "range": Span.of(quantity.range),
        "grade": Word(quantity.grade),
        "source": reason(quantity.source),
    }


def dials_sheet(dials: Sequence[Dial], *, whole: bool = False) -> Sheet:
    """Limits and meaning of each dial; if ``whole``, all that it changes at its upper end."""
    document = [
        {
            **fields_of(dial, "name", "framework", "source", "title", "meaning", "assumed"),
            "lowest": dial.bounds.low,
            "highest": dial.bounds.high,
            "whole": dial.bounds.whole,
        }
        for dial in dials
    ]
    if whole:
        return Sheet([part for dial in dials for part in _lever_parts(dial.at(dial.bounds.high))], document)
    groups = [
        Group(
            [_dial_row(dial) for dial in dials if dial.framework == key], label(f"framework.{key}.name"), key
        )
        for key in dict.fromkeys(dial.framework for dial in dials)
    ]
    return Sheet([keyed(*groups, of="dial")], document)


def _dial_row(dial: Dial) -> Cells:
    origin = f"{reason(dial.source)}; {label('assumed')}: {dial.assumed!s}"
    return {
        "dial": dial.name,
        "from_to": Span(dial.bounds.low, dial.bounds.high),
        "meaning": f"{dial.meaning!s} ({origin})",
    }


def evidence_sheet(scenario: Scenario, grade: Grade | None = None) -> Sheet:
    """Where the numbers and the other facts of a scenario are from.

    Args:
        scenario: whose numbers and facts to show.
        grade: those of this grade only are listed; all are counted.
    """
    from tverretatlig_sim.scenario.evidence import facts, numbers

    found, told = numbers(scenario), facts(scenario)
    listed = [number for number in found if grade in {None, number.grade}]
    shown = [fact for fact in told if grade in {None, fact.grade}]
    parts: list[Part] = [
        evidence_shares(found),
        evidence_shares(told, label("evidence.facts"), "facts"),
        label("evidence.note"),
        *evidence_tables(listed).values(),
        *([_facts_table(shown)] if shown else []),
    ]
    document = {
        "scenario": scenario.name,
        "counts": evidence_counts(found),
        "numbers": listed,
        "fact_counts": evidence_counts(told),
        "facts": shown,
    }
    return Sheet(parts, document, {"evidence.csv": partial(_evidence_frame, scenario, grade)})


def _evidence_frame(scenario: Scenario, grade: Grade | None) -> pd.DataFrame:
    from tverretatlig_sim.scenario.evidence import evidence

    frame = evidence(scenario)
    return frame if grade is None else frame[frame["grade"] == grade]


def evidence_counts(found: Sequence[Graded]) -> dict[str, dict[str, int]]:
    """How many numbers, or facts, there are of each grade, by part."""
    return {part: _counts(among) for part, among in _by_part(found).items()}


def _by_part(found: Sequence[Graded]) -> dict[str, list[Graded]]:
    from tverretatlig_sim.scenario.evidence import PARTS

    return {part: [each for each in found if each.part == part] for part in PARTS}


def _counts(found: Sequence[Graded]) -> dict[str, int]:
    grades = Counter[str](each.grade for each in found)
    default = sum(each.source == DEFAULT for each in found)
    return {"n": len(found), **{grade: grades[grade] for grade in GRADES}, "library_default": default}


def evidence_shares(found: Sequence[Graded], title: str | None = None, what: str = "numbers") -> Table:
    """Share of each grade and of library defaults, by part; all together last."""
    parts = {**evidence_counts(found), "all": _counts(found)}
    keys = (*GRADES, *(["library_default"] if what == "numbers" else []))
    heads = {"part": "", "library_default": label("evidence.default")}
    return keyed(
        [
            {
                "part": Word(part, "" if part == "all" else "evidence"),
                what: counts["n"],
                **{key: Value(counts[key] / max(counts["n"], 1), "share", decimals=0) for key in keys},
            }
            for part, counts in parts.items()
        ],
        title=label("evidence.shares") if title is None else title,
        heads=heads,
    )


def evidence_tables(numbers: Sequence[Number]) -> dict[str, Table]:
    """A table for each part that has numbers: one row for those of a field with the same grade and source."""
    return {part: _grouped(part, found) for part, found in _by_part(numbers).items() if found}


def _grouped(part: str, numbers: Sequence[Number]) -> Table:
    groups: dict[tuple[str, ...], list[Number]] = {}
    for number in numbers:
        groups.setdefault((_field(number), number.grade, number.source), []).append(number)
    return keyed(
        [
            {
                "field": field,
                "numbers": len(group),
                "value": Span.of([number.value for number in group]),
                "range": Span.of(
                    [end for number in group for end in (number.low, number.high) if end is not None]
                ),
                "grade": Word(grade),
                "source": reason(source),
            }
            for (field, grade, source), group in groups.items()
        ],
        title=str(Word(part, "evidence")),
    )


def _facts_table(facts: Sequence[Fact]) -> Table:
    """One row for the facts that have the same grade and source."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for fact in facts:
        groups.setdefault((fact.part, fact.grade, fact.source), []).append(fact.field)
    return keyed(
        [
            {"field": ", ".join(fields), "grade": Word(grade), "source": reason(source)}
            for (_part, grade, source), fields in groups.items()
        ],
        title=label("facts"),
    )


def _field(number: Number) -> str:
    """The field without the theme or agency behind it."""
    return ".".join(number.field.split(".", 2)[:2])


QUANTITIES = (
    "mandate_clarity", "project_clarity", "stop_points", "follow_up", "attention", "turnover",
)  # fmt: skip
"""Graded numbers of an arrangement, in the order in which they are shown."""


def scenario_sheet(scenario: Scenario) -> Sheet:
    """Everything a scenario is made of, and what that is in terms of the sources' frameworks."""
    from tverretatlig_sim.ensemble.frameworks import frameworks  # numerical libraries are slow to import

    readouts = frameworks(scenario)
    parts: list[Part] = [
        *_head(scenario),
        _actors(scenario),
        _forums(scenario),
        _projects(scenario),
        _letters(scenario),
        _practice(scenario),
        *([_parameters(scenario)] if scenario.parameters else []),
        frameworks_table({scenario.name: readouts}),
    ]
    return Sheet(parts, _document(scenario, frameworks_document(readouts)))


def _document(scenario: Scenario, readouts: Document) -> Document:
    return {
        **fields_of(scenario, *CONTENT.split()),
        "months": scenario.default_months,
        "notes": scenario.notes,
        "core": sorted(scenario.core),
        "frameworks": readouts["measures"],
    }


def _titled(name: str, title: Title | None) -> str:
    return f"{name}: {title!s}" if title else name


def _head(scenario: Scenario) -> list[Part]:
    facts = f"{label('start')} {scenario.start}, {scenario.default_months} {label('months_unit')}"
    source = f"{label('source')}: {reason(scenario.source)}" if scenario.source else ""
    said = [str(scenario.summary) if scenario.summary else "", facts, source]
    return [Heading(scenario.title), "\n".join(filter(None, said))]


def _actors(scenario: Scenario) -> Table:
    rows: list[Cells] = []
    for ministry in scenario.ministries:
        agencies = [agency for agency in scenario.agencies if agency.ministry == ministry.name]
        for place, agency in enumerate(agencies):
            core = " *" if agency.name in scenario.core else ""
            rows.append(
                {
                    "ministry": "" if place else _titled(ministry.name, ministry.title),
                    "agency": _titled(agency.name + core, agency.title),
                    "capacity": Value(agency.capacity.value),
                }
            )
    return keyed(rows, title=label("who"), note=label("note.core"))


def _forums(scenario: Scenario) -> Table:
    return keyed(
        [
            {
                "forum": str(forum.title) if forum.title else forum.name,
                "function": Word(forum.function),
                "cadence": Value(forum.cadence.value),
                "seats": _named(forum.seats, scenario),
                "lifetime": _lifetime(forum),
            }
            for forum in scenario.arrangement.forum
        ],
        title=label("forums"),
    )


def _named(names: Sequence[str] | str, scenario: Scenario) -> str:
    """How many there are, and who unless it is everyone."""
    everyone = len(names) == len(scenario.agencies)
    return str(len(names)) if everyone else f"{len(names)}: {', '.join(names)}"


def _lifetime(forum: Forum) -> str:
    if not (forum.begins or forum.ends):
        return label("whole_run")
    return f"{forum.begins or ''} – {forum.ends or ''}".strip()


def _projects(scenario: Scenario) -> Table:
    return keyed(
        [
            {
                "project": str(project.title) if project.title else project.name,
                "origin": Word(project.origin),
                "lead": project.lead,
                "members": len(project.members),
                "start": project.start,
                "recommendations_number": _recommendations(project),
                "themes": _themes(project),
            }
            for project in scenario.portfolio.project
        ],
        title=label("portfolio"),
    )


def _recommendations(project: Project) -> Cell:
    given = project.recommendations
    return len(project.recommendation) if given is None else Value(given.value)


def _themes(project: Project) -> str:
    weights = {theme: weight.value for theme, weight in project.themes.items()}
    return ", ".join(str(Word(theme, "theme")) for theme in sorted(weights, key=lambda name: -weights[name]))


def _letters(scenario: Scenario) -> Table:
    return keyed(
        [
            {
                "letter": letter.name,
                "from": ", ".join(letter.ministries),
                "to": _named(letter.to, scenario),
                "in_force": f"{letter.begins} – {letter.ends}",
                "strength": Value(letter.strength.value),
            }
            for letter in scenario.letters.letter
        ],
        title=label("letters"),
    )


def _practice(scenario: Scenario) -> Table:
    arrangement, no = scenario.arrangement, label("no")
    words: dict[str, Cell] = {
        "coordinator": arrangement.coordinator or no,
        "facilitator": _body(arrangement.facilitator, scenario) if arrangement.facilitator else no,
        "delivery": Word(arrangement.delivery),
        "route": " → ".join(_body(body, scenario) for body in arrangement.route),
        "project_groups": label("yes") if arrangement.project_groups else no,
    }
    rows: list[Cells] = [{"practice": Word(key), "value": value} for key, value in words.items()]
    quantities = {key: getattr(arrangement, key) for key in QUANTITIES}
    quantities |= {"start_ownership": arrangement.start.ownership, "start_trust": arrangement.start.trust}
    rows += [
        {"practice": Word("attention_level" if key == "attention" else key), **quantity_cells(quantity)}
        for key, quantity in quantities.items()
        if quantity is not None
    ]
    return keyed(rows, title=label("arrangement"))


def _body(name: str, scenario: Scenario) -> str:
    """A forum by its title; the line by its label."""
    forum = next((forum for forum in scenario.arrangement.forum if forum.name == name), None)
    return str(forum.title) if forum and forum.title else label(name)


def _parameters(scenario: Scenario) -> Table:
    rows = [{"parameter": name, **quantity_cells(given)} for name, given in scenario.parameters.items()]
    return keyed(rows, title=label("parameters"))
