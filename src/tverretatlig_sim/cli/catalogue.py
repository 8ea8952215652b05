"""Commands that show what there is (``list``, ``show``, …) and that check and make scenarios."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import click

from tverretatlig_sim.cli.base import Refusal, advised, argument, command, flag, option
from tverretatlig_sim.cli.options import (
    SHOW_DIALS,
    Changes,
    as_json,
    changing,
    out,
    say_note,
    scenario_argument,
    scenario_option,
    seed,
)
from tverretatlig_sim.cli.output import JSON, print_all, print_json, told
from tverretatlig_sim.i18n import Message, _, joined, label
from tverretatlig_sim.scenario.errors import quoted
from tverretatlig_sim.scenario.files import LARGEST, place_of, toml_text
from tverretatlig_sim.scenario.quantity import Grade
from tverretatlig_sim.show import catalogue
from tverretatlig_sim.show.files import text_file, write_folder
from tverretatlig_sim.show.rows import Sheet

NEW_FOLDER = _("Give the name of a new folder.")
NAME = re.compile(r"[^\W_][\w.-]*")


@command("list")
@flag("--parameters", "List the model's parameters instead.")
@as_json
def list_command(parameters: bool) -> Sheet:
    """List the scenarios that come with the package."""
    return catalogue.parameters_sheet() if parameters else catalogue.scenarios_sheet()


@command()
@scenario_argument("name")
@changing
@as_json
def show(name: str, changes: Changes) -> Sheet:
    """Show who is in a scenario and how it works."""
    return catalogue.scenario_sheet(changes.load(name))


@command()
@argument("names", metavar="[LEVER]...", nargs=-1)
@as_json
def levers(names: tuple[str, ...]) -> Sheet:
    """List the levers, or show what some of them change.

    LEVER is a lever's name or the path of a lever file. Pull levers with --with, or as NAME+LEVER.
    """
    from tverretatlig_sim.scenario.levers import load_lever, sound_levers

    with advised(_("“tverretatlig levers” shows all levers.")):
        found, problems = ([load_lever(name) for name in names], []) if names else sound_levers()
    for problem in problems:
        click.echo(str(problem), err=True)
    return catalogue.levers_sheet(found, whole=bool(names))


@command()
@argument("names", metavar="[DIAL]...", nargs=-1)
@as_json
def dials(names: tuple[str, ...]) -> Sheet:
    """List the dials of the sources' frameworks, or show what some of them change.

    Set dials with --dial matrix=0.8, or in one scenario only as NAME+matrix=0.8.
    """
    from tverretatlig_sim.scenario.levers import list_dials, load_dial

    with advised(SHOW_DIALS):
        found = [load_dial(name) for name in names or list_dials()]
    return catalogue.dials_sheet(found, whole=bool(names))


@command()
@scenario_argument("name")
@option("--grade", type=click.Choice(get_args(Grade)), help="List numbers of this grade only.")
@out
@as_json
def evidence(name: str, grade: Grade | None) -> Sheet:
    """Show where a scenario's numbers and other facts are from: sourced, derived or assumed.

    --json lists them one by one; --out writes them as evidence.csv.
    """
    return catalogue.evidence_sheet(Changes().load(name), grade)


@command()
@scenario_argument("file")
@as_json
def validate(file: str) -> int:
    """Check a scenario file and list all its problems."""
    from tverretatlig_sim.scenario import Problem, ScenarioError, load_scenario

    problems: tuple[Problem, ...] = ()
    notes: tuple[Message | str, ...] = ()
    try:
        notes = load_scenario(place_of(file, Path())).notes
    except ScenarioError as error:
        problems = error.problems
    if told(JSON):
        keys = ("file", "place", "what", "allowed", "hint")
        said = [{key: str(getattr(problem, key)) for key in keys} for problem in problems]
        document = {"file": file, "valid": not problems, "problems": said, "notes": list(map(str, notes))}
        print_json(document)
        return 2 if problems else 0
    if problems:
        advice = _("docs/how-to/scenarios.md says what a scenario file may hold.")
        raise Refusal(joined("\n", map(str, problems)), advice)
    for note in notes:
        say_note(file, note)
    click.echo(f"{file}: {label('valid')}")
    return 0


@command()
@scenario_argument("name")
@argument("settings", metavar="ADDRESS=VALUE...", nargs=-1)
@option("--since", metavar="MONTH", help="First month in which the changes hold: 2026-01. [default: all]")
@option("--out", metavar="FILE.toml", help="Write a file that names its base and holds the changes.")
@flag("--full", "Write everything the changed scenario says, not only the changes.")
def edit(name: str, settings: tuple[str, ...], since: str | None, out: str | None, full: bool) -> None:
    """Change a scenario: say what each change does and what it forces elsewhere.

    ADDRESS is one of members (names with commas), secretariat (FTE in all), an entry (member.UDI=false leaves
    it out, true adds it), a field (forum.managers-group.cadence=1), several numbers at once
    ('letter[all].strength=0.8'), or lever.NAME=true.
    """
    base = Changes().load(name)
    path = Path(out) if out else None
    if path is not None and path.suffix != ".toml":
        raise Refusal(_("--out {file}: a scenario is a file that ends in .toml", file=out))
    from tverretatlig_sim.scenario import load_scenario
    from tverretatlig_sim.scenario.load import edit
    from tverretatlig_sim.scenario.overlay import line_of
    from tverretatlig_sim.show.changes import changes_parts, overlay_text

    own = path.stem if path else ""
    made = edit(base, {line.key: line.value for line in map(line_of, settings)}, since=since, name=own)
    print_all(*changes_parts(base, made))
    if path is None:
        return
    text = made.to_toml() if full else overlay_text(base, made.changes, own, since=since)
    write_folder(path.parent, {path.name: text_file(text)})
    load_scenario(path)
    print_all(label("init.next", file=path, base=base.name))


@command()
@argument("folder", metavar="FOLDER")
@scenario_option(
    "--from", "base", default="etatssamarbeidet-2025", show_default=True, help="The scenario to change."
)
@flag("--full", "Write everything the scenario says, not only what could be changed.")
def init(folder: str, base: str, full: bool) -> None:
    """Write a commented scenario of your own into a new folder.

    It says what it changes in another one, and runs as it is.
    """
    _check_new(Path(folder))
    from tverretatlig_sim.scenario import load_scenario
    from tverretatlig_sim.scenario.load import edit
    from tverretatlig_sim.show.changes import overlay_text

    loaded, name = Changes().load(base), Path(folder).name
    follow_up = {"arrangement.follow_up": 0.1 if float(loaded.arrangement.follow_up) >= 0.7 else 0.7}
    made = edit(loaded, follow_up, name=name)
    text = made.to_toml() if full else overlay_text(loaded, made.changes, name, suggest=True)
    file = _write_new(Path(folder), text)
    load_scenario(file)
    print_all(label("init.next", file=file, base=base))


@command()
@argument("folder", metavar="FOLDER")
@option("--agencies", type=int, default=300, show_default=True, help="Agencies in all.")
@seed
def generate(folder: str, agencies: int, seed: int) -> None:
    """Write a made-up scenario with many agencies into a new folder; its numbers stand for no real body."""
    _check_new(Path(folder))
    from tverretatlig_sim.scenario.generate import generated_tables

    text = toml_text({**generated_tables(agencies, seed), "name": Path(folder).name})
    if (size := len(text.encode())) > LARGEST:
        what = _(
            "--agencies {agencies}: the file would have {size:.1f} MB; at most 1 MB can be read again",
            agencies=agencies,
            size=size / 1e6,
        )
        advice = _("In Python, tverretatlig_sim.generate() makes worlds of up to a million agencies.")
        raise Refusal(what, advice)
    print_all(label("generate.next", file=_write_new(Path(folder), text)))


def _check_new(folder: Path) -> None:
    """Refuse a folder that is not new, or whose name no scenario can have.

    Raises:
        Refusal: with what is allowed.
    """
    if not NAME.fullmatch(folder.name):
        what = _("{name}: a scenario cannot have this name", name=quoted(str(folder)))
        raise Refusal(what, _("Allowed: letters, digits, “-”, “_” and “.”, a letter or digit first."))
    if folder.is_dir() and any(folder.iterdir()):
        raise Refusal(_("{folder}: the folder is not empty", folder=folder), NEW_FOLDER)


def _write_new(folder: Path, text: str) -> Path:
    """Write the file of a new scenario, which has the name of its folder."""
    name = f"{folder.name}.toml"
    with advised(NEW_FOLDER):
        write_folder(folder, {name: text_file(text)})
    return folder / name
