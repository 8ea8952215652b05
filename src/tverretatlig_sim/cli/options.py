"""Options that commands share, the scenarios they name, and what completes them in the shell."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import wraps
from math import isfinite, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from tverretatlig_sim.cli.base import Refusal, advised, argument, flag, option
from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.scenario.errors import given_twice, quoted
from tverretatlig_sim.scenario.files import place_of, split_name

if TYPE_CHECKING:
    from tverretatlig_sim.scenario import Problem, Scenario

T = TypeVar("T")
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
Completing = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

SHOW_SCENARIOS = _("“tverretatlig list” shows all.")
SHOW_LEVERS = _("“tverretatlig levers” shows all levers, “tverretatlig dials” all dials.")
SHOW_DIALS = _("“tverretatlig dials” shows all dials.")


def _completing(separator: str, known: Callable[[], list[str]], *, files: bool = False) -> Completing:
    """What completes names that begin so, also after a separator; where there are none, perhaps files."""

    def complete(context: click.Context, of: click.Parameter, start: str) -> list[CompletionItem]:
        before, sign, last = start.rpartition(separator)
        found = [CompletionItem(f"{before}{sign}{name}") for name in known() if name.startswith(last)]
        return found or [CompletionItem(start, type="file")] * files

    return complete


def _levers() -> list[str]:
    from tverretatlig_sim.scenario.levers import list_levers

    return list_levers()


def _settable() -> list[str]:
    from tverretatlig_sim.scenario.levers import list_dials

    return [f"{name}=" for name in list_dials()]


def _complete_scenario(context: click.Context, of: click.Parameter, start: str) -> list[CompletionItem]:
    from tverretatlig_sim.scenario import list_scenarios

    return _completing("+", _levers if "+" in start else list_scenarios, files=True)(context, of, start)


def scenario_argument(name: str, **more: Any) -> Decorator:  # noqa: ANN401 - as click has them
    """An argument that names a scenario."""
    return argument(name, shell_complete=_complete_scenario, **more)


def scenario_option(*names: str, **more: Any) -> Decorator:  # noqa: ANN401 - as click has them
    """An option that names a scenario."""
    return option(*names, metavar="NAME", shell_complete=_complete_scenario, **more)


def whole(name: str, default: int | None, text: str, least: int = 1) -> Decorator:
    """An option with a whole number."""
    kind = click.IntRange(min=least)
    return option(name, type=kind, default=default, show_default=default is not None, help=text)


def is_given(name: str) -> bool:
    """Whether an option of the command that runs was given by the user."""
    return click.get_current_context().get_parameter_source(name) is not ParameterSource.DEFAULT


def folder_option(name: str, text: str, **more: Any) -> Decorator:  # noqa: ANN401 - as click has them
    """An option with the name of a folder, None if it is not given."""
    return option(name, callback=_folder, metavar="DIR", help=text, **more)


def _folder(context: click.Context, of: click.Parameter, value: str | None) -> Path | None:
    # An empty variable in a script must not mean the working folder.
    if value == "":
        raise click.BadParameter(str(_("the name of the folder is empty")), context, of)
    return _told(context, of, None if value is None else Path(value))


def _told(context: click.Context, of: click.Parameter, value: T) -> T:
    """Keep what a command is told of its result where ``output.told`` finds it."""
    context.meta[str(of.name)] = value
    return value


def _read(text: str) -> float | Message:
    """A number, or why it is none."""
    cure = _with_point(text)
    try:
        number = float(cure)
    except ValueError:
        number = nan
    if not isfinite(number):
        return _("{value} is not a number", value=quoted(text))
    return number if cure == text else _("write a decimal point: {number}", number=cure)


def _with_point(text: str) -> str:
    return re.sub(r"(?<=\d),(?=\d)", ".", text)


class Width(click.FloatRange):
    """A number above 0 that may come with a decimal comma, which is refused with its cure."""

    name = "float range"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401
        """As click does, with a hint."""
        if isinstance(found := _read(str(value)), Message):
            self.fail(str(found), param, ctx)
        return float(super().convert(value, param, ctx))


def _parameters(context: click.Context, of: click.Parameter, settings: Sequence[str]) -> dict[str, float]:
    """Parameter values from ``name=value``.

    Raises:
        Refusal: with everything that is wrong with any of them.
    """
    from tverretatlig_sim.scenario import ScenarioError, check_parameters

    values: dict[str, float] = {}
    problems: list[Message] = []
    for setting in settings:
        name, sign, value = (part.strip() for part in setting.partition("="))
        if name in values:
            problems.append(_("--set {name}: given more than once", name=name))
        elif not (name and sign):
            problems.append(_("--set {setting}: must be parameter=value", setting=quoted(setting)))
        elif isinstance(found := _read(value), Message):
            problems.append(joined(": ", (f"--set {quoted(setting)}", found)))
        else:
            values[name] = found
    try:
        check_parameters(values)
    except ScenarioError as error:
        problems += [joined(": ", (f"--set {problem.place}", _rest(problem))) for problem in error.problems]
    if problems:
        advice = _("See all parameters with “tverretatlig list --parameters”.")
        raise Refusal(joined("\n", problems), advice)
    return values


def _rest(problem: Problem) -> str:
    # Without the list of all parameters, which the advice says how to see.
    unknown = problem.code == "unknown_parameter"
    return str(replace(problem, file="", place="", allowed="" if unknown else problem.allowed))


def _dials(context: click.Context, of: click.Parameter, dials: Sequence[str]) -> Sequence[str]:
    """What ``--dial`` was given, each of which must set something."""
    for given in dials:
        if re.search(r"=\s*[-+]?\d+,\d+(,|$)", given):
            cure = _with_point(given)
            raise Refusal(_("--dial {given}: write a decimal point: {number}", given=given, number=cure))
        if not all("=" in setting for setting in given.split(",")):
            raise Refusal(_("--dial {given}: must be dial=value", given=given), SHOW_DIALS)
    return dials


@dataclass(frozen=True)
class Changes:
    """What to change in every scenario: levers to pull, dials to set, and scenarios to take parts from."""

    levers: Sequence[str] = ()
    dials: Sequence[str] = ()
    portfolio: str | None = None
    agencies: str | None = None
    letters: str | None = None
    ministries: str | None = None
    same_load: bool = False

    @property
    def swaps(self) -> dict[str, str | None]:
        """Scenarios to take parts from, by part."""
        return {part: getattr(self, part) for part in ("portfolio", "agencies", "letters", "ministries")}

    def load(self, name: str) -> Scenario:
        """A scenario by name or path, with levers of its own after ``+``, parts swapped and levers pulled.

        What had to be left out on the way is said on standard error.

        Raises:
            Refusal: there is none, its file has problems, or it cannot be changed so.
        """
        from tverretatlig_sim.scenario import with_levers

        swapped, levers = self._swapped(name)
        with advised(SHOW_LEVERS):
            return _noted(with_levers(swapped, *levers))

    def load_all(self, names: Sequence[str]) -> list[Scenario]:
        """Scenarios with different names, all changed alike.

        Raises:
            Refusal: one cannot be loaded, or two have the same name.
        """
        return told_apart([self.load(name) for name in names])

    def _swapped(self, name: str) -> tuple[Scenario, tuple[str, ...]]:
        """A scenario with parts swapped, and all levers that are to be pulled in it, each once."""
        from tverretatlig_sim.scenario.combine import swap

        base, own = split_name(name, Path())
        scenario = _load(base)
        others: dict[str, Any] = {
            part: _load(other) for part, other in self.swaps.items() if other is not None
        }
        if self.same_load and "portfolio" not in others:
            advice = _("Add --portfolio NAME: whose load it is.")
            raise Refusal(_("--same-load goes with --portfolio"), advice)
        with advised(""):
            swapped = swap(scenario, same_load=self.same_load, **others) if others else scenario
        common = [lever.strip() for given in (*self.levers, *self.dials) for lever in given.split(",")]
        return swapped, tuple(dict.fromkeys((*own, *common)))


def _load(name: str) -> Scenario:
    from tverretatlig_sim.scenario import load_scenario

    place = place_of(name, Path())
    with advised(
        SHOW_SCENARIOS if isinstance(place, str) else _("“tverretatlig validate FILE” checks it again.")
    ):
        return load_scenario(place)


def _noted(scenario: Scenario) -> Scenario:
    for note in scenario.notes:
        say_note(scenario.name, note)
    return scenario


def say_note(name: str, note: Message | str) -> None:
    """Say a note on a scenario on standard error."""
    click.echo(str(_("Note on {name}: {note}", name=name, note=note)), err=True)


def told_apart(scenarios: list[Scenario]) -> list[Scenario]:
    """The scenarios, if their names differ.

    Raises:
        Refusal: two have the same name.
    """
    names = [scenario.name for scenario in scenarios]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        advice = _("Give every scenario once; a file's own name is its key “name”.")
        raise Refusal(given_twice(twice), advice)
    return scenarios


@dataclass(frozen=True)
class RunOptions(Changes):
    """Which scenarios to simulate, and how; what commands that simulate have in common."""

    seed: int = 1
    months: int | None = None
    parameters: dict[str, float] | None = None

    @property
    def how(self) -> tuple[int, int | None, dict[str, float] | None]:
        """Seed, months and parameters, in the order in which the library takes them."""
        return self.seed, self.months, self.parameters


def _gathered(kind: type[Changes], name: str, *options: Decorator) -> Decorator:
    """Options that a command gets as one argument."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def called(**given: Any) -> Any:  # noqa: ANN401 - whatever the command takes and gives
            own = {field.name: given.pop(field.name) for field in fields(kind)}
            return command(**{name: kind(**own)}, **given)

        decorated: Callable[..., Any] = called
        for each in reversed(options):
            decorated = each(decorated)
        return decorated

    return decorate


seed = whole("--seed", 1, "Same seed, same numbers.", least=0)


def out(command: Callable[..., Any]) -> Callable[..., Any]:
    """The folder of the result that a command returns, and how tables are written there."""
    written = option(
        "--csv",
        type=click.Choice(["local", "plain"]),
        default="local",
        show_default=True,
        expose_value=False,
        callback=_told,
        help="Tables as an office of the language opens them, or plain for machines.",
    )
    return folder_option("--out", "Folder for numbers and figures.", expose_value=False)(written(command))


as_json = option(
    "--json",
    "as_json",
    is_flag=True,
    expose_value=False,
    callback=_told,
    help="Print one JSON document and nothing else.",
)
"""For commands that return a sheet."""
_CHANGES = (
    option(
        "--with",
        "levers",
        metavar="LEVER,...",
        multiple=True,
        shell_complete=_completing(",", _levers),
        help="Pull levers; NAME+LEVER pulls one in one scenario only.",
    ),
    option(
        "--dial",
        "dials",
        metavar="DIAL=VALUE,...",
        multiple=True,
        callback=_dials,
        shell_complete=_completing(",", _settable),
        help="Set dials of the sources' frameworks; NAME+DIAL=VALUE sets one in one scenario only.",
    ),
    scenario_option("--portfolio", help="Take the projects of another scenario."),
    scenario_option("--agencies", help="Take the descriptions of agencies of another scenario."),
    scenario_option("--letters", help="Take the letters and events of another scenario."),
    scenario_option("--ministries", help="Take the forums of the ministries of another scenario."),
    flag("--same-load", "With --portfolio: scale capacities, so that there is as much to the work as there."),
)
changing = _gathered(Changes, "changes", *_CHANGES)
"""The options that change a scenario, as the argument ``changes``."""


def _workers(context: click.Context, of: click.Parameter, number: int | None) -> None:
    from tverretatlig_sim.workers import using

    context.with_resource(using(number))


workers = option(
    "--workers",
    type=click.IntRange(min=1, max=10_000),
    expose_value=False,
    callback=_workers,
    help="Processes; changes speed only.  [default: one a core, or the variable TVERRETATLIG_WORKERS]",
)
"""For commands that take long: counts for all that they call."""
simulating = _gathered(
    RunOptions,
    "options",
    seed,
    whole("--months", None, "Length of a run.  [default: the longest scenario's]"),
    option(
        "--set",
        "parameters",
        metavar="PARAMETER=VALUE",
        multiple=True,
        callback=_parameters,
        help="Set a parameter; repeatable.",
    ),
    workers,
    *_CHANGES,
)
"""The options of commands that simulate, as the argument ``options``."""
