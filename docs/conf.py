"""The documentation site: every Markdown file and notebook of the repository, and the API.

Build it from the repository's root: ``sphinx-build -W --keep-going -c docs . site``.
"""

from __future__ import annotations

import tverretatlig_sim

project = "tverretatlig-sim"
author = "The tverretatlig-sim developers"
version = release = tverretatlig_sim.__version__
language = "en"
highlight_language = "none"  # of blocks that name no language: what is typed in a terminal

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    "sphinx_external_toc",
]
external_toc_path = "docs/_toc.yml"
include_patterns = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/**.md",
    "docs/api/*.rst",
    "notebooks/*.ipynb",
    "experiments/README.md",
    "benchmarks/README.md",
]

myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 4
nb_execution_mode = "off"  # stored outputs are shown; CI executes the notebooks on its own

autodoc_typehints = "description"
autodoc_preserve_defaults = True  # rules=RULES, not the list of them
autodoc_member_order = "bysource"
napoleon_numpy_docstring = False
suppress_warnings = ["ref.python"]  # attributes of several classes may share a name

html_theme = "furo"
html_title = "tverretatlig-sim"
html_extra_path = ["site"]
html_show_sourcelink = False
html_theme_options = {
    "source_repository": "",
    "navigation_with_keys": True,
    "light_css_variables": {
        "code-font-size": "0.78em"
    },  # the command on the front page in one line at 1280 px
}
