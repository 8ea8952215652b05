"""Results at home in a notebook: a short text, a table in HTML, a picture."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

LINES = 7
"""Rows of a table that the short text shows."""

_PLOTTERS: dict[str, str] = {}


def register_plotters(plotters: Mapping[str, str]) -> None:
    """Say which function draws the results of a class, so that results need not know who draws them.

    Args:
        plotters: by the name of the class, ``"module:function"``; imported when a picture is first drawn.
    """
    _PLOTTERS.update(plotters)


class Displayed:
    """A result with a short ``repr`` and an HTML view; a class gives its heading and a small table."""

    def _heading(self) -> str:
        """What it is, on one line."""
        raise NotImplementedError

    def _preview(self) -> pd.DataFrame:
        """Its most important numbers."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{self._heading()}\n{self._preview().head(LINES).to_string(float_format='{:.4g}'.format)}"

    def _repr_html_(self) -> str:
        table = self._preview().to_html(float_format="{:.4g}".format, border=0)
        return f"<p>{escape(self._heading())}</p>{table}"


class Plotted(Displayed):
    """A result that can also be drawn."""

    def plot(self, *args: object, **options: object) -> Figure:
        """Draw it with the function that is registered for its class.

        Args:
            args: what the function takes after the result, such as which picture: ``plot("funnel")``.
            options: the same by name.

        Raises:
            LookupError: if no function is registered.
        """
        for kind in type(self).__mro__:
            if kind.__name__ in _PLOTTERS:
                module, function = _PLOTTERS[kind.__name__].split(":")
                figure: Figure = getattr(import_module(module), function)(self, *args, **options)
                return figure
        raise LookupError(type(self).__name__)
