"""Commands as this program has them: in the language that is asked for, refusing in one clear sentence.

The language is that of ``--lang``, wherever it stands, else of ``TVERRETATLIG_LANG``. What the package
refuses (``TverretatligError``, and ``ValueError`` with a message of ours) ends a command with status 2.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from functools import partial
from itertools import pairwise, takewhile
from pathlib import Path
from traceback import extract_tb
from typing import IO, Any

import click

from tverretatlig_sim.cli.output import OUT, give
from tverretatlig_sim.errors import TverretatligError
from tverretatlig_sim.i18n import LANGUAGES, Message, _, joined, speak_to_user
from tverretatlig_sim.show.files import OutputError, check_folder
from tverretatlig_sim.show.rows import Sheet

VARIABLE, LANG, MODULE = "TVERRETATLIG_LANG", "--lang", "--module"
HELP = _("See “tverretatlig COMMAND --help”.")
ANOTHER_FOLDER = _("Give another folder with --out.")


class Refusal(click.ClickException):
    """What was asked for cannot be done: what is wrong, and what to do next."""

    exit_code = 2

    def __init__(self, message: object, advice: Message | str = "") -> None:
        super().__init__(str(message))
        self.advice = advice

    def show(self, file: IO[Any] | None = None) -> None:
        """Print it on standard error."""
        said = _("Error: {message}", message=self.message)
        if "\n" in self.message:
            said = joined("\n  ", (_("Error:"), *self.message.splitlines()))
        click.echo(str(said), err=True)
        if self.advice:
            click.echo(str(self.advice), err=True)


class Failure(Refusal):
    """Something went wrong on the way."""

    exit_code = 1


@contextmanager
def advised(advice: Message | str) -> Iterator[None]:
    """Say what to do next, where the package refuses something.

    Raises:
        Refusal: instead of the package's own error.
    """
    try:
        yield
    except TverretatligError as error:
        raise Refusal(error, advice) from error


def _refusal(error: Exception) -> Refusal:

    usual = ANOTHER_FOLDER if isinstance(error, OutputError) else HELP
    if isinstance(error, TverretatligError):
        return (Failure if error.system else Refusal)(error, error.advice or usual)
    return Refusal(error, usual)


def _of_own_code(context: click.Context, error: Exception) -> Exception:
    """A fault of the user's own code as a refusal that says where; any other stays what it is."""
    own = {str(file.absolute()) for file in modules_of(context)}
    for frame in reversed(extract_tb(error.__traceback__)):
        if str(Path(frame.filename).absolute()) in own:
            said = {"file": Path(frame.filename).name, "line": frame.lineno, "kind": type(error).__name__}
            what = _("{file}, line {line}: {kind}: {reason}", reason=error, **said)
            return Refusal(joined("; ", (what, *getattr(error, "__notes__", ()))), HELP)
    return error


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a help text, each on one line: templates of its translation."""
    return [" ".join(paragraph.split()) for paragraph in inspect.cleandoc(text).split("\n\n")]


def _translated(text: str) -> str:
    return str(Message(text.replace("{", "{{").replace("}", "}}")))


class _Translated:
    """A text of a command or parameter that is translated, paragraph by paragraph, when click reads it."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}"

    def __get__(self, thing: object, owner: type | None = None) -> str | None:
        text: str | None = getattr(thing, self._name, None)
        return text and "\n\n".join(map(_translated, paragraphs(text)))

    def __set__(self, thing: object, text: str | None) -> None:
        setattr(thing, self._name, text)


class _Metavar(click.Parameter):
    """A parameter whose placeholder is translated."""

    def make_metavar(self, *given: Any, **named: Any) -> str:  # noqa: ANN401 - as click has them
        """As click does, translated."""
        return _translated(super().make_metavar(*given, **named))


def modules_of(context: click.Context) -> tuple[Path, ...]:
    """Files of Python that the command was given."""
    found: tuple[Path, ...] = context.meta.get(MODULE, ())
    return found


def _use_modules(context: click.Context, of: click.Parameter, files: tuple[Path, ...]) -> None:
    context.meta[MODULE] = (*modules_of(context), *files)
    if files and not context.resilient_parsing:
        from tverretatlig_sim.study.use import use_module

        try:
            for file in files:
                use_module(file)
        except (TverretatligError, ValueError) as error:
            raise _refusal(error) from error


class Option(_Metavar, click.Option):
    """An option with its words in the language of the user."""

    help = _Translated()


class Argument(_Metavar, click.Argument):
    """An argument with its name in the language of the user."""


class Command(click.Command):
    """A command that has ``--lang``, gives the sheet that its function returns, and refuses in sentences."""

    help = _Translated()
    options_metavar = _Translated()

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - as click has them
        super().__init__(*given, **named)
        text = "Language; the variable TVERRETATLIG_LANG sets it for good."
        kind = click.Choice(LANGUAGES)
        # The group has read the value from the whole command line.
        lang = Option([LANG], type=kind, default="en", show_default=True, expose_value=False, help=text)
        own = Option(
            [MODULE],
            type=click.Path(path_type=Path),
            multiple=True,
            is_eager=True,  # other options may name what it brings
            expose_value=False,
            callback=_use_modules,
            metavar="FILE.py",
            help="Python file with rules, outcomes, levers, … of your own; repeatable.",
        )
        self.params += [lang, own]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """As click does, but made anew: its help is in the language of now."""
        self._help_option = None
        return super().get_help_option(ctx)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click has it
        """As click does; a result is given to the user, and what the package refuses becomes a refusal."""
        try:
            check_folder(ctx.meta.get(OUT))
            made = super().invoke(ctx)
            return give(made) if isinstance(made, Sheet) else made
        except TverretatligError as error:
            raise _refusal(error) from error
        except ValueError as error:
            if isinstance(next(iter(error.args), None), Message):
                raise _refusal(error) from error
            raise _of_own_code(ctx, error) from None
        except Exception as error:
            raise _of_own_code(ctx, error) from None


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
        """As click does, once it is known which language to speak; the outermost ``obj`` says which."""
        if parent is None:
            speak_to_user("en")
            extra["obj"] = _language_of(args)
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


def _language_of(arguments: Sequence[str]) -> str | None:
    """The language that a whole command line, or else the environment, asks for; None if neither does.

    The whole command line, as a refusal of its first word should be in the language its last word asks for.
    What is no language is left for click to refuse.

    Raises:
        click.UsageError: the environment asks for a language there is not.
    """
    words = [*takewhile(lambda word: word != "--", arguments), ""]
    given = [
        code
        for word, following in pairwise(words)
        for code in LANGUAGES
        if word == f"{LANG}={code}" or (word, following) == (LANG, code)
    ]
    lasting = os.environ.get(VARIABLE) or None
    if not given and lasting not in {None, *LANGUAGES}:
        what = _("the variable {variable} is {value!r}", variable=VARIABLE, value=lasting)
        allowed = _("allowed: {allowed}", allowed=", ".join(LANGUAGES))
        raise click.UsageError(str(joined("; ", (what, allowed))))
    return given[-1] if given else lasting


option = partial(click.option, cls=Option)
argument = partial(click.argument, cls=Argument)
command = partial(click.command, cls=Command)


def flag(name: str, text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An option that is there or not."""
    return option(name, is_flag=True, help=text)


def group(**settings: Any) -> Callable[[Callable[..., Any]], Group]:  # noqa: ANN401 - as click has them
    """Make a function a group of commands."""
    return click.group(cls=Group, **settings)
