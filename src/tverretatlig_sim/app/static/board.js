// The projector of a class: how to join, and who takes part. Asks the phones what the story asks on the screen
// (events "step" and "prediction"), and hands their answers to the story ("tallies"), with hands that were counted.

import { ask, stream } from "./ask.js";
import { all, button, byId, clamp, html, say } from "./dom.js";
import { predictions } from "./story/predictions.js";

const words = JSON.parse(byId("board-data").textContent);
const LONGEST = 300; // letters that the server takes
const counted = new Map(); // by id of the prediction: hands by value of the option, or numbers by stage
let current = null; // prediction on the screen
let text = ""; // its question
let telling = Promise.resolve();
let handed = ""; // what the story was told last
let latest = null; // what the server said last

// --- asking ----------------------------------------------------------------------------------------------

/** The phones show what is on the screen then; one after the other, so that what is told last holds. */
function tellPhones() {
  telling = telling.then(() => ask("/class/ask", undefined, { question: current && question() })).catch(() => {});
}

/** The question of a step without what follows it; its heading while there is none. */
function questionOf(section) {
  const asked = section.querySelector(".question, .words p:last-child")?.textContent ?? "";
  return asked.slice(0, asked.lastIndexOf("?") + 1) || section.querySelector("h1, h2").textContent;
}

const cut = (words) => words.slice(0, LONGEST);

function question() {
  const { id, kind, most, stages, options, open } = current;
  return { id, kind, text: cut(text), labels: (stages ?? options).map(({ label }) => cut(label)), ...(most ? { most } : {}), open };
}

document.addEventListener("step", ({ detail }) => {
  current = predictions.find(({ id }) => id === detail.id) ?? null;
  text = questionOf(detail.section);
  tellPhones();
  tellState();
});
document.addEventListener("prediction", ({ detail }) => { if (detail.id === current?.id) tellPhones(); });

// --- hearing ---------------------------------------------------------------------------------------------

function hear(said) {
  if (said.code !== latest?.code) {
    for (const code of all("[data-code]")) code.textContent = said.code;
    byId("board-picture").src = `/class/code.svg?${said.code}`;
  }
  latest = said;
  tellState();
  tellStory();
}

/** Hands over the answers to the prediction that the phones were asked last. */
function tellStory() {
  const prediction = predictions.find(({ id }) => id === latest?.id);
  if (!prediction) return;
  const { id, options } = prediction;
  const typed = counted.get(id);
  const counts = options ? Object.fromEntries(options.map(({ value }, place) => [value, latest.counts[place] + (typed?.[value] ?? 0)])) : [...latest.funnels, ...(typed ? [typed] : [])];
  const now = JSON.stringify([id, counts]);
  if (now !== handed) document.dispatchEvent(new CustomEvent("tallies", { detail: { id, counts } }));
  handed = now;
}

function tellState() {
  const people = say(words.people, { n: latest?.people ?? 0 });
  const answers = current && latest?.id === current.id ? ` · ${say(words.answers, { n: latest.answers })}` : "";
  byId("board-state").textContent = people + answers;
  byId("board-count").disabled = !current;
}

// --- showing ---------------------------------------------------------------------------------------------

/** Numbers for a show of hands; for a funnel the one that the room agrees on. */
function countHands() {
  const { id, stages, options, most = 1000 } = current;
  const inputs = (stages ?? options).map(({ value, label }) =>
    html("label", { text: label }, html("input", { type: "number", min: 0, max: most, value: counted.get(id)?.[value] ?? (stages ? most : 0) })));
  byId("board-options").replaceChildren(...inputs, button(words.done, () => {
    const numbers = inputs.map((label) => clamp(Math.round(Number(label.lastChild.value) || 0), 0, most));
    counted.set(id, stages ? numbers.map((_, stage) => Math.min(...numbers.slice(0, stage + 1))) : Object.fromEntries(options.map(({ value }, place) => [value, numbers[place]])));
    byId("board-hands").close();
    tellStory();
  }));
  byId("board-hands").querySelector("h2").textContent = stages ? words.agreed : words.hands;
  byId("board-hands").showModal();
}

byId("board-count").addEventListener("click", countHands);
byId("board-show").addEventListener("click", () => byId("board-invitation").showModal());
byId("board-renew").addEventListener("click", () => ask("/class/renew", undefined, null).then(tellPhones, () => {}));
for (const dialog of all("dialog")) {
  dialog.addEventListener("keydown", (event) => event.stopPropagation()); // not for the story
  dialog.addEventListener("close", () => document.activeElement.blur()); // Space is the story's again
}
tellState();
stream("/class/board", hear).onopen = tellPhones; // a server that was away has forgotten what it asked
