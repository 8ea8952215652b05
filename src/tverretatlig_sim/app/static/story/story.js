// The story: one screen a step, forwards and backwards; a question before each reveal; chapters as they are computed.

import { follow } from "../ask.js";
import { all, button, byId, html, onKey, play, say, set, still } from "../dom.js";
import { drawBars } from "./bars.js";
import { drawDots } from "./dots.js";
import { drawFlows } from "./flows.js";
import { drawFunnel } from "./funnel.js";
import { drawMandate } from "./mandate.js";
import { drawPaths } from "./paths.js";
import { answer, ask, choices, chosen, skipper } from "./predictions.js";
import { drawRoad } from "./road.js";
import { drawOpening, drawTable } from "./table.js";

const { words, document: doc, live } = JSON.parse(byId("data").textContent);
const cast = doc.cast;
const THEMES = ["auto", "light", "dark"];
const MINUTES = [5, 10, 20, 30, 45];
const CHANGED = [3, 10, 25, 40]; // about how many recommendations end elsewhere

const choice = (id, options) => ({ id, kind: "choice", options });
const byMean = (bars) => bars && [...bars].sort((p, q) => q.mean - p.mean);

// What each step draws, of which chapter, how long its reveal takes, and what is asked before it.
const STEPS = {
  opening: { draw: drawOpening, lasts: 2200 },
  table: { draw: drawTable, lasts: 600, aside: true },
  mandate: { draw: drawMandate, chapter: "pair", lasts: 5000, asks: choice("mandate", MINUTES.map((n) => ({ value: n, label: say(words["story.mandate.minutes"], { n }) }))) },
  road: { draw: drawRoad, chapter: "pair", lasts: 9000, asks: choice("road", [1, 2, 3, 4].map((end) => ({ value: cast.ends[end], label: cast.ends[end] }))) },
  funnel: { draw: drawFunnel, chapter: "pair", lasts: 2600, asks: { id: "funnel", kind: "funnel", most: cast.planned, stages: cast.stages.map((label, value) => ({ value, label })) } },
  paths: { draw: drawPaths, chapter: "pair", lasts: 4500, previews: true, asks: choice("paths", [1, 4].map((end) => ({ value: cast.ends[end], label: cast.ends[end] }))) },
  lever: { draw: drawFlows, chapter: "lever", lasts: 2600, previews: true, asks: choice("lever", CHANGED.map((n) => ({ value: n, label: say(words["story.lever.about"], { n }) }))) },
  luck: { draw: drawDots, chapter: "pair", lasts: 3400, previews: true, asks: choice("luck", ["yes", "no", "unknown"].map((it) => ({ value: it, label: words[`story.luck.${it}`] }))) },
  forms: { draw: drawBars, chapter: "forms", lasts: 1600, asks: choice("forms", cast.options.forms), bars: () => doc.forms?.bars },
  vote: { draw: drawBars, chapter: "votes", lasts: 1800, asks: choice("vote", cast.options.votes), bars: () => byMean(doc.votes?.bars), sign: true },
  barriers: { draw: drawBars, chapter: "barriers", lasts: 1800, bars: () => byMean(doc.barriers?.bars), sign: true },
  end: {},
};
const OWN_OPTIONS = new Set([drawBars, drawFunnel]); // drawings that are answered in themselves

const sections = all(".step");
const steps = sections.map((section) => {
  const id = section.dataset.step;
  return { id, section, ...STEPS[id], figure: section.querySelector(".figure"), foot: section.querySelector(".foot"), draft: {}, revealed: false, finish: () => false };
});
let current = 0;

// --- one step --------------------------------------------------------------------------------------------------

const open = (step) => Boolean(step.asks?.open);

const sizeOf = ({ clientWidth, clientHeight }) => `${clientWidth} ${clientHeight}`;

function draw(step, t) {
  if (!step.draw) return () => {};
  step.size = sizeOf(step.figure);
  const show = step.draw({
    figure: step.figure, cast, doc: open(step) && !step.previews ? {} : doc, words, draft: step.draft, open: open(step), prediction: step.asks,
    value: step.asks?.value, bars: open(step) ? undefined : step.bars?.(), sign: step.sign,
    redraw: () => draw(step, 1),
  });
  if (t !== undefined) show(t);
  return show;
}

/** Ask, or else show what there is to see. */
function enter(step) {
  if (!open(step)) reveal(step);
  else if (!step.size) {
    offer(step);
    draw(step, 0);
  }
}

function offer(step) {
  if (step.draw === drawFunnel) {
    const done = button(words["story.show"], () => answer(step.asks, [...step.draft.values]), { class: "option primary", disabled: true });
    step.figure.addEventListener("drawn", () => { done.disabled = false; });
    step.foot.replaceChildren(html("div", { class: "options" }, done, skipper(step.asks, words)));
  } else if (!OWN_OPTIONS.has(step.draw)) step.foot.replaceChildren(choices(step.asks, words));
}

/** Show the answer, once its chapter is there. */
function reveal(step) {
  if (step.revealed) return;
  if (step.chapter && !(step.chapter in doc)) {
    step.section.classList.add("waiting");
    step.foot.replaceChildren(html("p", { class: "wait", role: "status", text: words["story.wait"] }));
    return;
  }
  step.revealed = true;
  step.section.classList.remove("waiting");
  step.section.classList.add("revealed");
  run(step, () => conclude(step));
}

function run(step, then) {
  const show = draw(step, 0);
  step.finish = play(step.lasts ?? 0, (t) => {
    show(t);
    if (t === 1) then();
  });
}

/** The sentences that go with the answer. */
function conclude(step) {
  step.section.classList.add("concluded");
  if (!step.foot || step.id === "end") return;
  const texts = [...step.foot.dataset.texts.split(" ")].filter(Boolean).map((key) => doc[step.chapter]?.texts?.[key] ?? cast.texts[key] ?? words[`story.${key}`]);
  const mine = step.asks && !OWN_OPTIONS.has(step.draw) ? [chosen(step.asks, words)] : [];
  if (texts.length) step.foot.replaceChildren(...mine, html("div", { class: "result", "aria-live": "polite" }, ...texts.map((text, index) => html("p", { class: index || step.aside ? "aside" : "", text }))));
  if (step.draw === drawTable) draw(step, 1);
  if (step.draw === drawRoad) offerAgain(step);
}

/** The road can be travelled once more. */
function offerAgain(step) {
  const offered = () => step.figure.append(button(words["story.road.again"], () => {
    step.finish();
    run(step, offered);
  }, { class: "again" }));
  offered();
}

// --- from step to step -----------------------------------------------------------------------------------------

/** Where somebody has passed by, the question counts as skipped, so that no later step gives it away. */
function arrive(index) {
  current = index;
  for (const note of all("[data-notes]")) note.hidden = note.dataset.notes !== steps[index].id;
  steps.slice(0, index).forEach((step) => { if (open(step)) answer(step.asks); });
  enter(steps[index]);
  const title = sections[index].querySelector("h1, h2").textContent;
  byId("place").textContent = say(words["story.step"], { n: index + 1, of: steps.length, title });
  byId("back").disabled = index === 0;
  document.documentElement.style.setProperty("--progress", String(index / (steps.length - 1)));
  all("#steps a").forEach((link, place) => set(link, { "aria-current": place === index && "step" }));
  history.replaceState(null, "", `#${steps[index].id}`);
  document.dispatchEvent(new CustomEvent("step", { detail: { id: steps[index].asks?.id ?? null, section: sections[index] } }));
}

function goTo(index) {
  if (index < 0 || index >= steps.length) return;
  const near = Math.abs(index - current) === 1; // a smooth way farther would pass the questions between, and a class would get them
  sections[index].scrollIntoView({ behavior: near && !still() ? "smooth" : "instant", block: "start" });
  if (index !== current) arrive(index);
}

/** The next thing there is: an answer that is still open, the end of what is moving, or the next step. */
function forward() {
  const step = steps[current];
  if (open(step)) answer(step.asks);
  else if (!step.finish()) goTo(current + 1);
}

const KEYS = { ArrowRight: forward, ArrowDown: forward, PageDown: forward, ArrowLeft: () => goTo(current - 1), ArrowUp: () => goTo(current - 1), PageUp: () => goTo(current - 1), Home: () => goTo(0), End: () => goTo(steps.length - 1) };

onKey(document, ({ key, shiftKey, target }) => {
  const inside = target.closest("button, a, input, select, [role=button], [role=slider]");
  if (key === " " && !inside) return (shiftKey ? KEYS.ArrowLeft : forward)();
  return key in KEYS && !target.closest("input, select, [role=slider]") && KEYS[key]();
});

byId("next").addEventListener("click", forward);
byId("back").addEventListener("click", () => goTo(current - 1));
all("a[href^='#']").forEach((link) => link.addEventListener("click", (event) => {
  const index = steps.findIndex((step) => link.hash === `#${step.id}`);
  if (index < 0) return;
  event.preventDefault();
  goTo(index);
}));
byId("look").addEventListener("click", () => {
  const root = document.documentElement;
  root.dataset.theme = THEMES[(THEMES.indexOf(root.dataset.theme) + 1) % THEMES.length];
});

// Scrolling and swiping: whatever fills most of the screen is the step one is at.
const watcher = new IntersectionObserver((entries) => {
  const seen = entries.filter((entry) => entry.isIntersecting).at(-1);
  const index = seen ? sections.indexOf(seen.target) : -1;
  if (index >= 0 && index !== current) arrive(index);
}, { rootMargin: "-49% 0px -49% 0px" });

const resizer = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const step = steps.find((it) => it.figure === target);
    if (!step.size || step.size === sizeOf(target)) continue;
    step.finish();
    draw(step, step.revealed ? 1 : 0);
  }
});

document.addEventListener("tallied", ({ detail }) => {
  const step = steps.find((it) => it.asks?.id === detail.id);
  if (step?.revealed && !step.finish()) {
    draw(step, 1);
    conclude(step);
  }
});

// --- the teacher's notes ---------------------------------------------------------------------------------------

/** N shows and hides the notes. */
function toggleNotes() {
  byId("notes").hidden = !byId("notes").hidden;
  byId("noted").setAttribute("aria-pressed", String(!byId("notes").hidden));
}

byId("noted").addEventListener("click", toggleNotes);
onKey(document, ({ key, target }) => key.toLowerCase() === "n" && !target.closest("input, select, textarea") && toggleNotes());

// --- the document ----------------------------------------------------------------------------------------------

/** Chapters come one by one while the server computes them. */
function listen() {
  const chapters = follow(`/journey?lang=${document.documentElement.lang}`, (update) => {
    Object.assign(doc, update);
    if (update.done) chapters.close();
    fill();
    for (const step of steps) {
      if (step.section.classList.contains("waiting")) reveal(step);
      else if (step.previews && step.size && open(step)) draw(step, 0);
    }
  }, listen);
}

/** Sentences with numbers that stand in the page already. */
function fill() {
  for (const place of all("[data-text]")) {
    const text = Object.values(doc).map((chapter) => chapter.texts?.[place.dataset.text]).find(Boolean);
    if (text) place.textContent = text;
  }
}

for (const step of steps) if (step.asks) ask(step.asks, () => reveal(step));
fill();
if (live) listen();
const first = Math.max(0, steps.findIndex((step) => location.hash === `#${step.id}`));
sections[first].scrollIntoView({ behavior: "instant" });
arrive(first);
sections.forEach((section) => watcher.observe(section));
steps.forEach((step) => { if (step.figure) resizer.observe(step.figure); });
document.documentElement.classList.add("drawn");
