// What the reader does: buttons, keys, tabs, the address.

import { findFunction, readAddress } from "./address.js";
import { byId } from "./dom.js";
import { closeDrawer } from "./drawer.js";
import { listenToKeys, showHelp } from "./keys.js";
import { showOpcodes } from "./opcodes.js";
import { showStencil } from "./stencil.js";
import { toggleTheme } from "./theme.js";

export class Controls {
  constructor(app) {
    this.app = app;
    this.actions = this.#actions();
  }

  listen() {
    addEventListener("hashchange", () => this.#toAddress());
    byId("drawer-close").addEventListener("click", closeDrawer);
    byId("show-opcodes").addEventListener("click", () => this.app.view && showOpcodes(this.app.view));
    byId("show-help").addEventListener("click", () => showHelp(this.actions));
    byId("show-bytes").addEventListener("click", () => this.toggle("show-bytes", "with-bytes"));
    byId("show-list").addEventListener("click", () => this.toggle("show-list", "with-list"));
    byId("search").addEventListener("keydown", (event) => event.key === "Enter" && this.#leaveSearch());
    byId("functions").addEventListener("keydown", (event) => this.#inList(event));
    for (const tab of document.querySelectorAll("#tabs [data-tab]"))
      tab.addEventListener("click", () => this.#tab(tab.dataset.tab));
    byId("panes").addEventListener("click", (event) => {
      const button = event.target.closest("[data-stencil]");
      if (button) showStencil(this.app.source, button.dataset.stencil);
    });
    listenToKeys(this.actions);
  }

  #actions() {
    return [
      [
        ["/"],
        "search the functions",
        () => (this.openList(), byId("search").select(), byId("search").focus()),
      ],
      [["j", "k"], "next function, previous function", (key) => this.app.list.step(key === "j" ? 1 : -1)],
      [
        ["n", "p"],
        "next piece, previous piece (pins it)",
        (key) => this.app.panes.step(key === "n" ? 1 : -1),
      ],
      [["Enter"], "the stencil of the pinned piece", () => this.#stencilOfPin()],
      [["o"], "opcodes of this function", () => byId("show-opcodes").click()],
      [["b"], "bytes, with their patched holes", () => byId("show-bytes").click()],
      [["l"], "list of functions, on or off", () => byId("show-list").click()],
      [["t"], "light or dark", toggleTheme],
      [
        ["1", "2", "3"],
        "WebAssembly, linocut, the other engine",
        (key) => this.#tab(["wasm", "ours", "theirs"][key - 1]),
      ],
      [["Escape"], "close, unpin, leave the search", () => this.#escape()],
      [["?"], "this help", () => showHelp(this.actions)],
    ];
  }

  toggle(button, name) {
    const isOn = document.body.classList.toggle(name);
    byId(button).setAttribute("aria-pressed", isOn);
  }

  openList() {
    if (!document.body.classList.contains("with-list")) this.toggle("show-list", "with-list");
  }

  #tab(name) {
    byId("panes").dataset.tab = name;
    for (const tab of document.querySelectorAll("#tabs [data-tab]")) tab.ariaSelected = tab.dataset.tab === name;
    byId(`pane-${name}`).querySelector(".scroller").focus({ preventScroll: true });
  }

  #leaveSearch() {
    this.app.list.openFirst();
    byId("functions").focus({ preventScroll: true });
  }

  #inList(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.app.list.step(step);
  }

  /** A stencil of its own opcodes rather than the moves before it. */
  #stencilOfPin() {
    const pieces = (this.app.panes.pinned?.pieces ?? []).map(
      (number) => this.app.panes.layout.pieces[number].source,
    );
    const names = pieces.flatMap((piece) => piece.code).flatMap((line) => line.stencil?.split("+")[0] ?? []);
    const opcodes = pieces
      .flatMap((piece) => piece.wasm)
      .map((line) => line.text.split(" ")[0].replaceAll(".", "_"));
    const name = names.find((one) => opcodes.some((opcode) => one.startsWith(opcode))) ?? names[0];
    if (name) showStencil(this.app.source, name);
  }

  #escape() {
    if (closeDrawer()) return;
    if (document.activeElement === byId("search") && byId("search").value) {
      byId("search").value = "";
      byId("search").dispatchEvent(new Event("input"));
    } else if (document.activeElement.matches("input, textarea")) {
      document.activeElement.blur();
    } else if (this.app.panes.pinned) {
      this.app.panes.pin(null);
    }
  }

  #toAddress() {
    const { func, piece } = readAddress();
    const entry = findFunction(this.app.module.functions, func);
    if (entry && entry !== this.app.entry) this.app.open(entry, piece);
    else if (entry && piece !== null) this.app.panes.goTo(piece, true);
  }
}
