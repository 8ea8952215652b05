"""Commands whose help, and click's own words, are in the language of the user."""

from __future__ import annotations

import gettext
import inspect
import sys
from collections.abc import Callable
from copy import copy
from difflib import get_close_matches
from typing import Any, TypeVar

import click

from tverretatlig_sim.cli.language import choose, current, told
from tverretatlig_sim.language import Message, joined, say, translated

P = TypeVar("P", bound=click.Parameter)
C = TypeVar("C", bound=click.Command)

SHOW_HELP = "Show this message and exit."


class Command(click.Command):
    """A command with its help in the language of the user."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """As click does, translated."""
        super(Command, _spoken(self)).format_help(ctx, formatter)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """As click does, translated."""
        super(Command, _spoken(self)).format_usage(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """As click does, translated."""
        return super(Command, _spoken(self)).get_short_help_str(limit)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """As click does; it is made only once, whatever the language."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _translated(SHOW_HELP)
        return option


class Group(Command, click.Group):
    """Commands that know what a mistyped one was meant to be."""

    command_class = Command

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - as click has them
    ) -> click.Context:
        """As click does, once it is known which language to speak."""
        if parent is None:
            choose(args)
        return super().make_context(info_name, args, parent, **extra)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with a suggestion."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            hint = say("Did you mean “{command}”?", command=near[0]) if near else ""
            what = say("There is no command “{command}”.", command=args[0])
            raise click.UsageError(joined(" ", (what, hint)), ctx)
        return super().resolve_command(ctx, args)


def command() -> Callable[[Callable[..., Any]], Command]:
    """Make a function a command."""
    return click.command(cls=Command)


def group(**settings: Any) -> Callable[[Callable[..., Any]], Group]:  # noqa: ANN401 - as click has them
    """Make a function a group of commands."""
    return click.group(cls=Group, **settings)


def show(error: click.ClickException) -> None:
    """Print an error of click's, its parameter called as in the help."""
    if isinstance(error, click.BadParameter) and error.param is not None:
        error.param = _spoken_parameter(error.param)
    error.show()


def _spoken(command: C) -> C:
    """The command with all its words translated."""
    if current() == "en":
        return command
    spoken = copy(command)
    spoken.help, spoken.short_help = _paragraphs(command.help), _paragraphs(command.short_help)
    spoken.options_metavar = _translated(command.options_metavar or "")
    spoken.params = [_spoken_parameter(parameter) for parameter in command.params]
    if isinstance(spoken, click.Group):
        spoken.subcommand_metavar = _translated(spoken.subcommand_metavar)
    return spoken


def _spoken_parameter(parameter: P) -> P:
    spoken = copy(parameter)
    spoken.metavar = metavar(parameter)
    if isinstance(spoken, click.Option):
        spoken.help = _paragraphs(spoken.help)
    return spoken


def metavar(parameter: click.Parameter) -> str | None:
    """What stands for a parameter's value; None if its choices do."""
    if parameter.metavar is None and isinstance(parameter.type, click.Choice):
        return None
    kind = parameter.type.name.upper() if isinstance(parameter, click.Option) else ""
    return _translated(parameter.metavar or kind or parameter.human_readable_name)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a help text, each on one line: templates of its translation."""
    return [" ".join(paragraph.split()) for paragraph in inspect.cleandoc(text).split("\n\n")]


def _paragraphs(text: str | None) -> str | None:
    return text and "\n\n".join(map(_translated, paragraphs(text)))


def _translated(text: str) -> str:
    return translated(current(), text)


class _Template(str):
    """A sentence of click's; messages in it, and the kind of number it asks for, are translated too."""

    def format(self, *words: object, **values: object) -> str:
        return super().format(*words, **{name: _value(name, value) for name, value in values.items()})


def _value(name: str, value: object) -> object:
    if isinstance(value, Message):
        return told(value)
    return _translated(str(value).removesuffix(" range")) if name == "number_type" else value


def _gettext(message: str) -> str:
    return _Template(gettext.gettext(message) if current() == "en" else _translated(message))


def _ngettext(one: str, many: str, number: int) -> str:
    return _gettext(one if number == 1 else many)


def teach() -> None:
    """Have click ask here for its own words: each of its modules holds the function that gives them."""
    for name, module in list(sys.modules.items()):
        if name.startswith("click."):
            for asked, ours in (("_", _gettext), ("ngettext", _ngettext)):
                if hasattr(module, asked):
                    setattr(module, asked, ours)
