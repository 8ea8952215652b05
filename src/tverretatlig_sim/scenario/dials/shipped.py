"""The dials of the seven frameworks."""

from __future__ import annotations

from functools import cache
from math import sqrt

from tverretatlig_sim.scenario.dials.dial import RUNG, Dial, Move, Turn, left_over
from tverretatlig_sim.scenario.schema import Title

MOST_STOP_POINTS = 4


def _ladder() -> list[Dial]:
    return [
        Dial(
            name="rung",
            framework="ladder",
            title=Title(en="Rung aimed at", nb="Trinn det siktes mot"),
            meaning=Title(
                en="Every project aims at this rung of the coordination ladder, 1 to 4.",
                nb="Alle prosjekter sikter mot dette trinnet på samordningsstigen, 1 til 4.",
            ),
            source="DIFI17 2.1; RAD17 1, advice 3",
            assumed=Title(en="all projects aim at one rung", nb="alle prosjekter sikter mot ett trinn"),
            bounds=RUNG,
            turns=(Turn("project[all].rung"),),
        ),
        Dial(
            name="ambition",
            framework="ladder",
            title=Title(en="Ambition of the parties", nb="Partenes ambisjon"),
            meaning=Title(
                en="Every agency aims at this rung in joint work, 1 to 4.",
                nb="Alle etater sikter mot dette trinnet i felles arbeid, 1 til 4.",
            ),
            source="RAD17 advice 3; DIFI17 2.1",
            assumed=Title(en="all agencies aim at one rung", nb="alle etater sikter mot ett trinn"),
            bounds=RUNG,
            turns=(Turn("agency[all].ambition"),),
        ),
    ]


def _distances() -> list[Dial]:
    return [
        Dial(
            name="geographic",
            framework="distances",
            title=Title(en="Geographic distance", nb="Geografisk distanse"),
            meaning=Title(
                en="0: all agencies in one place; 1: each in its own. The periphery moves out first.",
                nb="0: alle etater på ett sted; 1: hver på sitt. Imellom: periferien flytter ut først.",
            ),
            source="DEL19 2.2.1; DFO25 3.3",
            assumed=Title(en="who moves out first", nb="hvem som flytter ut først"),
            moves=(Move("apart", numbers={"share": float}),),
        ),
        Dial(
            name="structural",
            framework="distances",
            title=Title(en="Structural distance", nb="Strukturell distanse"),
            meaning=Title(
                en="0: one form and line of steering; 1: each agency its own. The periphery differs first.",
                nb="0: én form og styringslinje; 1: hver etat sin egen. Periferien skiller seg først.",
            ),
            source="DEL19 2.2.1; DFO25 3.3",
            assumed=Title(
                en="who differs first, and that steering itself stays",
                nb="hvem som skiller seg først, og at selve styringen består",
            ),
            moves=(Move("own-forms", numbers={"share": float}),),
        ),
        Dial(
            name="cognitive",
            framework="distances",
            title=Title(en="Cognitive distance", nb="Kognitiv distanse"),
            meaning=Title(
                en="0: a common view of the problem that lasts; 1: each agency its own, as described.",
                nb="0: en felles problemforståelse som varer; 1: hver etat sin egen, som beskrevet.",
            ),
            source="DEL19 2.2.1; DFO25 3.3",
            assumed=Title(
                en="views and the pull of frames go together", nb="forståelse og sektorens drag går sammen"
            ),
            turns=(Turn("agency[all].stubbornness", how="multiply"),),
            moves=(Move("common-picture", numbers={"share": left_over}),),
        ),
        Dial(
            name="power",
            framework="distances",
            title=Title(en="Power distance", nb="Maktdistanse"),
            meaning=Title(
                en="0: agencies of one size; 1: the sizes they have.",
                nb="0: like store etater; 1: den størrelsen de har.",
            ),
            source="DEL19 2.2.1; DFO25 3.3",
            assumed=Title(en="size stands for power", nb="størrelse står for makt"),
            moves=(Move("even-sizes", numbers={"share": left_over}),),
        ),
    ]


def _matrix() -> list[Dial]:
    return [
        Dial(
            name="matrix",
            framework="matrix",
            title=Title(en="Matrix", nb="Matrise"),
            meaning=Title(
                en="0 weak: the line holds resources and authority; 1 strong: the programme does.",
                nb="0 svak: linjen har ressurser og myndighet; 1 sterk: programmet har det.",
            ),
            source="DEL19 2.3, 4.3",
            assumed=Title(en="resources and authority go together", nb="ressurser og myndighet går sammen"),
            turns=(
                Turn("forum[all].authority", optional=True),
                Turn("arrangement.lead_authority"),
                Turn("arrangement.follow_up"),
                Turn("arrangement.programme_resources"),
            ),
            moves=(Move("needs", {"what": "forums"}),),
        )
    ]


def _mechanisms() -> list[Dial]:
    return [
        Dial(
            name="hierarchy",
            framework="mechanisms",
            title=Title(en="Hierarchy", nb="Hierarki"),
            meaning=Title(
                en="0: ministries say nothing; 1: full attention, in one voice, in letters to all.",
                nb="0: departementene sier ingenting; 1: full oppmerksomhet, samstemt, i brev til alle.",
            ),
            source="DIFI17 2.1, 3; DIFI14 2.6; DFO25 3.4",
            assumed=Title(
                en="letters, attention and coherence go together",
                nb="brev, oppmerksomhet og samstemthet går sammen",
            ),
            turns=(
                # What is heard is attention times what letters say, so each takes its share of the dial.
                Turn("arrangement.attention", amount=sqrt),
                Turn("arrangement.core_group_authority"),
                Turn("arrangement.department_link"),
                Turn("letter[all].strength", amount=sqrt, optional=True),
                Turn("event[all].strength", how="at_most", optional=True),
            ),
            moves=(Move("joint-letter", {"letter": "hierarchy"}, {"strength": sqrt}),),
        ),
        Dial(
            name="voluntary",
            framework="mechanisms",
            title=Title(en="Voluntary adaptation", nb="Frivillig tilpasning"),
            meaning=Title(
                en="At the start: 0: no trust, no ownership, no common view; 1: all of them in full.",
                nb="Ved start: 0: verken tillit, eierskap eller felles forståelse; 1: alle fullt ut.",
            ),
            source="DFO25 3.4; DIFI14 2.6",
            assumed=Title(
                en="trust, ownership and understanding go together",
                nb="tillit, eierskap og forståelse går sammen",
            ),
            turns=(Turn("start.trust"), Turn("start.ownership")),
            moves=(Move("needs", {"what": "ties"}), Move("common-picture", numbers={"share": float})),
        ),
    ]


def _roles() -> list[Dial]:
    titles = {
        "driver": Title(en="Driver", nb="Pådriver"),
        "interest-balancer": Title(en="Interest balancer", nb="Interesseavveier"),
        "system-steward": Title(en="System steward", nb="Systemforvalter"),
    }
    return [
        Dial(
            name=role,
            framework="roles",
            title=title,
            meaning=Title(
                en=f"0: a coordinator as it is; 1: the lever role-{role} in full. Roles can be combined.",
                nb=f"0: en koordinator som den er; 1: grepet role-{role} fullt ut. Roller kan kombineres.",
            ),
            source="DIFI17 2.3",
            assumed=Title(en="the lever's amounts", nb="grepets tall"),
            moves=(Move("name-coordinator"),),
            scaled=f"role-{role}",
        )
        for role, title in titles.items()
    ]


def _instruments() -> list[Dial]:
    return [
        Dial(
            name="law-and-budget",
            framework="instruments",
            title=Title(en="Law and budget", nb="Lov og budsjett"),
            meaning=Title(
                en="Share of the recommendations by law or budget, which need the ministries.",
                nb="Andel anbefalinger med juridiske og økonomiske virkemidler, som krever departementene.",
            ),
            source="DEL19 3.2.1, 5.1.3",
            assumed=Title(
                en="which projects change instrument", nb="hvilke prosjekter som bytter virkemiddel"
            ),
            moves=(Move("law-and-budget", numbers={"share": float}),),
        )
    ]


def _chain() -> list[Dial]:
    return [
        Dial(
            name="theory-of-change",
            framework="chain",
            title=Title(en="Theory of change", nb="Endringsteori"),
            meaning=Title(
                en="Projects: 0 with no clear aim, never meeting the line; 1 clear, meeting it four times.",
                nb="Prosjekter: 0 uten klart mål og møter med linjen; 1 klare, møter den fire ganger.",
            ),
            source="DEL19 2.3, 6",
            assumed=Title(
                en="clear aims and meetings with the line go together",
                nb="klare mål og møter med linjen går sammen",
            ),
            turns=(
                Turn("arrangement.project_clarity"),
                Turn("arrangement.stop_points", amount=lambda value: float(round(MOST_STOP_POINTS * value))),
            ),
        ),
        Dial(
            name="municipal",
            framework="chain",
            title=Title(en="Municipal link", nb="Kommunalt ledd"),
            meaning=Title(
                en="Share of the projects that end with county governors and municipalities.",
                nb="Andel av prosjektene som ender hos statsforvaltere og kommuner.",
            ),
            source="DEL19 annex 2; DIFI14 2.5",
            assumed=Title(
                en="which projects, and one actor for all", nb="hvilke prosjekter, og én aktør for alle"
            ),
            moves=(Move("through-municipalities", numbers={"share": float}),),
        ),
    ]


@cache
def dials() -> dict[str, Dial]:
    """Every dial by name, in the order of the frameworks."""
    makers = (_ladder, _distances, _matrix, _mechanisms, _roles, _instruments, _chain)
    return {dial.name: dial for make in makers for dial in make()}
