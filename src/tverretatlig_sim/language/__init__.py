"""Messages in English and Norwegian: written once, in English, and translated when they are shown.

``say`` makes a message where something is to be said; whoever shows it asks ``text_in`` for it in a
language. What is said in Norwegian stands in ``nb.toml``, by the English template. Labels of tables and
figures, which go by the keys of data, are in ``show.labels``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, get_args

Language = Literal["en", "nb"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Message(str):
    """An English text that remembers what it was made of, so that it can be said in another language.

    It is the English text wherever text is wanted. ``str()`` gives it back as it is, so that it also survives
    in ``str(error)``; to put it into another text, use ``say`` or ``joined``, not an f-string.

    Attributes:
        template: the English sentence with names in braces for what varies.
        values: what stands for these names; messages among them are translated too.
    """

    template: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        return self


def say(template: str, **values: object) -> Message:
    """A message.

    Args:
        template: in English, as ``str.format`` reads it; every one has a translation in ``nb.toml``.
        values: by the names in the template.
    """
    message = Message(template.format(**values))
    message.template, message.values = template, values
    return message


def word(text: str) -> Message:
    """A word from a data file, such as a unit, that has a translation in ``nb.toml``."""
    message = Message(text)
    message.template, message.values = text.replace("{", "{{").replace("}", "}}"), {}
    return message


def joined(separator: str, parts: Iterable[str]) -> str:
    """Texts and messages in a row, each of which can still be translated; empty ones are left out."""
    values = {f"part{index}": part for index, part in enumerate(part for part in parts if part)}
    return say(separator.join(f"{{{name}}}" for name in values), **values)


def text_in(language: Language, what: object) -> str:
    """A message, or what an error says, in a language; a text that is no message stays as it is.

    Args:
        language: ``en`` or ``nb``.
        what: a message, an error, or anything else that ``str()`` makes one of.
    """
    text = str(what)
    if not isinstance(text, Message):
        return text
    template = translations(language).get(text.template, text.template)
    return template.format(**{name: _value(language, value) for name, value in text.values.items()})


def translated(language: Language, template: str) -> str:
    """The template in a language; itself where it has no translation."""
    return translations(language).get(template, template)


def _value(language: Language, value: object) -> object:
    return text_in(language, value) if isinstance(value, Message) else value


@cache
def translations(language: Language) -> Mapping[str, str]:
    """Templates by their English ones."""
    if language == "en":
        return {}
    import tomllib

    tables = tomllib.loads((Path(__file__).parent / f"{language}.toml").read_text(encoding="utf-8"))
    return {english: said for table in tables.values() for english, said in table.items()}
