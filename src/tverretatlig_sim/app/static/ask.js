// Asking the server, which may be gone for a while: #lost says so until it is back, and what was asked for comes.

const PAUSE = 1500; // milliseconds
const AWAY = new Set([502, 503, 504]);

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

function lost(away) {
  const sentence = document.getElementById("lost");
  if (sentence) sentence.hidden = !away;
}
