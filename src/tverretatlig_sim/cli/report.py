"""The command ``report``: two arrangements compared, explained and documented in one HTML file."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tverretatlig_sim.cli.completion import scenario_names
from tverretatlig_sim.cli.language import argument, command, language, option
from tverretatlig_sim.cli.options import (
    Changes,
    Refusal,
    changing,
    load_all,
    load_case,
    parse_settings,
    refusals,
)
from tverretatlig_sim.cli.output import write
from tverretatlig_sim.cli.progress import progress
from tverretatlig_sim.cli.request import months, seed, settings
from tverretatlig_sim.i18n import _, current_language, label

if TYPE_CHECKING:
    from tverretatlig_sim.study.report_data import ReportData

ENDINGS = (".html", ".htm")
PARTS = {
    "compare": _("compare"),
    "explain": _("explain"),
    "levers": _("levers"),
    "robust": _("robust"),
}
"""Parts of a report that are simulated, by the names that the study has for them."""


@command()
@argument("a", shell_complete=scenario_names)
@argument("b", shell_complete=scenario_names)
@option("--out", metavar="FILE.html", help="Where to.  [default: results/report-A-B.html]")
@option(
    "--runs",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    help="Runs of each scenario; hybrids and levers get at most 200.",
)
@option(
    "--robust/--no-robust",
    default=True,
    show_default=True,
    help="Compare in every evidence-consistent parameter set too.",
)
@seed
@months
@settings
@changing
@language
def report(
    a: str,
    b: str,
    out: str | None,
    runs: int,
    robust: bool,
    seed: int,
    months: int | None,
    settings: tuple[str, ...],
    changes: Changes,
) -> None:
    """Write a report on scenarios A and B: one HTML file that opens without a network.

    It compares them, shows where recommendations are lost, what explains the difference and what each lever
    would change, and how robust that is: a minute or two. Print it from the browser for a PDF.
    """
    from tverretatlig_sim.show.files import file_name, text_file

    scenarios, parameters = load_all((a, b), changes), parse_settings(settings)
    path = _path(out, f"{file_name('report', *(scenario.name for scenario in scenarios))}.html")
    from tverretatlig_sim.show.report import report_html
    from tverretatlig_sim.study.report_data import gather
    from tverretatlig_sim.study.history_matching import read_stored

    cases = load_case(a, changes), load_case(b, changes)
    with refusals():
        stored = read_stored() if robust else None
        dossier = gather(cases, runs, seed, months, parameters, stored=stored, progress=_progress)
    commands = _commands((a, b), dossier, settings, changes, path)
    page = report_html(dossier, *commands)
    write(path.parent, {path.name: text_file(page)})
    click.echo(label("note.report", file=path))


def _progress(total: int, what: str) -> AbstractContextManager[Callable[[int], None]]:
    return progress(total, _("runs ({part})", part=PARTS[what]))


def _path(out: str | None, name: str) -> Path:
    """Where the report goes.

    Raises:
        Refusal: before time is spent on it, if it cannot go there.
    """
    from tverretatlig_sim.show.files import check_folder

    usual = Path("results", name)
    path = usual if out is None else Path(out)
    if path.suffix.lower() not in ENDINGS:
        what = _("--out {file}: a report is a file that ends in .html", file=out or '""')
        raise Refusal(what, _("Try “--out {file}”.", file=path.with_suffix(".html") if path.name else usual))
    with refusals():
        check_folder(path.parent, [path.name])
    return path


def _commands(
    names: tuple[str, str], dossier: ReportData, settings: tuple[str, ...], changes: Changes,
    path: Path,
) -> tuple[str, str]:  # fmt: skip
    """The commands that make this report and its numbers again, with every choice written out."""
    comparison = dossier.comparison
    sizes = ["--runs", comparison.runs, "--seed", comparison.seed, "--months", comparison.months]
    common = [
        *names,
        *sizes,
        *(word for setting in settings for word in ("--set", setting)),
        *_changed(changes),
    ]
    robust = [] if dossier.robust else ["--no-robust"]
    report = ["tverretatlig", "report", *common, *robust, "--lang", current_language(), "--out", path]
    numbers = ["tverretatlig", "compare", *common, "--json"]
    one, other = (shlex.join(map(str, words)) for words in (report, numbers))
    return one, other


def _changed(changes: Changes) -> list[str]:
    """The options that change both scenarios."""
    words = ["--with", ",".join(changes.levers)] if changes.levers else []
    for field in fields(changes):
        value = getattr(changes, field.name)
        if isinstance(value, str):
            words += [f"--{field.name}", value]
    return words
