"""Words in the current language: lazy messages, and labels by key, from gettext catalogues.

``_`` makes a message, which is rendered in the language that is current when it is shown. A language is one
file in ``locale``: by the English template for messages, by context ``label`` and key for labels. What it
lacks stands in English.
"""

from __future__ import annotations

import errno
import gettext
import io
import os
import re
import socket
from collections.abc import Iterable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

DOMAIN = "tverretatlig_sim"
CLAUSE = re.compile(r"; (?![^(]*\))")
"""What parts a source into clauses; not within brackets."""
LOCALE = Path(__file__).parent / "locale"

_language: ContextVar[str] = ContextVar("language", default="en")


@dataclass(frozen=True)
class Message:
    """A sentence that is rendered in the current language when it is shown; true unless it is empty.

    Attributes:
        template: the English sentence, as ``str.format`` reads it.
        values: what stands for the names in braces; messages among them are rendered too.
        many: the template for any number but 1; empty if the sentence does not depend on a number.
        number: the number it depends on.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)
    many: str = ""
    number: int = 1

    def __str__(self) -> str:
        catalogue = _catalogue(current_language())
        template = catalogue.gettext(self.template) if self.template else ""
        if self.many:
            template = catalogue.ngettext(self.template, self.many, self.number)
        values = {name: str(v) if isinstance(v, Message) else v for name, v in self.values.items()}
        return template.format(**values)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __bool__(self) -> bool:
        return bool(self.template)


def _(template: str, /, **values: object) -> Message:
    """A message.

    Args:
        template: in English; every one has a translation in each catalogue.
        values: by the names in the template.
    """
    return Message(template, values)


def ngettext(one: str, many: str, number: int, /, **values: object) -> Message:
    """A message that depends on a number, which the templates may hold as ``{number}``."""
    return Message(one, {"number": number, **values}, many, number)


def joined(separator: str, parts: Iterable[Message | str | Exception]) -> Message:
    """Texts, messages and what errors say in a row; empty ones are left out."""
    given = [part for part in parts if part]
    if len(given) == 1 and isinstance(given[0], Message):
        return given[0]
    values = {f"part{index}": part for index, part in enumerate(given)}
    return Message(separator.join(f"{{{name}}}" for name in values), values)


def label(key: str, /, **values: object) -> str:
    """What an outcome, stage, reason, series, heading or phrase is called in the current language.

    Args:
        key: as the code and the files write it.
        values: by the names in the label, if it has any.

    Returns:
        The label; for what has none (the names of agencies, forums, projects), the key itself.
    """
    text = _catalogue(current_language()).pgettext("label", key)
    return text.format(**values) if values else text


def reason(source: str) -> str:
    """Where a number or fact is from, in the current language; what has no form there stays as written."""
    catalogue = _catalogue(current_language())
    told = "; ".join(catalogue.gettext(clause) if clause else "" for clause in CLAUSE.split(source))
    return told.replace(" advice ", f" {label('advice')} ")


def current_language() -> str:
    """Code of the language in which messages are rendered, such as ``en``."""
    return _language.get()


class use_language:  # noqa: N801 - called as a function
    """Speak a language from now on, or inside ``with`` only, in this context (thread, task, request).

    Raises:
        ValueError: if there is no catalogue of it.
    """

    def __init__(self, code: str) -> None:
        if code not in languages():
            raise ValueError(f"no language {code!r}; allowed: {', '.join(languages())}")
        self._token = _language.set(code)

    def __enter__(self) -> None:
        return None

    def __exit__(self, *failure: object) -> None:
        _language.reset(self._token)


def languages() -> tuple[str, ...]:
    """Codes of all languages that have a catalogue, English first."""
    return tuple(sorted((path.stem for path in LOCALE.glob("*.po")), key=lambda code: (code != "en", code)))


LANGUAGES = languages()


def speak_to_user(code: str) -> None:
    """Speak a language in the whole process, libraries that use gettext (such as click) included."""
    use_language(code)
    _catalogue(code)  # compiled if need be, for others to read
    gettext.bindtextdomain(DOMAIN, str(LOCALE))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = code


@cache
def _catalogue(code: str) -> gettext.GNUTranslations:
    found = gettext.GNUTranslations(io.BytesIO(compiled(code)))
    if code != "en":
        found.add_fallback(_catalogue("en"))
    return found


def compiled(code: str) -> bytes:
    """The compiled catalogue of a language; a source tree makes it when the ``.po`` file has changed.

    Raises:
        ImportError: it is not compiled yet, and babel, which could do so, is not installed.
    """
    source, target = LOCALE / f"{code}.po", LOCALE / code / "LC_MESSAGES" / f"{DOMAIN}.mo"
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return target.read_bytes()
    try:
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po
    except ImportError:
        if target.exists():
            return target.read_bytes()
        raise ImportError(f"{source}: not compiled; install the package, or babel to compile it") from None
    made = io.BytesIO()
    with source.open("rb") as file:
        write_mo(made, read_po(file, locale=code))
    with suppress(OSError):  # where nothing can be written, it is made each time
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_suffix(f".{os.getpid()}")
        beside.write_bytes(made.getvalue())
        beside.replace(target)
    return made.getvalue()


REASONS = {
    errno.EACCES: _("no permission"),
    errno.EADDRINUSE: _("the address is already in use"),
    errno.EADDRNOTAVAIL: _("this machine does not have the address"),
    errno.EEXIST: _("the file exists already"),
    errno.EISDIR: _("is a folder"),
    errno.ELOOP: _("links that lead in a circle"),
    errno.ENAMETOOLONG: _("the file name is too long"),
    errno.ENOENT: _("there is no such file or folder"),
    errno.ENOSPC: _("the disk is full"),
    errno.ENOTDIR: _("is not a folder"),
    errno.EPERM: _("not permitted"),
    errno.EROFS: _("the disk can only be read"),
    socket.EAI_NONAME: _("the name is not known"),
}
"""What the system means when it refuses, by its number."""


def reason_of(error: OSError) -> Message:
    """Why the system refused; its own words only where there are none of ours."""
    said = error.strerror or str(error)
    unknown = _("the system refuses: “{said}”", said=said) if said else _("the system refuses")
    return REASONS.get(error.errno or 0, unknown)
