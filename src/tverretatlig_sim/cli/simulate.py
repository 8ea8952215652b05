"""Commands that simulate: ``run``, ``trace``, ``compare``, ``explain``, ``brief``, ``report`` and others."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tverretatlig_sim.cli.base import Refusal, command, flag, modules_of, option
from tverretatlig_sim.cli.options import (
    RunOptions,
    Width,
    as_json,
    is_given,
    out,
    scenario_argument,
    simulating,
    whole,
)
from tverretatlig_sim.cli.output import JSON, OUT, progress, told
from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.i18n import _, current_language, label
from tverretatlig_sim.show.files import binary, check_folder, own_name, write_folder
from tverretatlig_sim.show.rows import Sheet

if TYPE_CHECKING:
    from tverretatlig_sim.scenario import Scenario
    from tverretatlig_sim.study.robust import ScenarioNumbers

A_SET = 8
"""Runs of each parameter set in a robust comparison, unless --runs says how many in all."""
ENDINGS = (".html", ".htm")
KINDS_OF_BRIEF = (*ENDINGS, ".docx", ".xlsx")
PARTS = {
    "compare": _("compare"), "explain": _("each change"), "barriers": _("barriers"), "levers": _("levers"),
    "robust": _("robust"),
}  # fmt: skip
"""Parts of a report that are simulated, by the names that the study has for them."""

_names = scenario_argument("names", metavar="NAME...", nargs=-1, required=True)
_runs = whole("--runs", 1000, "Runs of each scenario; with --until at most so many, by default 100 000.")
_smallest = option(
    "--smallest",
    type=Width(min=0, max=1, max_open=True),
    metavar="SIZE",
    help="With --robust: smallest difference of interest in a share.  [default: 0.01, a percentage point]",
)
_scenario_numbers = option(
    "--scenario-numbers",
    type=click.Choice(["drawn", "fixed"]),
    default="drawn",
    show_default=True,
    help="Whether the scenarios' own numbers are drawn within their ranges, or fixed; with --robust.",
)
_until = option(
    "--until",
    type=Width(min=0, max=0.5, min_open=True, max_open=True),
    metavar="WIDTH",
    help="Run until the 95 % interval of the implemented rate (or its difference) is ± WIDTH: 0.01.",
)


@command()
@_names
@_runs
@_until
@simulating
@out
@as_json
def run(names: Sequence[str], runs: int, until: float | None, options: RunOptions) -> Sheet:
    """Simulate scenarios and summarise them; with --out, keep numbers and figures."""
    scenarios = options.load_all(names)
    from tverretatlig_sim.ensemble.simulate import simulate
    from tverretatlig_sim.show.simulations import ensembles_sheet

    months = options.months or max(scenario.default_months for scenario in scenarios)
    with _progress(runs, until, scenarios) as report:
        ensembles = {
            scenario.name: simulate(
                scenario,
                _most(runs, until),
                options.seed,
                months,
                options.parameters,
                half_width=until,
                series="moments" if told(OUT) else "none",
                progress=report,
            )
            for scenario in scenarios
        }
    return ensembles_sheet(ensembles)


@command()
@scenario_argument("name")
@whole("--run", 0, "Which run to tell.", least=0)
@simulating
@as_json
def trace(name: str, run: int, options: RunOptions) -> Sheet:
    """Tell one run step by step: mandates, ministries, letters, lines.

    For every mandate and recommendation: who heard of it, who settled it, whose letter it got into, what the
    lines did. One run is one possible course, not the likely one.
    """
    scenario = options.load(name)
    from tverretatlig_sim.ensemble.simulate import simulate
    from tverretatlig_sim.show.accounts import steps_sheet

    found = simulate(scenario, run + 1, *options.how, series="none")
    return steps_sheet(found, run)


@command()
@_names
@flag(
    "--robust", "Compare in every evidence-consistent parameter set; --runs is then the number over all sets."
)
@_runs
@_until
@_smallest
@_scenario_numbers
@simulating
@out
@as_json
def compare(
    names: Sequence[str],
    robust: bool,
    runs: int,
    until: float | None,
    smallest: float | None,
    scenario_numbers: ScenarioNumbers,
    options: RunOptions,
) -> Sheet:
    """Compare scenarios on the same draws and say what the numbers support.

    Numbers and figures go to --out, by default to a folder of results/ that is named
    after them and what was chosen (with --json: nowhere).
    """
    if len(names) < 2:
        advice = _("Try “tverretatlig compare 0-24-2018 dfo-simplified”.")
        raise Refusal(_("a comparison needs at least two scenarios"), advice)
    if robust and until is not None:
        advice = _("With --robust, --runs says how many in all.")
        raise Refusal(_("--until does not go with --robust"), advice)
    _check_smallest(smallest, robust)
    scenarios = options.load_all(names)

    if not (told(OUT) or told(JSON)):
        folder = click.get_current_context().meta[OUT] = Path("results", _name("compare", names, scenarios))
        check_folder(folder)
    if robust:
        return _compared_robustly(scenarios, runs, smallest, scenario_numbers, options)
    return _compared(scenarios, runs, until, options)


def _compared(scenarios: list[Scenario], runs: int, until: float | None, options: RunOptions) -> Sheet:
    from tverretatlig_sim.ensemble.compare import compare
    from tverretatlig_sim.show.simulations import comparison_sheet

    with _progress(runs, until, scenarios) as report:
        comparison = compare(
            scenarios,
            _most(runs, until),
            *options.how,
            half_width=until,
            series="none",
            progress=report,
        )
    return comparison_sheet(comparison)


def _compared_robustly(
    scenarios: list[Scenario],
    runs: int,
    smallest: float | None,
    scenario_numbers: ScenarioNumbers,
    options: RunOptions,
) -> Sheet:
    from tverretatlig_sim.show.robust import robust_comparison_sheet
    from tverretatlig_sim.study.history_matching import read_stored
    from tverretatlig_sim.study.robust import compare_robustly

    stored = read_stored()
    sets = len(stored.sets)
    each = _runs_a_set(runs, sets, A_SET)
    with progress(each * sets * len(scenarios)) as report:
        comparison = compare_robustly(
            scenarios,
            stored.sets,
            each,
            *options.how,
            smallest=smallest,
            scenario_numbers=scenario_numbers,
            progress=report,
        )
    return robust_comparison_sheet(comparison, stored)


def _name(kind: str, given: Sequence[str], scenarios: Sequence[Scenario]) -> str:
    """A name for results; scenarios have those of their levers and parts, what else was chosen is added."""
    chosen, values = [], click.get_current_context().params
    for key in ("robust", "runs", "until", "smallest", "scenario_numbers", "seed", "months", "parameters"):
        if values.get(key) is not None and is_given(key):
            plain = isinstance(value := values[key], bool)
            chosen.append((key if value else f"no-{key}") if plain else f"{key}={value}")
    chosen += [f"module={file.stem}" for file in modules_of(click.get_current_context())]
    return own_name(kind, [*(it.name for it in scenarios), *given], chosen)


def _progress(
    runs: int, until: float | None, scenarios: Sequence[Scenario]
) -> AbstractContextManager[Callable[..., None]]:
    return progress(runs * len(scenarios) if until is None else None)


def _most(runs: int, until: float | None) -> int | None:
    """Runs of each scenario; None if it is for the library to say."""
    return runs if until is None or is_given("runs") else None


def _check_smallest(smallest: float | None, robust: bool) -> None:
    """Refuse a smallest difference where nothing is counted over sets."""
    if smallest is not None and not robust:
        raise Refusal(_("--smallest goes with --robust"), _("Add --robust, or leave --smallest out."))


def _runs_a_set(runs: int, sets: int, usual: int) -> int:
    """Runs of each parameter set: a few, or as many as the user's runs in all suffice for; two at least."""
    return max(2, round(runs / sets)) if is_given("runs") else usual


@command()
@scenario_argument("a")
@scenario_argument("b")
@option("--outcome", default=HEADLINE, show_default=True, help="What to explain; any column of outcomes.csv.")
@whole("--runs", 250, "Runs of each of up to 128 hybrids.")
@flag(
    "--robust", "Explain in every evidence-consistent parameter set; --runs is then the number over all sets."
)
@_smallest
@_scenario_numbers
@simulating
@out
@as_json
def explain(
    a: str,
    b: str,
    outcome: str,
    runs: int,
    robust: bool,
    smallest: float | None,
    scenario_numbers: ScenarioNumbers,
    options: RunOptions,
) -> Sheet:
    """Share out the difference between scenarios A and B among the parts in which they differ.

    Every hybrid, with some parts from A and the rest from B, is run on the same draws: a minute or two, with
    --robust some minutes.
    """
    _check_smallest(smallest, robust)
    first, second = scenarios = options.load_all((a, b))
    from tverretatlig_sim.show import inference as show
    from tverretatlig_sim.study.explain import explain
    from tverretatlig_sim.study.history_matching import read_stored
    from tverretatlig_sim.study.robust import explain_robustly

    with progress() as report:
        if robust:
            stored = read_stored()
            each = _runs_a_set(runs, len(stored.sets), usual=2)
            shares = explain_robustly(
                first,
                second,
                stored.sets,
                outcome,
                each,
                *options.how,
                smallest=smallest,
                scenario_numbers=scenario_numbers,
                progress=report,
            )
            return show.robust_explanation_sheet(shares, stored, scenarios)
        found = explain(first, second, outcome, runs, *options.how, progress=report)
    return show.explanation_sheet(found, scenarios)


@command()
@scenario_argument("name")
@whole("--runs", 1000, "Runs of the scenario as it is, and without each barrier.")
@flag("--robust", "Run every evidence-consistent parameter set; --runs is then the number over all sets.")
@_smallest
@simulating
@out
@as_json
def barriers(name: str, runs: int, robust: bool, smallest: float | None, options: RunOptions) -> Sheet:
    """Say what the evaluators of an arrangement say held it back, and what changes without it.

    Each barrier is taken away alone, by a common dose (to the best of the shipped arrangements in that
    respect) and wholly: a minute or two, with --robust some minutes.
    """
    _check_smallest(smallest, robust)
    scenario = options.load(name)
    from tverretatlig_sim.show.accounts import barriers_sheet
    from tverretatlig_sim.study.barriers import barriers
    from tverretatlig_sim.study.history_matching import read_stored

    sets = read_stored().sets if robust else None
    each = _runs_a_set(runs, len(sets), usual=2) if sets else runs
    with progress() as report:
        found = barriers(scenario, each, *options.how, sets=sets, smallest=smallest, progress=report)
    return barriers_sheet(found)


_robustly = option(
    "--robust/--no-robust",
    default=True,
    show_default=True,
    help="Try the answer in evidence-consistent parameter sets too.",
)


@command()
@scenario_argument("base")
@scenario_argument("change")
@option("--out", metavar="FILE", help="Where to: .html, .docx or .xlsx. [default: HTML in results/]")
@option("--template", metavar="FILE.docx", help="A Word document whose styles, header and footer to use.")
@whole("--runs", 500, "Runs of both scenarios; combinations of changes get at most 128.")
@_robustly
@simulating
def brief(
    base: str,
    change: str,
    out: str | None,
    template: str | None,
    runs: int,
    robust: bool,
    options: RunOptions,
) -> None:
    """Write one page on a change: what it gives, how sure that is, what each part of it does, what it costs.

    CHANGE is a file that “edit” wrote, BASE+LEVER, or any other scenario. As HTML, for Word (.docx), or all
    numbers behind it for Excel (.xlsx).
    """
    _write_page("brief", (base, change), out, runs, robust, options, template)


@command()
@scenario_argument("base")
@scenario_argument("change")
@option("--out", metavar="FILE.html", help="Where to.  [default: in results/, named after what is chosen]")
@whole("--runs", 500, "Runs of both scenarios; combinations of changes and levers get at most 128.")
@_robustly
@simulating
def report(base: str, change: str, out: str | None, runs: int, robust: bool, options: RunOptions) -> None:
    """Write the page that “brief” writes and, behind it, a report: one HTML file that needs no network.

    It sets both scenarios side by side and shows all outcomes, where recommendations are lost, how robust the
    answer is and what further levers would add: a minute or two. Print it from the browser for a PDF.
    """
    _write_page("report", (base, change), out, runs, robust, options)


def _write_page(
    kind: str,
    names: tuple[str, str],
    out: str | None,
    runs: int,
    robust: bool,
    options: RunOptions,
    template: str | None = None,
) -> None:
    """Write a brief, or a report, which tries levers too."""
    report = kind == "report"
    path, (base, change) = _page_path(out, kind, names, options, ENDINGS if report else KINDS_OF_BRIEF)
    if template and path.suffix != ".docx":
        raise Refusal(_("--template goes with --out FILE.docx"), _("Try “--out {file}”.", file="brief.docx"))
    from tverretatlig_sim.show import office
    from tverretatlig_sim.show.report import Page
    from tverretatlig_sim.study.briefing import gather
    from tverretatlig_sim.study.history_matching import read_stored

    office.check(ending := path.suffix.lower())
    results = gather(
        base,
        change,
        runs,
        *options.how,
        stored=read_stored() if robust else None,
        levers=None if report else (),
        progress=_part_progress,
    )
    page = Page(results, _command(kind, names, runs, robust, options, path))
    made = page.html(report=True).encode() if report else page.data(ending, template)
    write_folder(path.parent, {path.name: binary(made)})
    click.echo(label("note.report", file=path))


def _part_progress(total: int, what: str) -> AbstractContextManager[Callable[..., None]]:
    return progress(total, _("runs ({part})", part=PARTS[what]))


def _page_path(
    out: str | None, kind: str, names: tuple[str, str], options: RunOptions, endings: Sequence[str]
) -> tuple[Path, list[Scenario]]:
    """Where a page goes, and what it is about.

    Raises:
        Refusal: it would be a file of another kind.
    """
    scenarios = options.load_all(names)
    usual = Path("results", f"{_name(kind, names, scenarios)}.html")
    path = usual if out is None else Path(out)
    if path.suffix.lower() not in endings:
        allowed = ", ".join(dict.fromkeys(endings))
        what = _("--out {file}: must end in one of {endings}", file=out or '""', endings=allowed)
        raise Refusal(what, _("Try “--out {file}”.", file=path.with_suffix(".html") if path.name else usual))
    check_folder(path.parent, [path.name])
    return path, scenarios


def _command(
    kind: str, names: tuple[str, str], runs: int, robust: bool, options: RunOptions, path: Path
) -> str:
    """The command that makes this page again, with every choice written out."""
    given = [
        ("runs", runs),
        ("seed", options.seed),
        ("months", options.months),
        *(("set", f"{name}={value!r}") for name, value in (options.parameters or {}).items()),
        ("with", ",".join([*options.levers, *options.dials]) or None),
        *options.swaps.items(),
        *(("module", file) for file in modules_of(click.get_current_context())),
    ]
    chosen = [word for key, value in given if value is not None for word in (f"--{key}", value)]
    flags = ["--same-load"] * options.same_load + ["--no-robust"] * (not robust)
    words = ["tverretatlig", kind, *names, *chosen, *flags, "--lang", current_language(), "--out", path]
    return shlex.join(map(str, words))
