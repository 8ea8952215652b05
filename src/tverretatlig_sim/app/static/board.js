// The projector of a class: how to join, and who takes part. Asks the phones what the story asks on the screen
// (events "step" and "prediction"), and hands their answers to the story ("tallies"), with hands that were counted.

import { ask, stream } from "./ask.js";
import { all, button, byId, html, say } from "./dom.js";
import { predictions } from "./story/predictions.js";

const words = JSON.parse(byId("board-data").textContent);
const LONGEST = 300; // letters that the server takes
const counted = new Map(); // hands by id of the prediction, by value of the option
let current = null; // prediction on the screen
let text = ""; // its question
let telling = new AbortController();
let handed = ""; // what the story was told last
let latest = null; // what the server said last

// --- asking ----------------------------------------------------------------------------------------------

/** The phones show what is on the screen; what was to be told before is no longer wanted. */
function tellPhones() {
  telling.abort();
  telling = new AbortController();
  ask("/class/ask", telling.signal, { question: current && question() }).catch(() => {});
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
  const counts = options ? Object.fromEntries(options.map(({ value }, place) => [value, latest.counts[place] + (counted.get(id)?.[value] ?? 0)])) : latest.funnels;
  const now = JSON.stringify([id, counts]);
  if (now !== handed) document.dispatchEvent(new CustomEvent("tallies", { detail: { id, counts } }));
  handed = now;
}

function tellState() {
  const people = say(words.people, { n: latest?.people ?? 0 });
  const answers = current && latest?.id === current.id ? ` · ${say(words.answers, { n: latest.answers })}` : "";
  byId("board-state").textContent = people + answers;
  byId("board-count").disabled = current?.kind !== "choice";
}

// --- showing ---------------------------------------------------------------------------------------------

/** Numbers for a show of hands. */
function countHands() {
  const inputs = current.options.map(({ value, label }) =>
    html("label", { text: label }, html("input", { type: "number", min: 0, max: 1000, "data-value": value, value: counted.get(current.id)?.[value] ?? 0 })));
  const { id } = current;
  byId("board-options").replaceChildren(...inputs, button(words.done, () => {
    counted.set(id, Object.fromEntries(inputs.map((label) => label.lastChild).map((input) => [input.dataset.value, Math.max(0, Math.round(Number(input.value) || 0))])));
    byId("board-hands").close();
    tellStory();
  }));
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
