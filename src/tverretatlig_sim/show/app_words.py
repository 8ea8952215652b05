"""Labels of the classroom app: English, then Norwegian bokmål."""

from __future__ import annotations

PAGE = {
    "app.title": ("Two ways of coordinating, on the same luck", "To måter å samordne på, med samme flaks"),
    "app.lesson": ("Lesson", "Time"),
    "app.settings": ("What is compared", "Hva som sammenlignes"),
    "app.arrangement": ("Arrangement {side}", "Ordning {side}"),
    "app.levers": ("Levers on {side}", "Grep i {side}"),
    "app.pulled": ("{n} pulled", "{n} i bruk"),
    "app.none_pulled": ("none pulled", "ingen i bruk"),
    "app.not_here": ("Not here: {reason}", "Ikke her: {reason}"),
    "app.dials": ("Dials on {side}", "Innstillinger i {side}"),
    "app.set": ("{n} set", "{n} endret"),
    "app.none_set": ("as the arrangement is", "som i ordningen"),
    "app.as_it_is": ("as it is", "som den er"),
    "app.reset": ("As it is", "Som den er"),
    "app.reset_dial": ("{title}: leave as it is", "{title}: la stå som den er"),
    "app.seed": ("Seed", "Frø"),
    "app.run": ("History", "Historie"),
    "app.another": ("Another history", "En annen historie"),
    "app.play": ("Play", "Spill"),
    "app.pause": ("Pause", "Pause"),
    "app.month": ("Month", "Måned"),
    "app.month_of": ("{date}, month {month} of {months}", "{date}, måned {month} av {months}"),
    "app.speed": ("Speed", "Tempo"),
    "app.speed.slow": ("slow", "sakte"),
    "app.speed.normal": ("normal", "vanlig"),
    "app.speed.fast": ("fast", "fort"),
    "app.language": ("Norsk", "English"),
    "app.theme": ("Colours", "Farger"),
    "app.theme.auto": ("as the machine", "som maskinen"),
    "app.theme.light": ("light", "lyse"),
    "app.theme.dark": ("dark", "mørke"),
    "app.skip": ("Skip to the two arrangements", "Hopp til de to ordningene"),
    "app.busy": ("Computing …", "Regner …"),
    "app.lost": (
        "The app does not answer. Is it still running?",
        "Appen svarer ikke. Kjører den fortsatt?",
    ),
    "app.no_script": (
        "This page needs JavaScript; nothing is fetched from the internet.",
        "Siden trenger JavaScript; ingenting hentes fra internett.",
    ),
    "app.levels": (
        "Levels are illustrative: speak of directions and differences, never of “52 per cent”.",
        "Nivåene er illustrative: snakk om retninger og forskjeller, aldri om «52 prosent».",
    ),
}

MAP = {
    "app.map": ("Who trusts whom", "Hvem stoler på hvem"),
    "app.map.note": (
        "Thick and dark is high trust; each half of a line is one agency's. Filled: core agency; dashed: "
        "municipal chain. Larger: more ownership. "
        "Outer arcs: the ministries, dark when they pay attention. Choose an agency to see only its ties.",
        "Tykt og mørkt er høy tillit; hver halvdel av en strek er én etats. Fylt: kjerneetat; stiplet: "
        "kommuneleddet. Større: mer eierskap. "
        "Ytre buer: departementene, mørke når de følger med. Velg en etat for å se bare dens bånd.",
    ),
    "app.agency": (
        "{name} ({ministry}): trusts the others {own}, is trusted {others}",
        "{name} ({ministry}): stoler på de andre {own}, blir stolt på {others}",
    ),
    "app.forums": ("Forums; filled in months when they meet", "Fora; fylt i måneder de møtes"),
    "app.no_forums": ("No forum: only the line.", "Ingen fora: bare linjen."),
    "app.forum": ("{name}, {seats} seats", "{name}, {seats} plasser"),
    "app.board": ("Recommendations on their way", "Anbefalinger underveis"),
    "app.board.note": (
        "Each piece is a recommendation and keeps its column; choose one to read its story.",
        "Hver brikke er en anbefaling og beholder kolonnen sin; velg en for å lese hva som skjedde.",
    ),
    "app.piece": ("{name}: {stage}", "{name}: {stage}"),
}

NUMBERS = {
    "app.now": ("This history, this month", "Denne historien, denne måneden"),
    "app.measure": ("Measure", "Mål"),
    "app.drafted": ("Drafted so far", "Utarbeidet så langt"),
    "app.implemented": ("Implemented so far", "Gjennomført så langt"),
    "app.under_way": ("On the way", "Underveis"),
    "app.dropped": ("Dropped so far", "Bortfalt så langt"),
    "app.frameworks": ("In the terms of the sources", "I kildenes rammeverk"),
    "app.frameworks.note": (
        "Means of the histories above; ± is the 95 % interval. – does not apply. Which number stands for "
        "which word is the model's reading.",
        "Gjennomsnitt av historiene over; ± er 95 %-intervallet. – gjelder ikke. Hvilket tall som står for "
        "hvilket ord, er modellens lesning.",
    ),
    "app.bands": ("Many histories", "Mange historier"),
    "app.series": ("Show", "Vis"),
    "app.bands.note": (
        "Line: the middle history. Bands: half of the histories, and nine in ten. "
        "Thin dashes: the history above.",
        "Strek: den midterste historien. Bånd: halvparten av historiene, og ni av ti. "
        "Tynn stiplet: historien over.",
    ),
    "app.bands.progress": ("{done} of {runs} histories", "{done} av {runs} historier"),
    "app.bands.waiting": (
        "Many are computing now; the bands come in turn.",
        "Mange regner nå; båndene kommer etter tur.",
    ),
    "app.bands.chart": (
        "{series}, month by month, in A and B; numbers in the table below",
        "{series}, måned for måned, i A og B; tall i tabellen under",
    ),
    "app.bands.last": ("{series}, last month: middle history", "{series}, siste måned: midterste historie"),
    "app.outcome": ("Mean of all histories, at the end", "Gjennomsnitt av alle historier, ved slutten"),
    "app.difference": ("A − B", "A − B"),
}

STORY = {
    "app.story": ("What happened to this recommendation?", "Hva skjedde med denne anbefalingen?"),
    "app.story.choose": ("Recommendation", "Anbefaling"),
    "app.story.none": ("choose one, or a piece above", "velg en, eller en brikke over"),
    "app.story.absent": ("{side} has no such recommendation.", "{side} har ingen slik anbefaling."),
    "app.story.facts": (
        "Led by {lead}. To be carried out by {duties}.",
        "Ledes av {lead}. Skal gjennomføres av {duties}.",
    ),
    "app.story.gated": ("It needs law or budget.", "Den krever lov eller budsjett."),
    "app.story.municipal": (
        "It reaches people through the municipalities.",
        "Den når folk gjennom kommunene.",
    ),
    "app.phase.work": ("work", "arbeide"),
    "app.phase.decide": ("decide", "beslutte"),
    "app.phase.implement": ("implement", "gjennomføre"),
    "app.event": ("{date}, month {month}, {phase}: {event}", "{date}, måned {month}, {phase}: {event}"),
    "app.event.drafted": ("the project drafts it", "prosjektet utarbeider den"),
    "app.event.decided": ("it is decided ({route}; {rounds})", "den blir besluttet ({route}; {rounds})"),
    "app.event.rounds": ("rounds of voting: {n}", "beslutningsrunder: {n}"),
    "app.event.handed_over": (
        "it is handed over to the line in {duties}",
        "den overleveres til linjen i {duties}",
    ),
    "app.event.adopted": (
        "every agency that has a part in it has taken it up in its line",
        "alle etatene som har en del i den, har tatt den inn i linjen",
    ),
    "app.event.implemented": ("it is implemented", "den er gjennomført"),
    "app.event.disagreement": (
        "it is dropped: no agreement ({rounds})",
        "den faller bort: ingen enighet ({rounds})",
    ),
    "app.event.ministries": (
        "it is dropped: the ministries do not take it into law or budget",
        "den faller bort: departementene tar den ikke inn i lov eller budsjett",
    ),
    "app.event.line": (
        "it is dropped: a line that has a part in it does not take it up",
        "den faller bort: en linje som har en del i den, tar den ikke inn",
    ),
    "app.event.municipalities": (
        "it is dropped: the municipal chain does not take it up",
        "den faller bort: kommuneleddet tar den ikke inn",
    ),
    "app.end.planned": (
        "At the end the project is still at work on it.",
        "Ved slutten arbeider prosjektet fortsatt med den.",
    ),
    "app.end.not_drafted": (
        "{date}: the project delivers without it.",
        "{date}: prosjektet leverer uten den.",
    ),
    "app.end.drafted": ("At the end it waits for a decision.", "Ved slutten venter den på en beslutning."),
    "app.end.decided": (
        "At the end it waits for the ministries and the budget.",
        "Ved slutten venter den på departementene og budsjettet.",
    ),
    "app.end.handed_over": (
        "At the end it waits for the line in {agencies}.",
        "Ved slutten venter den på linjen i {agencies}.",
    ),
    "app.end.adopted": (
        "At the end {agencies} still work on it.",
        "Ved slutten arbeider {agencies} fortsatt med den.",
    ),
}

NOTICES = {
    "app.notice.unknown": (
        "“{key}” cannot be {value}; {used} is shown. {hint}",
        "«{key}» kan ikke være {value}; {used} vises. {hint}",
    ),
    "app.notice.near": ("Did you mean “{name}”?", "Mente du «{name}»?"),
    "app.notice.number": (
        "“{key}” must be a whole number, not {value}; {used} is used.",
        "«{key}» må være et helt tall, ikke {value}; {used} brukes.",
    ),
    "app.notice.clamped": (
        "“{key}” must be from {low} to {high}; {used} is used.",
        "«{key}» må være fra {low} til {high}; {used} brukes.",
    ),
    "app.notice.lever": (
        "There is no lever or dial {value}; it is left out.",
        "Det finnes ikke noe grep eller noen innstilling {value}; det utelates.",
    ),
    "app.notice.levers": (
        "{side} has at most {most} levers and dials at once; the last {left} in the address are left out.",
        "{side} kan ha høyst {most} grep og innstillinger på én gang; de siste {left} i adressen utelates.",
    ),
    "app.notice.refused": (
        "{lever} is left out here: {reason}.",
        "{lever} utelates her: {reason}.",
    ),
    "app.notice.long": (
        "The address is too long; only its first {longest} characters were read.",
        "Adressen er for lang; bare de første {longest} tegnene ble lest.",
    ),
    "app.notice.recommendation": (
        "Neither arrangement has the recommendation {value}.",
        "Ingen av ordningene har anbefalingen {value}.",
    ),
    "app.failed": (
        "Something went wrong in the app. Go back, or start over from the first page.",
        "Noe gikk galt i appen. Gå tilbake, eller begynn på nytt fra første side.",
    ),
    "app.missing": ("There is no such page.", "Siden finnes ikke."),
}

LESSON = {
    "lesson.life": ("1. One life", "1. Ett liv"),
    "lesson.life.ask": (
        "Who has to say yes before a child notices any of this? Press Play, choose a piece, read its story. "
        "Which step took longest?",
        "Hvem må si ja før et barn merker noe til dette? Trykk Spill, velg en brikke og les hva som skjedde. "
        "Hvilket steg tok lengst tid?",
    ),
    "lesson.funnel": ("2. The funnel", "2. Trakten"),
    "lesson.funnel.ask": (
        "Of a hundred recommendations that are drafted, how many are decided? How many implemented? "
        "Draw your funnel first, then look where the pieces stop.",
        "Av hundre anbefalinger som utarbeides, hvor mange blir besluttet? Hvor mange gjennomført? "
        "Tegn trakten din først, og se så hvor brikkene stopper.",
    ),
    "lesson.table": ("3. Around the table", "3. Rundt bordet"),
    "lesson.table.ask": (
        "Five agencies, or thirteen. What do you lose, and what do you win, by inviting eight more? Look at "
        "meeting time and at who trusts whom. The tasks differ too, so not all of it is the structure.",
        "Fem etater, eller tretten. Hva taper du, og hva vinner du, på å invitere åtte til? Se på møtetiden "
        "og på hvem som stoler på hvem. Oppgavene er også ulike, så ikke alt skyldes strukturen.",
    ),
    "lesson.luck": ("4. Luck", "4. Flaks"),
    "lesson.luck.ask": (
        "The cooperation of 2022 was tried once. What could an evaluation of that one history have found? "
        "Choose another history a few times, then look at the width of the bands.",
        "Samarbeidet fra 2022 ble prøvd én gang. Hva kunne en evaluering av den ene historien ha funnet? "
        "Velg en annen historie noen ganger, og se så på hvor brede båndene er.",
    ),
    "lesson.lever": ("5. Your lever", "5. Ditt grep"),
    "lesson.lever.ask": (
        "Vote: which lever should the cooperation of 2022 pull? Pull it on B. Everything else stays as it "
        "is, luck included. Is the difference clear, and where does it show?",
        "Stem: hvilket grep bør samarbeidet fra 2022 ta? Slå det på i B. Alt annet er som før, også flaksen. "
        "Er forskjellen klar, og hvor viser den seg?",
    ),
    "lesson.opposites": ("6. Hierarchy or network", "6. Hierarki eller nettverk"),
    "lesson.opposites.ask": (
        "The same agencies and tasks, with only the line or only the table. What does each do well? "
        "Where does each lose its recommendations?",
        "De samme etatene og oppgavene, med bare linjen eller bare bordet. Hva får hver av dem til? Hvor "
        "mister hver av dem anbefalingene sine?",
    ),
}

APP = {**PAGE, **MAP, **NUMBERS, **STORY, **NOTICES, **LESSON}
"""Labels by key."""
