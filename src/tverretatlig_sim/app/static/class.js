// A phone in a class: the question on the projector, and buttons or sliders to answer it.

import { byId, html } from "./dom.js";

const RELOAD = 3000; // milliseconds
const words = JSON.parse(byId("data").textContent);
let drawn = ""; // id of the question on the page
let latest = null; // what the server said last

function follow() {
  const events = new EventSource("/class/follow");
  events.onopen = () => { byId("lost").hidden = true; };
  events.onmessage = (event) => show(JSON.parse(event.data));
  events.onerror = () => {
    byId("lost").hidden = false;
    // Refused, so there is a new code: the page asks for it.
    if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), RELOAD);
  };
}

function show(now) {
  latest = now;
  const { question, mine } = now;
  if ((question?.id ?? "") !== drawn) draw(question, mine);
  if (!question) return;
  for (const control of byId("answer").elements) control.disabled = !question.open;
  byId("answer").querySelectorAll("[aria-pressed]").forEach((button, place) => button.setAttribute("aria-pressed", String(place === mine)));
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
  byId("answer").replaceChildren(...question.labels.map((text, place) => {
    const button = html("button", { type: "button", "aria-pressed": "false", text });
    button.addEventListener("click", () => send(place));
    return button;
  }));
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
  const button = html("button", { type: "button", class: "send", text: words.send });
  button.addEventListener("click", () => send(sliders.map((slider) => Number(slider.value))));
  byId("answer").replaceChildren(...stages, button);
  tell();
}

async function send(value) {
  const body = JSON.stringify({ id: drawn, value });
  const asked = latest;
  const answer = await fetch("/class/answer", { method: "POST", body }).catch(() => null);
  if (latest.question?.id !== asked.question.id) return;
  if (answer?.ok) show({ ...latest, mine: value });
  else byId("said").textContent = answer ? await answer.text() : words.failed;
}

follow();
