// Puts the parts together; everything that happens on the page passes through here.

import { findFunction, readAddress, writeAddress } from "./address.js";
import { Controls } from "./controls.js";
import { NARROW, byId, make } from "./dom.js";
import { Editor } from "./editor.js";
import { showHeadline } from "./headline.js";
import { FunctionList } from "./list.js";
import { Panes } from "./panes.js";
import { openSource, readHead } from "./source.js";
import { showStrip } from "./strip.js";
import { startTheme } from "./theme.js";
import { count, engineName, plural, title } from "./words.js";

const PATIENCE = 500; // milliseconds before it is said that a large function takes its time
const POLL = 700; // milliseconds between two questions for the other engine's sizes

class App {
  constructor() {
    this.head = readHead();
    this.source = openSource(this.head);
    this.entry = this.view = null;
    this.turn = 0; // of the function that was asked for last: answers for others come too late
    this.list = new FunctionList((entry) => this.#chosen(entry));
    this.panes = new Panes({
      onPin: (mark, isQuiet) => isQuiet || this.#pinned(mark),
      onHover: (mark) => showStrip(mark, this.panes.layout, this.view),
    });
    this.controls = new Controls(this);
  }

  async start() {
    startTheme();
    if (!matchMedia(NARROW).matches) this.controls.openList();
    this.controls.listen();
    await this.load();
    if (this.head.server) new Editor(this).start();
  }

  /** Read the module, list its functions; open the one that was open, that the address names, or another. */
  async load() {
    this.module = await this.source.module();
    this.#nameModule();
    this.list.show(this.module, (entry) => this.source.holds(entry));
    document.body.classList.toggle("is-single", this.module.functions.length < 2 && !this.head.server);
    const again = this.#again();
    const { func, piece } = readAddress();
    const entry = again ?? findFunction(this.module.functions, func) ?? this.#first();
    if (entry) await this.open(entry, again ? null : piece);
    else this.say("This module defines no functions.");
    if (this.head.server && this.module.against) this.#pollSizes(this.source.id);
  }

  /** The function that was open before the module was compiled again, by its name or else its index. */
  #again() {
    const { functions } = this.module,
      before = this.entry;
    if (!before) return null;
    const named = before.name === null ? null : functions.find((f) => f.name === before.name);
    return named ?? functions.find((f) => f.function === before.function);
  }

  /** The largest that the page holds; a server would take long to make it, and gives the first. */
  #first() {
    if (this.head.server) return this.module.functions[0];
    const held = this.module.functions.filter((f) => this.source.holds(f));
    return held.reduce((most, f) => (f.code_bytes > most.code_bytes ? f : most), held[0]);
  }

  #nameModule() {
    const { file, functions, wasm_bytes, code_bytes, against } = this.module;
    document.title = `${file} · linocut`;
    byId("file").textContent = file;
    const versus = against ? ` · against ${engineName(against)}` : "";
    byId("module-facts").textContent =
      `${plural(functions.length, "function")} · ${count(wasm_bytes)} B wasm → ${count(code_bytes)} B code${versus}`;
  }

  /** Where the list lies over the panes, it has done its work. */
  #chosen(entry) {
    this.open(entry);
    if (matchMedia(NARROW).matches) this.controls.toggle("show-list", "with-list");
  }

  async open(entry, piece = null) {
    const turn = ++this.turn;
    this.entry = entry;
    this.list.select(entry);
    writeAddress(entry.function, piece);
    const patience = setTimeout(() => this.#sayBusy(entry, turn), PATIENCE);
    try {
      const view = await this.source.view(entry);
      if (turn !== this.turn) return;
      if (view) this.#show(view, piece);
      else this.#sayMissing(entry);
    } catch (error) {
      if (turn === this.turn) this.say(String(error.message));
    } finally {
      clearTimeout(patience);
    }
  }

  #sayBusy(entry, turn) {
    if (turn === this.turn) notice(make("p", {}, `Disassembling ${title(entry)}: ${count(entry.code_bytes)} B …`));
  }

  #show(view, piece) {
    this.view = view;
    byId("main").classList.remove("is-empty");
    byId("notice").hidden = true;
    showHeadline(view, view.absent ?? this.module.absent);
    this.panes.show(view);
    showStrip(null);
    if (piece !== null) this.panes.goTo(piece, true);
    document.body.dataset.shown = view.function;
  }

  /** A sentence where the function would be, and a command that helps. */
  say(text, command) {
    notice(make("p", {}, text), ...(command ? [make("code", {}, command)] : []));
    document.body.dataset.shown = "";
  }

  #sayMissing(entry) {
    const text = `${title(entry)} is not in this page, which holds only some of the module's functions.`;
    this.say(text, `linocut inspect ${this.module.file} --func ${entry.function} --html OUT`);
  }

  #pinned(mark) {
    writeAddress(this.entry.function, mark?.pieces[0] ?? null);
  }

  async #pollSizes(id) {
    for (;;) {
      const { state, sizes } = await this.source.sizes();
      if (id !== this.source.id) return;
      if (state !== "working") {
        for (const f of this.module.functions) f.against_bytes = sizes[f.function] ?? null;
        this.list.show(this.module, (entry) => this.source.holds(entry));
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, POLL));
    }
  }
}

function notice(...content) {
  byId("main").classList.add("is-empty");
  byId("notice").replaceChildren(...content);
  byId("notice").hidden = false;
}

const app = new App();
app.start().catch((error) => app.say(`This page cannot be shown: ${error.message}`));
