// Who is there: the child among thirteen agencies, and faces round a table with those who have no seat.

import { around, ease, frame, html, lines, press, roving, say, svg } from "../dom.js";
import { child, clothesOf, face } from "./faces.js";

/** The opening: one child, and a tangle of lines to everybody who holds a part of the answer. */
export function drawOpening({ figure, cast, words }) {
  const { w, h, u, narrow, root } = frame(figure, words["story.opening.title"]);
  const clothes = clothesOf(cast.agencies);
  const size = ((narrow ? 1.7 : 2.5) * u) / 40;
  const [cx, cy, rx, ry] = [w / 2, h / 2 - 0.4 * u, w / 2 - (narrow ? 2 : 4) * u, h / 2 - 2.6 * u];
  const places = around(cast.agencies.length, cx, cy, rx, ry, 0.5);
  root.classList.add("tangle");
  const threads = cast.agencies.map((agency, index) => {
    const [x, y] = places[index];
    const angle = Math.atan2((y - cy) / ry, (x - cx) / rx);
    const swing = (far, turn) => `${cx + rx * far * Math.cos(angle + turn)} ${cy + ry * far * Math.sin(angle + turn)}`;
    const side = index % 2 ? 1 : -1;
    const d = `M${x} ${y} C${swing(0.7, 0.9 * side)} ${swing(1.05, 2.2 * side)} ${swing(0.5, 3.4 * side)} S${swing(0.7, 5.2 * side)} ${cx} ${cy}`;
    const path = svg("path", { d, class: "thread", pathLength: 1, stroke: clothes(agency) });
    const who = svg("g", { transform: `translate(${x} ${y}) scale(${size})` }, face(index + 1, { clothes: clothes(agency), mood: 0.2 }));
    const name = svg("text", { x, y: y + 31 * size + 0.75 * u, "text-anchor": "middle", class: "small", text: agency.name });
    return { path, parts: [who, name] };
  });
  const middle = svg("g", { transform: `translate(${cx} ${cy}) scale(${((narrow ? 2.6 : 3.6) * u) / 40})` }, svg("circle", { r: 34, class: "halo" }), child());
  root.append(...threads.map((it) => it.path), ...threads.flatMap((it) => it.parts), middle);
  return (t) => threads.forEach(({ path }, index) => {
    path.style.strokeDashoffset = String(1 - ease(t, index * 0.05, 0.4 + index * 0.05));
  });
}

/** Faces round the table; a chosen one says what its agency does. */
export function drawTable({ figure, cast, words, draft }) {
  const { w, h, u, narrow, root } = frame(figure, words["story.table.title"], "group");
  const clothes = clothesOf(cast.agencies);
  const room = narrow ? { w, h: h - 11.3 * u } : { w: w * 0.74, h };
  const [cx, cy, rx, ry] = [room.w / 2, room.h / 2 - 0.3 * u, room.w / 2 - (narrow ? 1.7 : 2.6) * u, room.h / 2 - (narrow ? 2.2 : 2.6) * u];
  const size = ((narrow ? 1.9 : 2.7) * u) / 40;
  const places = around(cast.agencies.length, cx, cy, rx, ry);
  const told = html("p", { class: "told", "aria-live": "polite", text: words["story.table.pick"] });
  const seats = cast.agencies.map((agency, index) => {
    const [x, y] = places[index];
    const group = svg("g", { role: "button", class: `seat ${agency.part}`, transform: `translate(${x} ${y})`, "aria-label": `${agency.title}: ${agency.task}` },
      svg("circle", { r: 27 * size, class: "ring" }),
      svg("g", { transform: `scale(${size})` }, face(index + 1, { clothes: clothes(agency), mood: { bears: -0.2, works: 0.5, sits: 0.1 }[agency.part] })),
      svg("text", { y: 27 * size + 0.95 * u, "text-anchor": "middle", class: "small", text: agency.name }));
    return { agency, group };
  });
  const top = svg("ellipse", { cx, cy: cy + 0.5 * u, rx: rx - (narrow ? 2.3 : 3.6) * u, ry: Math.max(1.6 * u, ry - (narrow ? 2.6 : 2.7) * u), class: "tabletop" });
  const [wide, high] = narrow ? [8.8 * u, 5.4 * u] : [18 * u, 4 * u];
  const card = svg("g", { class: "card" },
    svg("rect", { x: cx - wide / 2, y: cy + 0.5 * u - high / 2, width: wide, height: high, rx: 0.3 * u }),
    lines(cast.title, narrow ? 16 : 27, { x: cx, y: cy + 0.5 * u, "text-anchor": "middle" }, (narrow ? 1 : 1.15) * u, true));
  root.append(top, card, ...seats.map((it) => it.group), outside(cast, words, narrow ? { x: 0, y: h - 10.9 * u, w, h: 10.9 * u, across: 3 } : { x: w * 0.76, y: 0.2 * u, w: w * 0.24, h: h - 0.4 * u, across: 2 }, u));
  const foot = figure.parentElement.querySelector(".foot");
  foot.querySelector(".told")?.remove();
  foot.prepend(told);
  const choose = (index) => {
    draft.chosen = index;
    press(seats.map((it) => it.group), index);
    const { agency } = seats[index];
    told.textContent = `${say(words["story.table.agency"], agency)} – ${words[`story.part.${agency.part}`]}.`;
  };
  roving(root, seats.map((it) => it.group), choose);
  if (draft.chosen !== undefined) choose(draft.chosen);
  return (t) => root.classList.toggle("known", t > 0.5);
}

/** A fenced place with those who are not at the table. */
function outside(cast, words, { across, ...place }, u) {
  const down = Math.ceil(cast.outside.length / across);
  const people = cast.outside.map((name, index) => {
    const x = place.x + (place.w * ((index % across) + 0.5)) / across;
    const y = place.y + 2 * u + ((place.h - 2.2 * u) * (Math.floor(index / across) + 0.34)) / down;
    const who = index === 0 ? child() : face(20 + index, { mood: -0.1 });
    return svg("g", { class: "absent", transform: `translate(${x} ${y})` },
      svg("g", { transform: `scale(${((across === 3 ? 1.7 : 2.4) * u) / 40})` }, who),
      lines(name, across === 3 ? 18 : 14, { x: 0, y: (across === 3 ? 2 : 2.6) * u, "text-anchor": "middle", class: "small" }, 0.85 * u));
  });
  return svg("g", {},
    svg("rect", { x: place.x + 2, y: place.y, width: place.w - 4, height: place.h, rx: 0.6 * u, class: "fence" }),
    svg("text", { x: place.x + place.w / 2, y: place.y + 1.3 * u, "text-anchor": "middle", class: "small strong", text: words["story.outside"] }),
    ...people);
}
