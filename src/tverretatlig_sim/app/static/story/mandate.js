// Meeting time: an hour of meetings a month, and how much of it goes to structure and process.

import { clamp, frame, lines, say, set, svg } from "../dom.js";

export function drawMandate({ figure, cast, doc, words, value }) {
  const shares = doc.pair?.a.talk ?? [];
  const minutes = shares.map((share) => Math.round(60 * (share ?? 0)));
  const label = say(words["story.mandate.chart"], { first: minutes[0] ?? "?", last: minutes.at(-1) ?? "?" });
  const { w, h, u, narrow, root } = frame(figure, shares.length ? label : words["story.mandate.ask"]);
  const left = 2.6 * u;
  const right = w - (narrow ? 0.4 : 5) * u;
  const [top, base] = [1.6 * u, h - 1.8 * u];
  const months = doc.pair?.months ?? 91;
  const step = (right - left) / months;
  const y = (minute) => base - ((base - top) * minute) / 60;
  root.append(svg("rect", { x: left, y: top, width: right - left, height: base - top, class: "hour" }));
  for (const minute of [0, 15, 30, 45, 60])
    root.append(svg("line", { x1: left, x2: right, y1: y(minute), y2: y(minute), class: "grid" }),
      svg("text", { x: left - 0.5 * u, y: y(minute) + 0.3 * u, "text-anchor": "end", class: "small", text: minute }));
  const bars = shares.map((share, month) => svg("rect", { x: left + month * step, width: Math.max(1, step - 1), class: "talk" }));
  const guess = value === null || value === undefined ? [] : [
    svg("line", { x1: left, x2: right, y1: y(value), y2: y(value), class: "guess" }),
    narrow
      ? svg("text", { x: right, y: y(60) + 1.2 * u, "text-anchor": "end", class: "small guessed", text: `- - ${words["story.yours"]}` })
      : lines(words["story.yours"], 10, { x: right + 0.5 * u, y: y(value), class: "small guessed" }, 1.05 * u, true),
  ];
  const names = [["matter", 50], ["talk", 3]].map(([kind, minute]) =>
    svg("text", { x: left + 0.7 * u, y: y(minute), class: `strong key-${kind}`, text: words[`story.mandate.${kind}`] }));
  const when = svg("text", { x: left, y: h - 0.4 * u, class: "small" });
  root.append(...bars, ...(shares.length ? names : names.slice(0, 0)), ...guess, when);
  return (t) => {
    const now = t * months;
    bars.forEach((bar, month) => {
      const height = (base - y(0) + (y(0) - y(60 * (shares[month] ?? 0)))) * clamp(now - month, 0, 1);
      set(bar, { height, y: base - height });
    });
    when.textContent = t > 0 && cast ? say(words["story.mandate.month"], { n: Math.max(1, Math.round(now)), months }) : "";
  };
}
