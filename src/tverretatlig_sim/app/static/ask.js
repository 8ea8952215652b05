// Asking the server, which may be gone for a while: #lost says so until it is back, and what was asked for comes.

import { byId, notify } from "./dom.js";

const PAUSE = 1500; // milliseconds
const LATER = 3000; // milliseconds until a stream that was refused is asked for again
const AWAY = new Set([502, 503, 504]);
const lost = (away) => { byId("lost").hidden = !away; };
let asking = new AbortController();

/** The document at an address, such as "view?seed=2", to which something may be sent. Fails when it is refused, or
 * no longer wanted. */
export async function ask(address, signal, sent) {
  const how = sent === undefined ? { signal } : { signal, method: "POST", body: JSON.stringify(sent) };
  for (;;) {
    const answer = await fetch(address, how).catch((error) => {
      if (signal?.aborted) throw error;
      return null;
    });
    lost(!answer || AWAY.has(answer.status));
    if (answer?.ok) return answer.status === 204 ? null : answer.json();
    if (answer && !AWAY.has(answer.status)) throw new Error(await answer.text());
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    signal?.throwIfAborted();
  }
}

/** Do work(signal) instead of what was being done so far; meanwhile the page is busy, and it says what fails. */
export async function instead(work) {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  document.body.setAttribute("aria-busy", "true");
  try {
    await work(signal);
  } catch (error) {
    if (error.name !== "AbortError") notify([error.message]);
  } finally {
    if (!signal.aborted) document.body.removeAttribute("aria-busy");
  }
}

/** Documents as the server sends them, until the stream is closed. */
export function stream(address, hear) {
  const events = new EventSource(address);
  events.onmessage = ({ data }) => hear(JSON.parse(data));
  return events;
}

/** A stream that goes on where it broke off; once it is refused, again() is called later. */
export function follow(address, hear, again) {
  const events = stream(address, hear);
  events.onopen = () => lost(false);
  events.onerror = () => {
    lost(true);
    if (events.readyState === EventSource.CLOSED) setTimeout(again, LATER);
  };
  return events;
}
