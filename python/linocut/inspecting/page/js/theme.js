// Light, dark, or what the system says: the toggle turns round what is seen now.

import { byId } from "./dom.js";

const KEY = "linocut-theme";

export function startTheme() {
  apply(remembered());
  byId("theme").addEventListener("click", toggleTheme);
}

export function toggleTheme() {
  const wanted = isDark() ? "light" : "dark";
  apply(wanted);
  try {
    localStorage.setItem(KEY, wanted);
  } catch {
    // A sandboxed frame has no storage: the choice lasts as long as the page.
  }
}

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function apply(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
}
