"""What commands have in common: names of scenarios, options, and refusals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce, wraps
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from tverretatlig_sim.cli.completion import dial_names, lever_names, scenario_names
from tverretatlig_sim.show.labels import LANGUAGES

if TYPE_CHECKING:
    from tverretatlig_sim.scenario import Problem, Scenario
    from tverretatlig_sim.study.levers import Case

NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")


class Refusal(click.ClickException):
    """What was asked for cannot be done: what is wrong, and what to do next."""

    exit_code = 2

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice

    def show(self, file: IO[Any] | None = None) -> None:
        """Print it on standard error."""
        lines = self.format_message().splitlines()
        start = "Error:\n  " if len(lines) > 1 else "Error: "
        click.echo(start + "\n  ".join(lines), err=True)
        if self.advice:
            click.echo(self.advice, err=True)


language = click.option(
    "--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of labels."
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")


@dataclass(frozen=True)
class Changes:
    """What to change in every scenario: levers to pull, and scenarios to take parts from."""

    levers: tuple[str, ...] = ()
    portfolio: str | None = None
    agencies: str | None = None
    letters: str | None = None

    def applied(self, scenario: Scenario, levers: Sequence[str] = ()) -> Scenario:
        """The scenario with parts swapped, then these levers and more pulled.

        Raises:
            Refusal: with the reason why it cannot be done.
        """
        from tverretatlig_sim.scenario import ScenarioError

        swapped = self.swapped(scenario)
        try:
            return swapped.with_levers(*self.pulled(levers))
        except ScenarioError as error:
            advice = "“tverretatlig levers” shows all levers, “tverretatlig dials” all dials."
            raise Refusal(str(error), advice) from error

    def swapped(self, scenario: Scenario) -> Scenario:
        """The scenario with parts swapped and no lever pulled.

        Raises:
            Refusal: with the reason why it cannot be done.
        """
        from tverretatlig_sim.scenario import ScenarioError
        from tverretatlig_sim.scenario.swaps import swap

        asked = {"portfolio": self.portfolio, "agencies": self.agencies, "letters": self.letters}
        others = {part: _loaded(name) for part, name in asked.items() if name is not None}
        try:
            return swap(scenario, **others) if others else scenario
        except ScenarioError as error:
            raise Refusal(str(error)) from error

    def pulled(self, levers: Sequence[str] = ()) -> tuple[str, ...]:
        """These levers and more, each once."""
        return tuple(dict.fromkeys((*levers, *self.levers)))


NO_CHANGES = Changes()


def load(name: str, changes: Changes = NO_CHANGES) -> Scenario:
    """A scenario by name, or by the path of its file, with levers of its own after ``+``.

    What had to be left out on the way is said on standard error.

    Args:
        name: e.g. ``0-24-2018`` or ``0-24-2018+line-calibration``.
        changes: parts to swap and more levers to pull.

    Raises:
        Refusal: there is none, its file has problems, or it cannot be changed so.
    """
    from tverretatlig_sim.scenario.naming import split_name

    base, levers = split_name(name, Path())
    scenario = changes.applied(_loaded(base), levers)
    for note in scenario.notes:
        click.echo(f"Note on {scenario.name}: {note}", err=True)
    return scenario


def load_case(name: str, changes: Changes = NO_CHANGES) -> Case:
    """As ``load``, keeping apart the scenario and the levers pulled in it."""
    from tverretatlig_sim.scenario.dials import lever_or_dial
    from tverretatlig_sim.study.levers import Case

    load(name, changes)
    from tverretatlig_sim.scenario.naming import split_name

    base, levers = split_name(name, Path())
    swapped = changes.swapped(_loaded(base))
    return Case(swapped, tuple(lever_or_dial(lever) for lever in changes.pulled(levers)))


def _loaded(name: str) -> Scenario:
    from tverretatlig_sim.scenario import ScenarioError, load_scenario
    from tverretatlig_sim.scenario.naming import place_of

    place = place_of(name, Path())
    try:
        return load_scenario(place)
    except ScenarioError as error:
        named = isinstance(place, str)
        advice = (
            "“tverretatlig list” shows all." if named else "“tverretatlig validate FILE” checks it again."
        )
        raise Refusal(str(error), advice) from error


def changing(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that change scenarios, and hand them over as ``changes``."""

    @wraps(command)
    def changed(
        levers: tuple[str, ...],
        portfolio: str | None,
        agencies: str | None,
        letters: str | None,
        dials: tuple[str, ...],
        **rest: object,
    ) -> None:
        names = tuple(name.strip() for given in (*levers, *_settings(dials)) for name in given.split(","))
        command(changes=Changes(names, portfolio, agencies, letters), **rest)

    return reduce(lambda decorated, option: option(decorated), reversed(_CHANGES), changed)


def _settings(dials: Sequence[str]) -> Sequence[str]:
    """What ``--dial`` was given, each of which must set something."""
    for given in dials:
        if re.search(r"=\s*[-+]?\d+,\d+(,|$)", given):
            point = re.sub(r"(\d),(\d)", r"\1.\2", given)
            raise Refusal(f"--dial {given}: write a decimal point: {point}")
        if not all("=" in setting for setting in given.split(",")):
            raise Refusal(f"--dial {given}: must be dial=value", "“tverretatlig dials” shows all dials.")
    return dials


_CHANGES = (
    click.option(
        "--with",
        "levers",
        metavar="LEVER,...",
        multiple=True,
        shell_complete=lever_names,
        help="Pull levers; NAME+LEVER pulls one in one scenario only.",
    ),
    click.option(
        "--dial",
        "dials",
        metavar="DIAL=VALUE,...",
        multiple=True,
        shell_complete=dial_names,
        help="Set dials of the sources' frameworks; NAME+DIAL=VALUE sets one in one scenario only.",
    ),
    click.option(
        "--portfolio",
        metavar="NAME",
        shell_complete=scenario_names,
        help="Take the projects of another scenario.",
    ),
    click.option(
        "--agencies",
        metavar="NAME",
        shell_complete=scenario_names,
        help="Take the descriptions of agencies of another scenario.",
    ),
    click.option(
        "--letters",
        metavar="NAME",
        shell_complete=scenario_names,
        help="Take the letters and events of another scenario.",
    ),
)


def problems_of(name: str) -> tuple[Problem, ...]:
    """Everything that is wrong with a scenario; empty if nothing is."""
    from tverretatlig_sim.scenario import ScenarioError, load_scenario
    from tverretatlig_sim.scenario.naming import place_of

    try:
        load_scenario(place_of(name, Path()))
    except ScenarioError as error:
        return error.problems
    return ()


def load_all(names: Sequence[str], changes: Changes = NO_CHANGES) -> list[Scenario]:
    """Scenarios with different names, all changed alike.

    Raises:
        Refusal: one cannot be loaded, or two have the same name.
    """
    scenarios = [load(name, changes) for name in names]
    called = [scenario.name for scenario in scenarios]
    twice = sorted({name for name in called if called.count(name) > 1})
    if twice:
        raise Refusal(
            f"given more than once: {', '.join(twice)}",
            "Give every scenario once; a file's own name is its key “name”.",
        )
    return scenarios


def parse_settings(settings: Sequence[str]) -> dict[str, float]:
    """Parameter values from ``name=value``.

    Raises:
        Refusal: with everything that is wrong with any of them.
    """
    from tverretatlig_sim.scenario import ScenarioError, check_parameters

    pairs = [setting.partition("=") for setting in settings]
    names = [name.strip() for name, _, _ in pairs]
    problems = [problem for setting in settings for problem in _faults(setting)]
    problems += [
        f"--set {name}: given more than once" for name in sorted({n for n in names if names.count(n) > 1})
    ]
    values = {
        name.strip(): float(value) for name, _, value in pairs if name and NUMBER.fullmatch(value.strip())
    }
    try:
        check_parameters(values)
    except ScenarioError as error:
        problems += [f"--set {problem.place}: {_rest(problem)}" for problem in error.problems]
    if problems:
        raise Refusal("\n".join(problems), "See all parameters with “tverretatlig list --parameters”.")
    return values


def _rest(problem: Problem) -> str:
    allowed = (
        f"; allowed: {problem.allowed}" if problem.allowed and problem.what != "unknown parameter" else ""
    )
    return f"{problem.what}{allowed}" + (f"; {problem.hint}" if problem.hint else "")


def _faults(setting: str) -> Iterator[str]:
    from tverretatlig_sim.scenario.errors import quoted

    name, sign, value = (part.strip() for part in setting.partition("="))
    if not (name and sign):
        yield f"--set {quoted(setting)}: must be parameter=value"
    elif re.fullmatch(r"[-+]?\d+,\d+", value):
        yield f"--set {quoted(setting)}: write a decimal point: {value.replace(',', '.')}"
    elif not NUMBER.fullmatch(value):
        yield f"--set {quoted(setting)}: {quoted(value)} is not a number"


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the library refuses into a message of the command."""
    from tverretatlig_sim.scenario import ScenarioError
    from tverretatlig_sim.show.files import OutputError

    try:
        yield
    except (ScenarioError, ValueError) as error:
        raise Refusal(str(error), "See “tverretatlig COMMAND --help”.") from error
    except OutputError as error:
        raise Refusal(str(error), "Give another folder with --out.") from error
