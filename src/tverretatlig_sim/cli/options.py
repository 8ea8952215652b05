"""What commands have in common: names of scenarios, options, and refusals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import reduce, wraps
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from tverretatlig_sim.cli.completion import dial_names, lever_names, scenario_names
from tverretatlig_sim.cli.language import option
from tverretatlig_sim.i18n import Message, _, joined

if TYPE_CHECKING:
    from tverretatlig_sim.scenario import Problem, Scenario
    from tverretatlig_sim.study.levers import Case

NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")


class Refusal(click.ClickException):
    """What was asked for cannot be done: what is wrong, and what to do next."""

    exit_code = 2

    def __init__(self, message: Message | str, advice: Message | str = "") -> None:
        super().__init__(str(message))
        self.advice = advice

    def show(self, file: IO[Any] | None = None) -> None:
        """Print it on standard error."""
        lines = str(self.message).splitlines()
        said = str(_("Error: {message}", message=lines[0])) if len(lines) == 1 else str(_("Error:"))
        click.echo("\n  ".join([said, *(lines if len(lines) > 1 else ())]), err=True)
        if self.advice:
            click.echo(str(self.advice), err=True)


as_json = option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")


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
            advice = _("“tverretatlig levers” shows all levers, “tverretatlig dials” all dials.")
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
        say_note(scenario.name, note)
    return scenario


def say_note(name: str, note: str) -> None:
    """Say a note on a scenario on standard error."""
    click.echo(str(_("Note on {name}: {note}", name=name, note=note)), err=True)


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
        again = _("“tverretatlig validate FILE” checks it again.")
        raise Refusal(str(error), _("“tverretatlig list” shows all.") if named else again) from error


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
            raise Refusal(_("--dial {given}: write a decimal point: {number}", given=given, number=point))
        if not all("=" in setting for setting in given.split(",")):
            what = _("--dial {given}: must be dial=value", given=given)
            raise Refusal(what, _("“tverretatlig dials” shows all dials."))
    return dials


_CHANGES = (
    option(
        "--with",
        "levers",
        metavar="LEVER,...",
        multiple=True,
        shell_complete=lever_names,
        help="Pull levers; NAME+LEVER pulls one in one scenario only.",
    ),
    option(
        "--dial",
        "dials",
        metavar="DIAL=VALUE,...",
        multiple=True,
        shell_complete=dial_names,
        help="Set dials of the sources' frameworks; NAME+DIAL=VALUE sets one in one scenario only.",
    ),
    option(
        "--portfolio",
        metavar="NAME",
        shell_complete=scenario_names,
        help="Take the projects of another scenario.",
    ),
    option(
        "--agencies",
        metavar="NAME",
        shell_complete=scenario_names,
        help="Take the descriptions of agencies of another scenario.",
    ),
    option(
        "--letters",
        metavar="NAME",
        shell_complete=scenario_names,
        help="Take the letters and events of another scenario.",
    ),
)


def found_in(name: str) -> tuple[tuple[Problem, ...], tuple[str, ...]]:
    """Everything that is wrong with a scenario, empty if nothing is; and its notes, if it can be loaded."""
    from tverretatlig_sim.scenario import ScenarioError, load_scenario
    from tverretatlig_sim.scenario.naming import place_of

    try:
        return (), load_scenario(place_of(name, Path())).notes
    except ScenarioError as error:
        return error.problems, ()


def load_all(names: Sequence[str], changes: Changes = NO_CHANGES) -> list[Scenario]:
    """Scenarios with different names, all changed alike.

    Raises:
        Refusal: one cannot be loaded, or two have the same name.
    """
    scenarios = [load(name, changes) for name in names]
    from tverretatlig_sim.scenario.errors import given_twice

    called = [scenario.name for scenario in scenarios]
    twice = sorted({name for name in called if called.count(name) > 1})
    if twice:
        raise Refusal(
            given_twice(twice),
            _("Give every scenario once; a file's own name is its key “name”."),
        )
    return scenarios


def parse_settings(settings: Sequence[str]) -> dict[str, float]:
    """Parameter values from ``name=value``.

    Raises:
        Refusal: with everything that is wrong with any of them.
    """
    from tverretatlig_sim.scenario import ScenarioError, check_parameters

    pairs = [setting.partition("=") for setting in settings]
    names = [name.strip() for name, __, __ in pairs]
    problems = [problem for setting in settings for problem in _faults(setting)]
    problems += [
        _("--set {name}: given more than once", name=name)
        for name in sorted({n for n in names if names.count(n) > 1})
    ]
    values = {
        name.strip(): float(value) for name, __, value in pairs if name and NUMBER.fullmatch(value.strip())
    }
    try:
        check_parameters(values)
    except ScenarioError as error:
        problems += [joined(": ", (f"--set {problem.place}", _rest(problem))) for problem in error.problems]
    if problems:
        advice = _("See all parameters with “tverretatlig list --parameters”.")
        raise Refusal(joined("\n", problems), advice)
    return values


def _rest(problem: Problem) -> str:
    from tverretatlig_sim.scenario.parameters import UNKNOWN

    # Without the list of all parameters, which the advice says how to see.
    known = problem.what == UNKNOWN
    return str(replace(problem, file="", place="", allowed="" if known else problem.allowed))


def _faults(setting: str) -> Iterator[str]:
    from tverretatlig_sim.scenario.errors import quoted

    name, sign, value = (part.strip() for part in setting.partition("="))
    if not (name and sign):
        yield _("--set {setting}: must be parameter=value", setting=quoted(setting))
    elif re.fullmatch(r"[-+]?\d+,\d+", value):
        number = value.replace(",", ".")
        yield _("--set {setting}: write a decimal point: {number}", setting=quoted(setting), number=number)
    elif not NUMBER.fullmatch(value):
        yield _("--set {setting}: {value} is not a number", setting=quoted(setting), value=quoted(value))


ANOTHER_FOLDER = _("Give another folder with --out.")


@contextmanager
def refusals(advice: str = ANOTHER_FOLDER) -> Iterator[None]:
    """Turn what the library refuses into a message of the command.

    Args:
        advice: what to do if results cannot be written.
    """
    from tverretatlig_sim.scenario import ScenarioError
    from tverretatlig_sim.show.files import OutputError

    try:
        yield
    except (ScenarioError, ValueError) as error:
        raise Refusal(str(error), _("See “tverretatlig COMMAND --help”.")) from error
    except OutputError as error:
        raise Refusal(str(error), advice) from error
