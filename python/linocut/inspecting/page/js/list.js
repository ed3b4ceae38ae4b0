// The functions: searched, sorted, and only as many in the document as are in sight.

import { byId, make } from "./dom.js";
import { Rows, rowOf } from "./rows.js";
import { count, engineName, plural, seconds, signed, title } from "./words.js";

const ROW = 40;

const difference = (f) => f.code_bytes - f.against_bytes;

// Name → which functions come first; those that a sort knows nothing of come last.
const SORTS = {
  index: (a, b) => a.function - b.function,
  name: (a, b) => title(a).localeCompare(title(b)) || a.function - b.function,
  size: (a, b) => b.code_bytes - a.code_bytes,
  against: (a, b) => isMissing(a) - isMissing(b) || difference(b) - difference(a),
  time: (a, b) => (b.seconds ?? -1) - (a.seconds ?? -1),
};

const isMissing = (f) => f.against_bytes === null;

export class FunctionList {
  constructor(onOpen) {
    this.onOpen = onOpen;
    this.functions = [];
    this.shown = [];
    this.current = null;
    this.scroller = byId("functions");
    this.rows = new Rows(this.scroller, ROW, (at) => this.#row(at));
    this.search = byId("search");
    this.sort = byId("sort");
    this.search.addEventListener("input", () => this.#choose());
    this.sort.addEventListener("change", () => {
      this.sort.dataset.chosen = "yes";
      this.#choose();
    });
    this.scroller.addEventListener("click", (event) => this.#open(rowOf(event)));
  }

  /** `holds` tells which functions can be opened. */
  show(module, holds) {
    this.module = module;
    this.functions = module.functions;
    this.holds = holds;
    this.largest = this.functions.reduce((most, f) => Math.max(most, f.code_bytes), 1);
    this.#offer(
      "against",
      module.functions.some((f) => f.against_bytes !== null),
      () => `by bytes against ${engineName(module.against)}`,
    );
    this.#offer(
      "time",
      module.functions.some((f) => f.seconds !== undefined),
      () => "by time",
    );
    if (!this.sort.dataset.chosen) this.sort.value = this.functions.every(holds) ? "index" : "size";
    this.#choose();
  }

  #offer(sort, isKnown, text) {
    const option = this.sort.querySelector(`[value=${sort}]`);
    option.hidden = option.disabled = !isKnown;
    if (isKnown) option.textContent = text();
  }

  #choose() {
    const wanted = this.search.value.trim().toLowerCase();
    const found = wanted ? this.functions.filter((f) => matches(f, wanted)) : [...this.functions];
    this.shown = found.sort(SORTS[this.sort.value]);
    const all = plural(this.functions.length, "function");
    byId("found").textContent = wanted ? `${count(found.length)} of ${all}` : all;
    this.rows.reset(found.length);
    this.#mark();
  }

  /** Mark the function that is open, and bring it into sight. */
  select(entry) {
    this.current = entry;
    this.#mark();
    const at = this.shown.indexOf(entry);
    if (at >= 0) this.rows.reveal(at);
  }

  #mark() {
    this.rows.redraw();
    const isShown = this.shown.includes(this.current);
    if (isShown) this.scroller.setAttribute("aria-activedescendant", `function-${this.current.function}`);
    else this.scroller.removeAttribute("aria-activedescendant");
  }

  /** Open the next function of the list (step 1), the one before (-1), or the first if none is open. */
  step(step) {
    const at = this.shown.indexOf(this.current);
    this.#open(at < 0 ? 0 : at + step);
  }

  openFirst() {
    this.#open(this.shown.includes(this.current) ? this.shown.indexOf(this.current) : 0);
  }

  #open(at) {
    const entry = this.shown[at];
    if (entry) this.onOpen(entry);
  }

  #row(at) {
    const f = this.shown[at];
    const isCurrent = f === this.current;
    const share = Math.sqrt(f.code_bytes / this.largest);
    const bar = make("span", { class: "bar" });
    bar.style.setProperty("--share", share);
    return make(
      "div",
      {
        class: "entry",
        role: "option",
        id: `function-${f.function}`,
        "aria-selected": isCurrent,
        "data-held": this.holds(f),
      },
      make("span", { class: "entry-name" }, title(f)),
      make("span", { class: "entry-size" }, count(f.code_bytes)),
      make("span", { class: "entry-more" }, this.#more(f)),
      againstSpan(f),
      bar,
    );
  }

  #more(f) {
    const exported = f.name !== null && f.exports.length ? [`"${f.exports[0]}"`] : [];
    const time = f.seconds === undefined ? [] : [seconds(f.seconds)];
    const held = this.holds(f) ? [] : ["not in this page"];
    const index = f.name !== null || f.exports.length ? [`#${f.function}`] : [];
    const wasm = [`${count(f.wasm_bytes)} B wasm`];
    return [...index, ...time, ...held, ...wasm, ...exported].join(" · ");
  }
}

function againstSpan(f) {
  if (isMissing(f)) return null;
  const more = difference(f);
  return make("span", { class: more > 0 ? "entry-against more" : "entry-against" }, signed(more));
}

function matches(f, wanted) {
  const names = [f.name === null ? "" : `$${f.name}`, ...f.exports];
  return String(f.function) === wanted || names.some((name) => name.toLowerCase().includes(wanted));
}
