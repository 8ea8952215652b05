"""Messages stay English text until they are asked for in another language."""

from __future__ import annotations

import json
import pickle
from copy import deepcopy

import pytest

from tverretatlig_sim.language import Message, joined, say, text_in
from tverretatlig_sim.scenario import ScenarioError, load_scenario
from tverretatlig_sim.scenario.levers import with_levers

MISSING = say("is missing")


def test_a_message_is_english_text() -> None:
    message = say("at most {number}", number=3)
    assert message == "at most 3"
    assert json.dumps({"said": message}) == '{"said": "at most 3"}'
    assert {message: 1}["at most 3"] == 1


def test_a_message_in_norwegian() -> None:
    assert text_in("nb", say("at most {number}", number=3)) == "høyst 3"


def test_messages_inside_messages_are_translated() -> None:
    assert text_in("nb", say("allowed: {allowed}", allowed=say("a whole number"))) == "tillatt: et heltall"


def test_messages_in_a_row_are_translated_and_empty_ones_left_out() -> None:
    assert text_in("nb", joined("; ", ('forum "a"', "", MISSING))) == 'forum "a"; mangler'


def test_braces_in_what_is_spoken_of_stay() -> None:
    row = joined(", ", ("{a}", "{0}", say("is {value}", value="{b}")))
    assert (row, text_in("nb", row)) == ("{a}, {0}, is {b}", "{a}, {0}, er {b}")


def test_a_text_that_is_no_message_stays() -> None:
    assert text_in("nb", "is missing") == "is missing"


def test_an_error_is_asked_for_its_text() -> None:
    assert text_in("nb", ValueError(MISSING)) == "mangler"


@pytest.mark.parametrize("copied", [deepcopy(MISSING), pickle.loads(pickle.dumps(MISSING)), str(MISSING)])
def test_a_copied_message_still_knows_its_languages(copied: str) -> None:
    assert isinstance(copied, Message)
    assert text_in("nb", copied) == "mangler"


def test_python_speaks_english_unless_asked() -> None:
    with pytest.raises(ScenarioError) as refused:
        load_scenario("dfo-simplifed")
    assert str(refused.value).startswith('"dfo-simplifed": there is no such scenario; allowed: "0-24-2015", ')
    norwegian = text_in("nb", refused.value)
    assert norwegian.startswith('"dfo-simplifed": det finnes ikke noe slikt scenario; tillatt: "0-24-2015", ')
    assert norwegian.endswith('mente du "dfo-simplified"?')


def test_notes_can_be_asked_for_in_norwegian() -> None:
    scenario = load_scenario("0-24-2018")
    with pytest.raises(ScenarioError) as refused:
        with_levers(scenario, "line-calibration", "line-calibration")
    assert text_in("nb", refused.value).endswith('grepet "line-calibration": er oppgitt mer enn én gang')
