"""Every message has a Norwegian one that speaks of the same."""

from __future__ import annotations

import ast
from collections import Counter
from string import Formatter

import pytest

from tverretatlig_sim.i18n import label
from tverretatlig_sim.scenario import parameter_specs

from .sources import PACKAGE, SAY, calls, help_texts, templates, trees

NORWEGIAN = translations("nb")
SPEAKING = {
    **dict.fromkeys(("ValueError", "StoreError", "DamagedPartError", "OutputError", "Unfit"), 0),
    **dict.fromkeys(("Refusal", "Failure", "Stopped", "UsageError", "BadParameter"), 0),
    **{"Problem": 2, "problem": 1, "_failure": 2, "_refuse": 1, "_fault": 1, "fault": 1},
}
"""What takes messages, and the first of its arguments that is one."""
FOR_PROGRAMMERS = (
    "mesa_model/", "show/plots/", "show/labels.py", "study/ecosystem.py", "world/", "kernel/",
)  # fmt: skip
"""Where errors speak to who writes Python: no command raises them."""


def test_every_message_is_translated() -> None:
    missing = [f"{file}: {template}" for template, file in templates().items() if template not in NORWEGIAN]
    assert missing == []


def test_every_help_text_is_translated() -> None:
    missing = [f"{command}: {text}" for text, command in help_texts().items() if text not in NORWEGIAN]
    assert missing == []


def test_messages_are_written_where_they_can_be_collected() -> None:
    wrong = [
        f"{file}:{call.lineno}"
        for file, tree in trees()
        if file != "language/__init__.py"
        for call in calls(tree, SAY)
        if not (call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str))
    ]
    assert wrong == []


@pytest.mark.parametrize("english", NORWEGIAN)
def test_both_speak_of_the_same(english: str) -> None:
    assert placeholders(NORWEGIAN[english]) == placeholders(english)


def placeholders(template: str) -> Counter[tuple[str, str, str]]:
    """Names in braces, with how they are written."""
    return Counter(
        (name, spec or "", conversion or "")
        for _, name, spec, conversion in Formatter().parse(template)
        if name is not None
    )


def test_no_sentence_stands_twice_in_the_catalogue() -> None:
    text = (PACKAGE / "language" / "nb.toml").read_text(encoding="utf-8")
    assert sum(line.startswith('"') for line in text.splitlines()) == len(NORWEGIAN)


def test_no_refusal_is_written_without_a_translation() -> None:
    """What a command may show to its user is made by ``say``, not by an f-string."""
    wrong = [
        f"{file}:{call.lineno}"
        for file, tree in trees()
        if not file.startswith(FOR_PROGRAMMERS)
        for name, first in SPEAKING.items()
        for call in calls(tree, name)
        if any(isinstance(word, ast.JoinedStr) or _is_sentence(word) for word in call.args[first:])
    ]
    assert wrong == []


def _is_sentence(argument: ast.expr) -> bool:
    return isinstance(argument, ast.Constant) and isinstance(argument.value, str) and " " in argument.value


def test_units_are_called_as_in_the_tables() -> None:
    units = {spec.unit for spec in parameter_specs().values()}
    assert units <= NORWEGIAN.keys()
    labelled = {unit: said for unit in units if (said := label(f"unit.{unit}", "nb")) != f"unit.{unit}"}
    assert {unit: NORWEGIAN[unit] for unit in labelled} == labelled
