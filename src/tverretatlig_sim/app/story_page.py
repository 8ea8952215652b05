"""The story as a page: served with chapters to come, as one file that holds all it needs, and on paper.

What is printed are the teacher's notes, labels ``story.notes.STEP.ask`` and ``….answer``, and a sheet for
students. They name no result; the story has those.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tverretatlig_sim.app.page import spoken
from tverretatlig_sim.app.story import Story
from tverretatlig_sim.app.view import Document
from tverretatlig_sim.i18n import current_language, label
from tverretatlig_sim.kernel.state import STAGES

HERE = Path(__file__).parent
SCRIPTS = HERE / "static"
STYLE = SCRIPTS / "story" / "story.css"
MODULE = re.compile(r'^import \{ (.*) \} from "(.*)";\n', re.M)
EXPORT = re.compile(r"^export (const|function|async function) (\w+)", re.M)


MINUTES = {
    "opening": (2, 3),
    "table": (4, 8),
    "mandate": (4, 7),
    "road": (5, 9),
    "funnel": (7, 12),
    "paths": (4, 8),
    "lever": (4, 8),
    "luck": (4, 8),
    "forms": (3, 7),
    "vote": (4, 8),
    "barriers": (2, 6),
    "end": (2, 6),
}
"""Minutes that each step of the story takes in a class of 45 and of 90 minutes."""


PAPERS = {"notes": "handout", "handout": "notes"}
"""What can be printed, each with the one that its page links to."""


class Step(NamedTuple):
    """A screen: its labels ``story.…`` above and below the drawing, and the question before the reveal."""

    id: str
    texts: tuple[str, ...] = ()
    question: str = ""
    result: str = ""


STEPS = (
    Step("opening", ("opening",)),
    Step("table", ("table.who",), result="table.note"),
    Step("mandate", ("mandate.text",), "mandate.ask", "mandate.result"),
    Step("road", ("road.text",), "road.ask", "road.result road.rule"),
    Step("funnel", ("funnel.text",), result="funnel.result"),
    Step("paths", ("paths.text",), "paths.ask", "paths.result"),
    Step("lever", ("lever.text",), "lever.ask", "lever.result"),
    Step("luck", (), "luck.ask", "luck.result"),
    Step("forms", ("forms.text",), "forms.ask", "forms.result"),
    Step("vote", ("vote.text",), "vote.ask", "vote.result"),
    Step("barriers", ("barriers.text",), result="barriers.result"),
    Step("end"),
)
WORDS = """
wait skip show yours model class and opening.title table.title table.pick table.agency part.bears part.works
part.sits outside mandate.ask mandate.minutes mandate.talk mandate.matter mandate.month mandate.chart
road.month road.again road.refused road.forgotten road.chart funnel.title funnel.handle paths.part
paths.neither paths.only_b paths.only_a paths.both paths.square paths.shown paths.quilt lever.title
lever.off lever.chart lever.about luck.title luck.yes luck.no luck.unknown luck.here luck.axis luck.chart
vote.yours step table.note forms.result vote.result barriers.result hint
"""
"""Labels (``story.…``) that the scripts place."""


def templates() -> Environment:
    """The pages' templates; what they are filled with is text, never markup."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals["minutes"] = MINUTES
    return environment


def story_page(story: Story, theme: str = "auto") -> Document:
    """The variables of the template, for a page that fetches its chapters.

    Args:
        story: what is told.
        theme: of the page.
    """
    return _variables({"cast": story.chapter("cast")}, theme, alone=False)


def story_file(story: Story) -> str:
    """The whole story as one HTML file that asks for nothing, in the current language, after simulating it.

    Args:
        story: what is told.
    """
    parts = {"style": STYLE.read_text("utf-8"), "script": bundle(SCRIPTS / "story" / "story.js")}
    variables = _variables(story.document(), "auto", alone=True) | parts
    return templates().get_template("story.html").render(variables)


def _variables(document: Document, theme: str, *, alone: bool) -> Document:
    told = document["cast"]["texts"]

    def text(key: str, *, question: bool = False) -> dict[str, Any]:
        known = told.get(key) or ("" if key == "luck.ask" else label(f"story.{key}"))
        return {"key": "" if known else key, "text": known, "question": question}

    steps = [
        {
            "id": step.id,
            "heading": "h2" if number else "h1",
            "title": label(f"story.{step.id}.title"),
            "texts": [
                *(text(key) for key in step.texts),
                *([text(step.question, question=True)] if step.question else []),
            ],
            "result": step.result,
        }
        for number, step in enumerate(STEPS)
    ]
    words = {f"story.{key}": label(f"story.{key}") for key in WORDS.split()}
    return {
        **spoken(current_language()),
        "theme": theme,
        "alone": alone,
        "steps": steps,
        "data": {"words": words, "document": document, "live": not alone},
    }


def bundle(entry: Path) -> str:
    """A script with all modules it imports as one, since pages opened from a disk load no modules.

    Each module becomes a function that returns what it exports.

    Args:
        entry: a module that imports with ``import { a, b } from "…";``, a line each.
    """
    done: dict[Path, str] = {}

    def take(path: Path) -> str:
        text, name = path.read_text("utf-8"), path.stem
        for _names, source in MODULE.findall(text):
            if (there := (path.parent / source).resolve()) not in done:
                done[there] = ""  # imports have no circles; this only keeps the order
                done[there] = take(there)
                order.append(done[there])
        text = MODULE.sub(lambda found: f"const {{ {found[1]} }} = modules.{Path(found[2]).stem};\n", text)
        exported = ", ".join(name for _kind, name in EXPORT.findall(text))
        body = EXPORT.sub(r"\1 \2", text)
        return f"modules.{name} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();\n"

    order: list[str] = []
    last = take(entry.resolve())
    return "".join(["const modules = {};\n", *order, last])


def paper(name: str) -> Document:
    """The variables of the template of notes or handout, in the current language."""
    return {
        **spoken(current_language()),
        "paper": name,
        "beside": PAPERS[name],
        "minutes": MINUTES,
        "stages": [label(f"stage.{stage}") for stage in STAGES[:-1]],
    }
