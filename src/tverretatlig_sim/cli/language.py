"""Commands in the language of ``--lang``, wherever it stands, else of ``TVERRETATLIG_LANG``."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from functools import partial
from itertools import pairwise, takewhile
from typing import Any

import click

from tverretatlig_sim.i18n import LANGUAGES, Message, _, joined, speak_to_user

VARIABLE = "TVERRETATLIG_LANG"
OPTION = "--lang"


def asked(arguments: Sequence[str]) -> str | None:
    """The language that a whole command line, or else the environment, asks for; None if neither does.

    The whole command line, as a refusal of its first word should be in the language its last word asks for.

    Raises:
        click.UsageError: the environment asks for a language there is not.
    """
    given, lasting = list(_given(arguments)), os.environ.get(VARIABLE) or None
    if not given and lasting not in {None, *LANGUAGES}:
        what = _("the variable {variable} is {value!r}", variable=VARIABLE, value=lasting)
        raise click.UsageError(
            str(joined("; ", (what, _("allowed: {allowed}", allowed=", ".join(LANGUAGES)))))
        )
    return given[-1] if given else lasting


def _given(arguments: Sequence[str]) -> Iterator[str]:
    """Every language that a command line asks for; what is none is left for click to refuse."""
    words = [*takewhile(lambda word: word != "--", arguments), ""]
    for word, following in pairwise(words):
        for code in LANGUAGES:
            if word == f"{OPTION}={code}" or (word, following) == (OPTION, code):
                yield code


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a help text, each on one line: templates of its translation."""
    return [" ".join(paragraph.split()) for paragraph in inspect.cleandoc(text).split("\n\n")]


class _Translated:
    """A text of a command or parameter that is translated, paragraph by paragraph, when click reads it."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}"

    def __get__(self, thing: object, owner: type | None = None) -> str | None:
        text: str | None = getattr(thing, self._name, None)
        return text and "\n\n".join(str(Message(_literal(part))) for part in paragraphs(text))

    def __set__(self, thing: object, text: str | None) -> None:
        setattr(thing, self._name, text)


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


class Option(click.Option):
    """An option with its words in the language of the user."""

    help = _Translated()

    def make_metavar(self, *given: Any, **named: Any) -> str:  # noqa: ANN401 - as click has them
        """As click does, translated."""
        return str(Message(_literal(super().make_metavar(*given, **named))))


class Argument(click.Argument):
    """An argument with its name in the language of the user."""

    def make_metavar(self, *given: Any, **named: Any) -> str:  # noqa: ANN401 - as click has them
        """As click does, translated."""
        return str(Message(_literal(super().make_metavar(*given, **named))))


class Command(click.Command):
    """A command with its help in the language of the user."""

    help = _Translated()
    options_metavar = _Translated()

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """As click does, but made anew: its help is in the language of now."""
        self._help_option = None
        return super().get_help_option(ctx)


class Group(Command, click.Group):
    """Commands that know what a mistyped one was meant to be."""

    command_class = Command
    subcommand_metavar = _Translated()  # type: ignore[assignment]

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - as click has them
    ) -> click.Context:
        """As click does, once it is known which language to speak."""
        if parent is None:
            speak_to_user("en")
            extra["obj"] = asked(args)
            speak_to_user(extra["obj"] or "en")
        return super().make_context(info_name, args, parent, **extra)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with a suggestion."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            hint = _("Did you mean “{command}”?", command=near[0]) if near else ""
            what = _("There is no command “{command}”.", command=args[0])
            raise click.UsageError(str(joined(" ", (what, hint))), ctx)
        return super().resolve_command(ctx, args)


def group(**settings: Any) -> Callable[[Callable[..., Any]], Group]:  # noqa: ANN401 - as click has them
    """Make a function a group of commands."""
    return click.group(cls=Group, **settings)


option = partial(click.option, cls=Option)
argument = partial(click.argument, cls=Argument)
command = partial(click.command, cls=Command)
language = option(
    OPTION,
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    expose_value=False,
    help="Language; the variable TVERRETATLIG_LANG sets it for good.",
)
"""Each command has the option ``--lang``, whose value the group has read from the whole command line."""
