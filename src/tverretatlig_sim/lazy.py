"""Names of a package that load when first used, so that light uses stay light."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module


def names_from(
    package: str, homes: Mapping[str, str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """A package's ``__getattr__``, which imports each name from its home, and its ``__dir__``.

    Args:
        package: the package's ``__name__``.
        homes: the module of each name, below the package.
    """

    def found(name: str) -> object:
        if name in homes:
            return getattr(import_module(f"{package}.{homes[name]}"), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return found, lambda: sorted(homes)
