// The projector of a class: how to join, and who takes part. Asks the phones what the story asks on the screen
// (events "step" and "prediction"), and hands their answers to the story ("tallies"), with hands that were counted.

import { ask } from "./ask.js";
import { byId, html, say } from "./dom.js";
import { isOpen, predictions } from "./story/predictions.js";

const { address, reachable, words } = JSON.parse(byId("board-data").textContent);
const LONGEST = 300; // letters that the server takes
const counted = new Map(); // hands by id of the prediction, by value of the option
let current = null; // prediction on the screen
let text = ""; // its question
let telling = new AbortController();
let handed = ""; // what the story was told last
let latest = null; // what the server said last

const shown = address.replace("http://", "");
const state = html("span", { role: "status" });
const [code, short] = [html("b"), html("b")];
const picture = html("img", { alt: "", width: 400, height: 400 });
const invitation = html("dialog", { class: "invitation", "aria-labelledby": "board-join" },
  html("h2", { id: "board-join", text: words.join }), picture, html("p", { class: "address", text: shown }), html("p", { class: "code" }, code),
  ...(reachable ? [] : [html("p", { class: "notice", text: words.unreachable })]));
const hands = html("dialog", { class: "hands", "aria-labelledby": "board-hands" });
const board = html("aside", { class: "board", "aria-label": words.join });

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
  const { id, kind, most, stages, options } = current;
  return { id, kind, text: cut(text), labels: (stages ?? options).map(({ label }) => cut(label)), ...(most ? { most } : {}), open: isOpen(id) };
}

document.addEventListener("step", ({ detail }) => {
  current = predictions().find(({ id }) => id === detail.id) ?? null;
  text = questionOf(detail.section);
  tellPhones();
  tellState();
});
document.addEventListener("prediction", ({ detail }) => { if (detail.id === current?.id) tellPhones(); });

// --- hearing ---------------------------------------------------------------------------------------------

function follow() {
  const events = new EventSource("/class/board");
  events.onopen = tellPhones; // a server that was away has forgotten what it asked
  events.onmessage = (event) => {
    latest = JSON.parse(event.data);
    if (code.textContent !== latest.code) {
      code.textContent = short.textContent = latest.code;
      picture.src = `/class/code.svg?${latest.code}`;
    }
    tellState();
    tellStory();
  };
}

/** Hands over the answers to the prediction that the phones were asked last. */
function tellStory() {
  const prediction = predictions().find(({ id }) => id === latest?.id);
  if (prediction?.kind === "funnel") tally(prediction.id, latest.funnels);
  else if (prediction) tally(prediction.id, Object.fromEntries(prediction.options.map(({ value }, place) => [value, latest.counts[place] + (counted.get(prediction.id)?.[value] ?? 0)])));
}

function tally(id, counts) {
  const now = JSON.stringify([id, counts]);
  if (now !== handed) document.dispatchEvent(new CustomEvent("tallies", { detail: { id, counts } }));
  handed = now;
}

function tellState() {
  const people = say(words.people, { n: latest?.people ?? 0 });
  const answers = current && latest?.id === current.id ? ` · ${say(words.answers, { n: latest.answers })}` : "";
  state.textContent = people + answers;
  count.disabled = current?.kind !== "choice";
}

// --- showing ---------------------------------------------------------------------------------------------

function button(text, act) {
  const made = html("button", { type: "button", text });
  made.addEventListener("click", act);
  return made;
}

/** Numbers for a show of hands. */
function countHands() {
  const inputs = current.options.map(({ value, label }) =>
    html("label", { text: label }, html("input", { type: "number", min: 0, max: 1000, "data-value": value, value: counted.get(current.id)?.[value] ?? 0 })));
  const { id } = current;
  hands.replaceChildren(html("h2", { id: "board-hands", text: words.hands }), ...inputs, button(words.done, () => {
    counted.set(id, Object.fromEntries([...hands.querySelectorAll("input")].map((input) => [input.dataset.value, Math.max(0, Math.round(Number(input.value) || 0))])));
    hands.close();
    tellStory();
  }));
  hands.showModal();
}

const count = button(words.hands, countHands);
const renew = button(words.renew, () => ask("/class/renew", undefined, null).then(tellPhones, () => {}));
invitation.append(html("form", { method: "dialog" }, renew, html("button", { text: words.done })));
board.append(html("span", { text: shown }), short, state, button(words.show, () => invitation.showModal()), count);
for (const dialog of [invitation, hands]) {
  dialog.addEventListener("keydown", (event) => event.stopPropagation()); // not for the story
  dialog.addEventListener("close", () => document.activeElement.blur()); // Space is the story's again
}
document.querySelector("header").lastElementChild.before(board);
document.body.append(invitation, hands);
tellState();
follow();
