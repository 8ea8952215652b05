"""The command ``evidence``: where the numbers of a scenario are from."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from tverretatlig_sim.cli.completion import scenario_names
from tverretatlig_sim.cli.language import argument, command, language, option
from tverretatlig_sim.cli.options import as_json, load
from tverretatlig_sim.cli.output import print_all, print_json, write
from tverretatlig_sim.cli.request import check_folder, out
from tverretatlig_sim.i18n import label

GRADES = ("sourced", "derived", "assumed")


@command()
@argument("name", shell_complete=scenario_names)
@option("--grade", type=click.Choice(GRADES), help="List numbers of this grade only.")
@out
@as_json
@language
def evidence(name: str, grade: str | None, out: Path | None, as_json: bool) -> None:
    """Show where a scenario's numbers are from: sourced, derived or assumed.

    --json lists them one by one; --out writes them as evidence.csv.
    """
    from tverretatlig_sim.scenario.evidence import evidence as frame_of
    from tverretatlig_sim.scenario.evidence import numbers
    from tverretatlig_sim.scenario.spreadsheets import write_csv
    from tverretatlig_sim.show import evidence as tables

    scenario = load(name)
    check_folder(out)
    found = numbers(scenario)
    listed = [number for number in found if grade in (None, number.grade)]
    if out is not None:
        frame = frame_of(scenario)
        chosen = frame if grade is None else frame[frame["grade"] == grade]
        write(out, lambda: {"evidence.csv": partial(write_csv, chosen)})
    if as_json:
        print_json(tables.evidence_document(scenario.name, found, listed))
        return
    print_all(tables.shares_table(found), label("evidence.note"), "")
    print_all(*tables.grouped_tables(listed))
    if out is not None:
        print_all(label("note.written", folder=out))
