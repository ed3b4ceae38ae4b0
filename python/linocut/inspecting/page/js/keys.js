// The keyboard: every key with what it does, from which the help is made as well.

import { byId, make } from "./dom.js";
import { openDrawer } from "./drawer.js";

const SIGNS = [
  ["spill", "a value goes to the frame (spill)"],
  ["load", "a value comes from the frame (load)"],
  ["call", "call"],
  ["jump", "jump"],
  ["trap", "trap"],
  ["checks", "a check that may trap"],
];

/** `actions` is a list of [keys, what they do, function]; while one types, only Escape and Enter act. */
export function listenToKeys(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target.matches("input, textarea, select");
    if (isTyping && event.key !== "Escape") return;
    if (event.key === "Enter" && event.target.matches("button, a, summary")) return;
    const action = actions.find(([keys]) => keys.includes(event.key));
    if (!action) return;
    event.preventDefault();
    action[2](event.key);
  });
}

export function showHelp(actions) {
  const names = { Escape: "esc", Enter: "enter", ArrowDown: "↓", ArrowUp: "↑" };
  const keys = actions.flatMap(([pressed, said]) => [
    make(
      "dt",
      {},
      pressed.map((key) => make("kbd", {}, names[key] ?? key)),
    ),
    make("dd", {}, said),
  ]);
  const signs = SIGNS.flatMap(([sign, said]) => [
    make("dt", {}, make("span", { class: `sign ${sign}` })),
    make("dd", {}, said),
  ]);
  openDrawer(
    "Keys and signs",
    make("dl", { class: "facts keys" }, keys),
    make("h3", {}, "Signs"),
    make("dl", { class: "facts keys" }, signs),
    make("h3", {}, "Registers"),
    make("p", { class: "note" }, byId("registers").textContent),
  );
}
