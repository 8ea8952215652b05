"""Names of a package that load when first used, so that light uses stay light."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module


def names_from(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """A package's ``__getattr__`` that imports each name from its home.

    Args:
        package: the package's ``__name__``.
        homes: the module of each name, below the package.
    """

    def found(name: str) -> object:
        if name in homes:
            return getattr(import_module(f"{package}.{homes[name]}"), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return found
