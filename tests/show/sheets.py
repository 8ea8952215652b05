"""A small sheet of every result, by name."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Mapping
from functools import cache, partial
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import tverretatlig_sim as ts
from show.report_cases import explanation
from tverretatlig_sim.i18n import use_language
from tverretatlig_sim.scenario.levers import list_dials, load_dial, load_lever
from tverretatlig_sim.show import catalogue, inference, robust, simulations, studies
from tverretatlig_sim.show.accounts import barriers_sheet, steps_sheet
from tverretatlig_sim.show.rows import Sheet, Table
from tverretatlig_sim.study import patterns
from tverretatlig_sim.study.analysis import analyse
from tverretatlig_sim.study.history_matching import match_history, read_stored
from tverretatlig_sim.study.robust import compare_robustly, explain_robustly
from tverretatlig_sim.study.sampling import draw_sets
from tverretatlig_sim.study.search import search

A, B = "0-24-2018", "dfo-simplified"
STUDY = {
    "arrangements": ["pure-network", "0-24-2015"],
    "runs": 2,
    "months": 6,
    "parameters": {"look_pace": "evidence", "turnover": "evidence"},
    "design": {"kind": "saltelli", "base": 4},
    "record": {"outcomes": ["trust_mean", "handed_over"], "replicates": True},
}


Made = tuple[Callable[[], Any], Callable[[Any], Sheet]]
"""What computes a result, and what makes a sheet of it."""


def pair() -> list[ts.Scenario]:
    return [ts.load_scenario(name) for name in ("etatssamarbeidet-2022", "etatssamarbeidet-2023")]


@cache
def study() -> tuple[Any, Any]:
    asked = ts.study_of(STUDY)
    return asked, asked.run()


def stored_study() -> Any:
    folder = mkdtemp()
    atexit.register(rmtree, folder)
    return ts.study_of(STUDY).run(folder)


def compared(*names: str) -> Made:
    return partial(ts.compare, list(names), runs=3, months=30, series="none"), simulations.comparison_sheet


def patterns_found() -> Any:
    chosen = patterns.patterns(("core-gives-more", "a-and-b-team", "turnover-costs-trust"))
    return patterns.evaluate(chosen, draw_sets(2), 2, 1)


QUICK: Mapping[str, Made] = {
    "run": (lambda: {A: ts.simulate(A, runs=3, months=40)}, simulations.ensembles_sheet),
    "comparison": compared(A, B),
    "comparison of three": compared(A, B, "pure-hierarchy"),
    "scenarios": (lambda: None, lambda _: catalogue.scenarios_sheet()),
    "parameters": (lambda: None, lambda _: catalogue.parameters_sheet()),
    "levers": (lambda: [load_lever(name) for name in ts.list_levers()], catalogue.levers_sheet),
    "one lever": (lambda: [load_lever("simpler-structure")], partial(catalogue.levers_sheet, whole=True)),
    "dials": (lambda: [load_dial(name) for name in list_dials()], catalogue.dials_sheet),
    "one dial": (lambda: [load_dial("matrix")], partial(catalogue.dials_sheet, whole=True)),
    "evidence": (lambda: ts.load_scenario(B), catalogue.evidence_sheet),
    "scenario": (lambda: ts.load_scenario(A), catalogue.scenario_sheet),
    "explanation": (
        lambda: explanation(forums=0.1, mandate=-0.05),
        lambda found: inference.explanation_sheet(found, pair()),
    ),
    "robust explanation": (
        lambda: explain_robustly(*pair(), draw_sets(2), "trust_mean", runs=2, months=12),
        lambda found: inference.robust_explanation_sheet(found, read_stored(), pair()),
    ),
    "robust comparison": (
        lambda: compare_robustly(pair(), draw_sets(4), 2, 1, 30),
        lambda found: robust.robust_comparison_sheet(found, read_stored()),
    ),
    "steps": (lambda: ts.simulate(A, runs=1, months=60), lambda found: steps_sheet(found, 0)),
    "barriers": (lambda: ts.barriers("grorud-valley-2007", runs=2, months=30), barriers_sheet),
    "patterns": (patterns_found, lambda found: inference.patterns_sheet(found, 2, 2, 1, switched=True)),
    "study": (study, lambda found: studies.study_sheet(*found, "none")),
    "state of a study": (stored_study, lambda found: studies.status_sheet(found, None, {})),
    "analyses": (lambda: analyse(study()[1], "trust_mean"), studies.analyses_sheet),
}
SLOW: Mapping[str, Made] = {
    "search": (lambda: search(ts.load_scenario(A), 6, 3, months=16, gain="drafted"), studies.search_sheet),
    "history": (
        lambda: match_history(4, 2, 1, want=1, most=4),
        lambda found: inference.history_sheet(found, 5, "retain"),
    ),
}


@cache
def result(name: str) -> Any:
    """A result, computed once."""
    return {**QUICK, **SLOW}[name][0]()


@cache
def sheet(name: str, lang: str = "en") -> Sheet:
    """The sheet of a result, made once in each language."""
    with use_language(lang):
        return {**QUICK, **SLOW}[name][1](result(name))


def tables(of: Sheet) -> list[Table]:
    """The tables of a sheet."""
    return [part for part in of.parts if isinstance(part, Table)]
