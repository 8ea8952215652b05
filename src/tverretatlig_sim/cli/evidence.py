"""The command ``evidence``: where the numbers of a scenario are from."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from tverretatlig_sim.cli.completion import scenario_names
from tverretatlig_sim.cli.language import argument, command, language, option
from tverretatlig_sim.cli.options import as_json, load
from tverretatlig_sim.cli.output import give
from tverretatlig_sim.cli.request import check_folder, out
from tverretatlig_sim.scenario.quantity import Grade


@command()
@argument("name", shell_complete=scenario_names)
@option("--grade", type=click.Choice(get_args(Grade)), help="List numbers of this grade only.")
@out
@as_json
@language
def evidence(name: str, grade: Grade | None, out: Path | None, as_json: bool) -> None:
    """Show where a scenario's numbers are from: sourced, derived or assumed.

    --json lists them one by one; --out writes them as evidence.csv.
    """
    from tverretatlig_sim.show.catalogue import evidence_sheet

    scenario = load(name)
    check_folder(out)
    give(evidence_sheet(scenario, grade), as_json=as_json, out=out)
