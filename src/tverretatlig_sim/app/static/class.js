// A phone in a class: the question on the projector, and buttons or sliders to answer it.

import { follow } from "./ask.js";
import { all, button, byId, html, press } from "./dom.js";

const words = JSON.parse(byId("data").textContent);
let drawn = ""; // id of the question on the page
let latest = null; // what the server said last
let sending = Promise.resolve();

function show(now) {
  latest = now;
  const { question, mine } = now;
  if ((question?.id ?? "") !== drawn) draw(question, mine);
  if (!question) return;
  for (const control of byId("answer").elements) control.disabled = !question.open;
  if (question.kind === "choice") press(all("button", byId("answer")), mine);
  if (!question.open) byId("said").textContent = words.closed;
  else byId("said").textContent = mine === null ? "" : words.sent;
}

function draw(question, mine) {
  drawn = question?.id ?? "";
  byId("question").textContent = question?.text ?? words.wait;
  byId("said").textContent = "";
  if (!question) byId("answer").replaceChildren();
  else if (question.kind === "choice") drawChoice(question);
  else drawFunnel(question, mine);
}

function drawChoice(question) {
  byId("answer").replaceChildren(...question.labels.map((text, place) => button(text, () => send(place))));
}

/** A slider for each stage but the first, which is given; what does not get to one cannot get to the next. */
function drawFunnel({ labels, most }, mine) {
  const sliders = labels.map((_, place) => html("input", { type: "range", id: `stage-${place}`, min: 0, max: most, value: mine?.[place] ?? most }));
  const told = sliders.map((slider) => html("output", { for: slider.id }));
  const tell = () => told.forEach((output, place) => { output.textContent = sliders[place].value; });
  sliders.forEach((slider, moved) => slider.addEventListener("input", () => {
    const now = Number(slider.value);
    sliders.forEach((other, place) => { other.value = place < moved ? Math.max(now, other.value) : Math.min(now, other.value); });
    tell();
  }));
  const stages = labels.map((text, place) => html("div", { class: "stage" }, html("label", { for: `stage-${place}`, text }), told[place], ...(place ? [sliders[place]] : [])));
  const done = button(words.send, () => send(sliders.map((slider) => Number(slider.value))), { class: "send" });
  byId("answer").replaceChildren(...stages, done);
  tell();
}

/** One after the other, so that the answer given last is the one that counts. */
function send(value) {
  const id = drawn;
  sending = sending.then(() => deliver(id, value));
}

async function deliver(id, value) {
  const body = JSON.stringify({ id, value });
  const answer = await fetch("/class/answer", { method: "POST", body }).catch(() => null);
  if (id !== drawn) return;
  if (answer?.ok) show({ ...latest, mine: value });
  else byId("said").textContent = answer ? await answer.text() : words.failed;
}

// Refused, so there is a new code: the page asks for it.
follow("/class/follow", show, () => location.reload());
