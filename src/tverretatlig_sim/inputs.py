"""What Python callers give, as the package keeps it: numbers, names, plain tables, things that stay."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from typing import Any, NoReturn, SupportsIndex, TypeAlias

from pydantic import BaseModel

from tverretatlig_sim.i18n import Message, _, joined

Whole: TypeAlias = int | SupportsIndex
"""A whole number of Python, numpy or pandas."""


def whole(name: str, value: object, low: int, high: int) -> int:
    """A whole number of any type but truth values, as Python's own, which does not overflow.

    Raises:
        ValueError: it is none, or not within its limits.
    """
    if getattr(value, "ndim", None) == 0:  # numpy's numbers, and arrays that hold a single one
        value = value.item()  # type: ignore[attr-defined]
    if isinstance(value, Integral) and not isinstance(value, bool) and low <= int(value) <= high:
        return int(value)
    limits = {"low": low, "high": high}
    said = shown(value)
    raise ValueError(
        _("{name} = {value}: must be a whole number from {low} to {high}", name=name, value=said, **limits)
    )


def shown(value: object) -> Message | str:
    """What was given, as messages show it."""
    if isinstance(value, int) and abs(value) >= 10**60:
        return _("a huge whole number")  # Python refuses to write thousands of digits
    try:
        said = repr(value)
    except ValueError:  # the same inside a list or a table
        return _("a huge whole number")
    return said if len(said) <= 60 else f"{said[:60]}…"


def another_kind(what: Message | str, given: object) -> TypeError:
    """What to raise where something of another kind was given.

    Args:
        what: what should have been, as a sentence.
        given: what was.
    """
    return TypeError(joined("; ", (what, _("given: {given}", given=shown(given)))))


def given_names(what: str, given: object, example: str) -> tuple[str, ...]:
    """Names in anything that can be gone through once, in its order; those of a set are sorted.

    Raises:
        TypeError: it is a single name, or holds something else.
    """
    found = given.tolist() if hasattr(given, "tolist") else given
    if isinstance(found, Iterable) and not isinstance(found, str | bytes):
        names = tuple(sorted(found, key=str) if isinstance(found, set | frozenset) else found)
        if all(isinstance(name, str) for name in names):
            return tuple(map(str, names))
    raise TypeError(
        _("{what}: must be a list of names, as in {example}", what=what, example=f"['{example}']")
    )


def check_name(what: str, name: object, taken: Iterable[str], endings: tuple[str, ...] = ()) -> None:
    """Refuse what cannot be the name of a column beside others.

    Raises:
        ValueError: it cannot.
    """
    if not (isinstance(name, str) and name.isidentifier()) or name in {*taken} or name.endswith(endings):
        raise ValueError(
            _(
                "{what} {name}: cannot be called so; allowed: letters, digits and underscores, and no name "
                "of a parameter or a column of tables",
                what=what,
                name=shown(name),
            )
        )


def check_callable(what: object, given: object) -> None:
    """Refuse what is no function.

    Raises:
        TypeError: it is none.
    """
    if not callable(given):
        raise TypeError(_("{what}: must be a function", what=shown(what)))


def check_table(what: str, given: object, example: str) -> None:
    """Refuse what does not map names, which are texts, to values.

    Raises:
        TypeError: it does not.
    """
    if not (isinstance(given, Mapping) and all(isinstance(name, str) for name in given)):
        raise TypeError(_("{what}: must map names to values, as in {example}", what=what, example=example))


def plain(value: Any, left: int = 40, kept: type | tuple[type, ...] = ()) -> Any:  # noqa: ANN401
    """A value as a file would hold it: tables, lists, texts and Python's own numbers; anything else stays.

    Args:
        value: any.
        left: how deep tables and lists may lie in it.
        kept: what stays although it could be written as a table.

    Raises:
        ValueError: tables or lists lie too deep in each other, as where one holds itself.
    """
    if not left:
        raise ValueError(_("tables or lists are nested too deeply"))
    if value is None or type(value) in (str, bool, int, float) or isinstance(value, kept):
        return value
    if isinstance(value, str | Real):
        kind: Any = str if isinstance(value, str) else int if isinstance(value, Integral) else float
        return kind(value)
    if isinstance(value, BaseModel):
        value = value.model_dump(exclude_defaults=True, exclude_none=True, warnings=False)
    if isinstance(value, Mapping):
        return {plain(key): plain(item, left - 1, kept) for key, item in value.items()}
    if hasattr(value, "tolist"):  # numpy and pandas
        return plain(value.tolist(), left - 1, kept)
    if isinstance(value, Iterable) and not isinstance(value, bytes) and not hasattr(value, "columns"):
        found = [plain(item, left - 1, kept) for item in value]
        return sorted(found, key=str) if isinstance(value, set | frozenset) else found
    return os.fspath(value) if isinstance(value, os.PathLike) else value


def _refuse(self: object, *_args: object, **_more: object) -> NoReturn:
    raise TypeError(_("this does not change; dict(…) and list(…) make copies that do"))


class FrozenDict(dict[Any, Any]):
    """A dict that cannot be changed."""

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenDict, (dict(self),)


class FrozenList(list[Any]):
    """A list that cannot be changed."""

    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse
    append = clear = extend = insert = pop = remove = reverse = sort = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenList, (list(self),)


def frozen(value: Any) -> Any:  # noqa: ANN401
    """A value in which no list or table can be changed; models are kept and hold frozen ones from now on."""
    if isinstance(value, BaseModel):
        own = vars(value)
        own.update({key: frozen(item) for key, item in own.items() if isinstance(item, HOLDERS)})
        return value
    if isinstance(value, FrozenDict | FrozenList):
        return value
    if isinstance(value, dict):
        return FrozenDict({key: frozen(item) for key, item in value.items()})
    if isinstance(value, list):
        return FrozenList(map(frozen, value))
    return tuple(map(frozen, value)) if type(value) is tuple else value


HOLDERS = (BaseModel, dict, list, tuple)
