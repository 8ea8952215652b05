"""The page: everything the template needs, put into it."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.ensemble.outcomes import FOLLOW_UP
from tverretatlig_sim.i18n import current_language, label
from tverretatlig_sim.scenario.evidence import numbers
from tverretatlig_sim.show.catalogue import evidence_counts
from tverretatlig_sim.show.describe import fingerprint
from tverretatlig_sim.show.inference import explanation_notes, used_rules
from tverretatlig_sim.show.numbers import number, plain
from tverretatlig_sim.show.report import frameworks, grids, ordering, pictures, reasons
from tverretatlig_sim.show.report.names import titles
from tverretatlig_sim.show.rows import rows_of
from tverretatlig_sim.version import __version__

if TYPE_CHECKING:
    from tverretatlig_sim.scenario.evidence import Number
    from tverretatlig_sim.study.dossier import Dossier

LIMITS = """
limit.people limit.levels limit.named limit.scheming
limit.content limit.politics limit.membership limit.wholes
"""
"""What the model does not speak of, in the order in which the report says so."""


def report_html(dossier: Dossier, command: str, numbers_command: str) -> str:
    """The report as one HTML page that needs no other file and no network.

    Args:
        dossier: the results.
        command: that makes this report again.
        numbers_command: that makes its numbers again.
    """
    named = titles(dossier.scenarios)
    return (
        _environment()
        .get_template("report.html.jinja")
        .render(
            label=label,
            lang=current_language(),
            style=Markup((files(__package__) / "templates" / "report.css").read_text(encoding="utf-8")),
            titles=named,
            months=FOLLOW_UP,
            dossier=dossier,
            **_ordering(dossier, named),
            **_reasons(dossier, named),
            **_sections(dossier, named),
            frameworks=_frameworks(dossier, named),
            **_evidence(dossier, named),
            repeat=_repeat(dossier, command, numbers_command),
            version=__version__,
        )
    )


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _ordering(dossier: Dossier, named: list[str]) -> dict[str, Any]:
    """Sentences on which is higher."""
    names = dict(zip("ab", named, strict=True))
    row = rows_of(dossier.comparison.table(HEADLINE))[0]
    said = {"headline": ordering.headline(row, dossier.comparison.runs, names)}
    if dossier.robust is None:
        return {**said, "robust": "", "verdict": "", "split": ""}
    over_sets = rows_of(dossier.robust.table([HEADLINE]))[0]
    split = next(iter(dossier.robust.flips(HEADLINE).values()))
    both = ordering.side(row), ordering.robust_side(over_sets)
    return {
        **said,
        "robust": ordering.robust_sentence(over_sets, names),
        "verdict": ordering.verdict(*both, names),
        "split": ordering.split_sentence(split, names),
    }


def _reasons(dossier: Dossier, named: list[str]) -> dict[str, Any]:
    """Sentences on losses, parts and levers."""
    ensembles = dossier.comparison.ensembles
    lever_titles = {lever.name: str(lever.title) for lever in dossier.levers}
    table = dossier.effects.table
    tried = int((table["reason"] == "").sum())
    return {
        "losses": [reasons.losses(e.outcomes, t) for e, t in zip(ensembles.values(), named, strict=True)],
        "parts": reasons.parts(dossier.explanation, dict(zip("ab", named, strict=True))),
        "levers": [
            reasons.levers(table[table["scenario"] == name], title, lever_titles)
            for name, title in zip(ensembles, named, strict=True)
        ],
        "chance": label("report.levers.chance", n=tried, expected=number(0.05 * tried, 0)),
    }


def _sections(dossier: Dossier, named: list[str]) -> dict[str, Any]:
    """Tables and figures."""
    ensembles = dict(zip(named, dossier.comparison.ensembles.values(), strict=True))
    by_name = dict(zip(dossier.comparison.ensembles, named, strict=True))
    return {
        "arrangements": grids.side_by_side(dossier, named),
        "structures": pictures.structures(dossier, named),
        "outcomes": grids.outcomes(dossier.comparison, named),
        "differences": pictures.differences(dossier),
        "funnel": grids.funnel([*ensembles.values()], named),
        "funnels": pictures.funnels(ensembles),
        "frameworks_figure": pictures.frameworks(ensembles),
        "meetings": pictures.meetings(ensembles),
        "contributions": grids.contributions(dossier),
        "contributions_figure": pictures.parts(dossier),
        **_notes(dossier),
        "lever_grid": grids.lever_grid(dossier, named),
        "lever_figure": pictures.levers(dossier, by_name),
        "refused": grids.refused(dossier, by_name),
        "robust_figure": pictures.robustness(dossier),
        "limits": [label(key) for key in LIMITS.split()],
    }


def _frameworks(dossier: Dossier, named: list[str]) -> list[dict[str, Any]]:
    """Each framework: what it is called, sentences and a table."""
    ensembles = [*dossier.comparison.ensembles.values()]
    first, second = (
        frameworks.Reading.of(ensemble, title) for ensemble, title in zip(ensembles, named, strict=True)
    )
    said = frameworks.sentences((first, second))
    return [
        {"name": label(f"framework.{name}.name"), "said": said[name], "grid": grid}
        for name, grid in grids.framework_grids(ensembles, named).items()
    ]


def _notes(dossier: Dossier) -> dict[str, Any]:
    """What is the same in both, which runs are left out, and the rules of hybrids."""
    found = dossier.explanation
    return {"explained_notes": explanation_notes(found)[1:], "rules": used_rules(found)}


def _evidence(dossier: Dossier, named: list[str]) -> dict[str, Any]:
    found = [(numbers(scenario), title) for scenario, title in zip(dossier.scenarios, named, strict=True)]
    return {
        "evidence": [_evidence_sentence(listed, title) for listed, title in found],
        "evidence_shares": [grids.evidence_shares(listed, title) for listed, title in found],
        "evidence_rows": [grids.evidence_rows(listed, title) for listed, title in found],
    }


def _evidence_sentence(found: list[Number], title: str) -> str:
    counts = evidence_counts(found)
    total = sum(part["n"] for part in counts.values())
    shares = {
        grade: number(100 * sum(part[grade] for part in counts.values()) / total, 0)
        for grade in ("sourced", "derived", "assumed")
    }
    return label("said.evidence", title=title, n=total, **shares)


def _repeat(dossier: Dossier, command: str, numbers_command: str) -> list[tuple[str, str, bool]]:
    """Facts needed to repeat the report: what, its value, and whether it is to be typed."""
    comparison = dossier.comparison
    runs = label("report.repeat.runs.text", runs=comparison.runs, few=dossier.effects.runs)
    given = ", ".join(f"{name} = {plain(value)}" for name, value in dossier.parameters.items())
    facts = [
        ("report.repeat.command", command, True),
        ("report.repeat.numbers", numbers_command, True),
        ("report.repeat.version", f"tverretatlig-sim {__version__}", False),
        ("report.repeat.seed", str(comparison.seed), False),
        ("report.repeat.runs", runs, False),
        ("report.repeat.months", str(comparison.months), False),
        ("report.repeat.parameters", given or label("report.none"), False),
        ("report.repeat.sets", _sets(dossier), False),
    ]
    hashes = [
        (label("report.repeat.hash", name=scenario.name), fingerprint(scenario), True)
        for scenario in dossier.scenarios
    ]
    return [*((label(key), value, typed) for key, value, typed in facts), *hashes]


def _sets(dossier: Dossier) -> str:
    """How many sets, and the command that made them."""
    if dossier.robust is None or dossier.stored is None:
        return label("report.none")
    return f"{len(dossier.robust.sets)} × {dossier.robust.runs}; {dossier.stored.manifest['command']}"
