"""How to cite: CITATION.cff, codemeta.json and the package say the same."""

from __future__ import annotations

import json
import re
import tomllib

from tverretatlig_sim.version import __version__

from .documents import ROOT


def test_codemeta_agrees_with_the_citation_and_the_package() -> None:
    meta = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    said = dict(re.findall(r"^(\S+): \"?(.*?)\"?$", citation, re.M))
    assert meta["version"] == said["version"] == __version__
    assert meta["datePublished"] == said["date-released"]
    assert meta["license"].endswith(f"/{said['license']}")
    assert (meta["name"], meta["description"]) == (project["name"], project["description"])
    assert said["title"].startswith(f"{meta['name']}: ")
    assert [it["name"] for it in meta["author"]] == re.findall(r'^  - name: "(.*)"$', citation, re.M)
    assert meta["keywords"] == re.findall(r"^  - ([a-z -]+)$", citation, re.M)
    assert meta["runtimePlatform"] == f"Python {project['requires-python'].removeprefix('>=')} or newer"
