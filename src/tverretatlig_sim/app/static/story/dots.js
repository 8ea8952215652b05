// Many histories as dots that fall into a distribution: the first arrangement upwards, the second below.

import { clamp, ease, frame, say, svg } from "../dom.js";

export function drawDots({ figure, doc, words, open }) {
  const pair = doc.pair;
  const sides = ["a", "b"].map((side) => pair?.[side]);
  const told = (it) => say(words["story.luck.chart"], { title: it.title, counts: [...countsOf(it.implemented)].map(([n, count]) => `${n}: ${count}`).join(", ") });
  const { w, h, u, narrow, root } = frame(figure, pair && !open ? sides.map(told).join(" ") : words["story.luck.title"]);
  if (!pair) return () => {};
  const most = Math.max(...sides.flatMap((it) => it.implemented)) + 1;
  const [left, right] = [0.5 * u, w - 0.5 * u];
  const middle = h * 0.5;
  const column = (right - left) / (most + 1);
  const x = (n) => left + column * (n + 0.5);
  const highest = Math.max(...sides.flatMap((it) => [...countsOf(it.implemented).values()]));
  const room = middle - 2.3 * u;
  const across = Math.max(1, Math.round(Math.sqrt((highest * column) / room)));
  const size = Math.min(column / (across + 0.6), room / Math.ceil(highest / across));
  const dots = sides.flatMap(({ implemented }, side) => implemented.map((n, run) => {
    const place = implemented.slice(0, run).filter((other) => other === n).length;
    const [across_, up] = [place % across, Math.floor(place / across)];
    const mine = side === 0 && run === pair.run;
    const target = [x(n) + (across_ - (across - 1) / 2) * size, middle + (side ? 1 : -1) * (0.95 * u + (up + 0.5) * size)];
    return { side, run, target, from: side ? h + size : -size, dot: svg("circle", { cx: target[0], r: mine ? size * 0.62 : size * 0.42, class: mine ? "dot mine" : `dot ${"ab"[side]}` }) };
  }));
  const [own] = dots.filter((it) => it.dot.classList.contains("mine"));
  const others = dots.filter((it) => it !== own);
  const arrow = svg("g", { class: "mine" },
    svg("line", { x1: own.target[0], x2: own.target[0], y1: own.target[1] - size, y2: own.target[1] - 2.2 * u }),
    svg("text", { x: clamp(own.target[0], 5 * u, w - 5 * u), y: own.target[1] - 2.6 * u, "text-anchor": "middle", class: "small strong", text: words["story.luck.here"] }));
  const axis = Array.from({ length: most + 1 }, (_, n) => svg("text", { x: x(n), y: middle + 0.32 * u, "text-anchor": "middle", class: "small", text: narrow && n % 2 ? "" : n }));
  const names = sides.map((it, side) => svg("text", { x: side ? left : right, y: side ? h - 0.5 * u : 1.1 * u, "text-anchor": side ? "start" : "end", class: `strong name ${"ab"[side]}`, text: it.title }));
  const what = svg("text", { x: right, y: h - (narrow ? 1.7 : 0.5) * u, "text-anchor": "end", class: "small", text: words["story.luck.axis"] });
  root.append(svg("rect", { x: left, y: middle - 0.75 * u, width: right - left, height: 1.5 * u, class: "axis" }), ...axis, what,
    ...(open ? [] : [...names, ...others.map((it) => it.dot)]), own.dot, arrow);
  return (t) => {
    for (const { side, run, from, target, dot } of others) {
      const begins = side * 0.45 + (0.35 * run) / pair.a.implemented.length;
      const fallen = ease(t, begins, begins + 0.2);
      dot.setAttribute("cy", from + (target[1] - from) * fallen);
      dot.style.opacity = fallen > 0 ? "1" : "0";
    }
    const y = t === 0 ? middle - 0.95 * u - size / 2 : own.target[1];
    own.dot.setAttribute("cy", y);
    arrow.setAttribute("transform", `translate(0 ${y - own.target[1]})`);
  };
}

function countsOf(values) {
  const counts = new Map();
  for (const value of [...values].sort((p, q) => p - q)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
