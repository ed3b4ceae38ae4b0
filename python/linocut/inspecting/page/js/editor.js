// The text of the module, compiled again at every pause; only where a server runs.

import { NARROW, byId, make } from "./dom.js";
import { paintWat } from "./syntax.js";

const MOST_PAINTED = 1e5; // letters: colours for more would make each key slow
const PAUSE = 250; // milliseconds without a key before the text is compiled

export class Editor {
  #timer = 0;
  #request = null;

  constructor(app) {
    this.app = app;
    this.area = byId("text");
    this.paint = byId("text-paint");
  }

  /** Modules that are no text have nothing to edit. */
  async start() {
    const { text } = await this.app.source.text();
    if (text === null) return;
    byId("show-text").hidden = false;
    if (!matchMedia(NARROW).matches) this.#toggle();
    byId("show-text").addEventListener("click", () => this.#toggle());
    this.area.value = text;
    this.#repaint();
    this.area.addEventListener("input", () => this.#changed());
    this.area.addEventListener("scroll", () => this.#scroll(), { passive: true });
    this.area.addEventListener("keydown", (event) => this.#key(event));
  }

  #toggle() {
    byId("show-text").setAttribute("aria-pressed", document.body.classList.toggle("with-editor"));
  }

  #changed() {
    this.#repaint();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#compile(), PAUSE);
  }

  async #compile() {
    this.#request?.abort();
    const request = (this.#request = new AbortController());
    try {
      const answer = await this.app.source.compile(this.area.value, request.signal);
      this.#tell(answer);
      if (answer.module) await this.app.load();
    } catch (error) {
      if (error.name !== "AbortError")
        this.#tell({ error: `no answer from linocut explore: ${error.message}` });
    }
  }

  /** What is wrong, with its line; or that nothing is. */
  #tell({ error, line }) {
    const said = byId("text-error");
    said.hidden = !error;
    said.textContent = error ? `${line ? `line ${line}: ` : ""}${error}` : "";
    this.wrong = error ? line : null;
    document.body.dataset.compiled = error ? "no" : "yes";
    this.#repaint();
  }

  #repaint() {
    const isLong = this.area.value.length > MOST_PAINTED;
    this.area.classList.toggle("plain", isLong);
    const lines = (isLong ? "" : this.area.value)
      .split("\n")
      .map((line, at) => make("div", { class: at + 1 === this.wrong ? "wrong" : "" }, paintWat(line), "\n"));
    this.paint.replaceChildren(...lines);
    this.#scroll();
  }

  #scroll() {
    this.paint.style.transform = `translate(${-this.area.scrollLeft}px, ${-this.area.scrollTop}px)`;
  }

  /** Tab indents; Escape and then Tab leaves, as a keyboard must be able to. */
  #key(event) {
    if (event.key !== "Tab" || event.shiftKey) return;
    event.preventDefault();
    document.execCommand("insertText", false, "  ");
  }
}
