// Faces: people drawn from a number, so the same agency always has the same face.

import { svg } from "../dom.js";

const SKIN = ["#f2cdae", "#e5b48d", "#c98e65", "#9c6644", "#f7dcc4"];
const HAIR = ["#3b2a22", "#7a4a26", "#c9923e", "#22252b", "#8d8d92", "#a5502f"];
const STYLES = [
  "M-15 -3 C-17 -22 17 -22 15 -3 C12 -11 4 -13 -2 -12 C-8 -12 -13 -9 -15 -3Z",
  "M-15 8 C-20 -24 20 -24 15 8 C19 -2 14 -12 6 -12 C-2 -12 -10 -12 -11 -4 C-12 2 -13 5 -15 8Z",
  "M-15 -4 C-15 -20 -4 -20 0 -18 C6 -22 17 -16 15 -4 C13 -10 8 -9 4 -12 C-2 -8 -11 -11 -15 -4Z",
  "M-14 -6 C-12 -19 12 -19 14 -6 C6 -10 -6 -10 -14 -6Z",
  "M-16 14 C-20 -25 20 -25 16 14 L12 14 C14 2 13 -6 9 -10 C2 -7 -6 -8 -10 -10 C-13 -6 -14 2 -12 14Z",
];

/** A face of 40 × 52 units round (0, 0), from head to shoulders; mood from −1 to 1. */
export function face(seed, { clothes = "var(--muted)", mood = 0.3, small = false } = {}) {
  const pick = (list, turn) => list[(seed * turn + (seed >> 1)) % list.length];
  const bend = 5 * mood;
  const parts = [
    svg("path", { class: "clothes", d: "M-20 30 C-19 17 -10 15 0 15 C10 15 19 17 20 30Z", fill: clothes }),
    svg("path", { d: "M-5 8 H5 V17 C2 20 -2 20 -5 17Z", fill: pick(SKIN, 3), opacity: 0.85 }),
    svg("ellipse", { cx: 0, cy: -1, rx: 13.5, ry: 15, fill: pick(SKIN, 3) }),
    svg("path", { d: pick(STYLES, 7), fill: pick(HAIR, 5) }),
    svg("circle", { cx: -5, cy: 0, r: 1.6, fill: "#22252b" }),
    svg("circle", { cx: 5, cy: 0, r: 1.6, fill: "#22252b" }),
    svg("path", { class: "mouth", d: `M-5 7 Q0 ${7 + bend} 5 7`, fill: "none", stroke: "#22252b", "stroke-width": 1.6, "stroke-linecap": "round" }),
  ];
  if (!small && seed % 4 === 1)
    parts.push(svg("path", { d: "M-9 0 a4 4 0 1 0 8 0 a4 4 0 1 0 -8 0 M1 0 a4 4 0 1 0 8 0 a4 4 0 1 0 -8 0 M-1 -1 H1", fill: "none", stroke: "#22252b", "stroke-width": 1 }));
  return svg("g", { class: "face" }, ...parts);
}

/** A child: smaller, rounder, with a school bag. */
export function child(mood = -0.5) {
  const drawn = face(2, { clothes: "var(--gold)", mood, small: true });
  drawn.prepend(svg("rect", { x: -16, y: 14, width: 32, height: 20, rx: 7, fill: "var(--b)" }));
  return drawn;
}

/** Colours of clothes by ministry, so that those of one line are seen to belong together. */
const CLOTHES = ["#3d6f9e", "#8a5a9b", "#3f8f6b", "#c56a3a", "#6b7785", "#b0486b", "#7f8a2f"];
export const clothesOf = (agencies) => {
  const ministries = [...new Set(agencies.map((agency) => agency.ministry))];
  return (agency) => CLOTHES[ministries.indexOf(agency.ministry) % CLOTHES.length];
};
