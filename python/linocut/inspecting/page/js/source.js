// Where documents come from: out of this very file, or from the server that `linocut explore` runs.

import { outOfColumns } from "./columns.js";
import { byId } from "./dom.js";

/** What this file was written with: the source below, and what it holds. */
export function readHead() {
  return JSON.parse(byId("head").textContent);
}

export function openSource(head) {
  return head.server ? new ServerSource(head.server) : new EmbeddedSource();
}

/** Compressed documents in the page, unpacked when one of them is wanted. */
class EmbeddedSource {
  #chunks = new Map(); // number → promise of its documents, by function
  #index = null;
  #stencils = null;

  async module() {
    this.#index = await unpack("index");
    return this.#index.module;
  }

  /** null: the page was written without this function. */
  async view(entry) {
    const chunk = this.#index.chunks[entry.function];
    if (chunk === undefined) return null;
    if (!this.#chunks.has(chunk)) this.#chunks.set(chunk, unpack(`chunk-${chunk}`));
    return outOfColumns((await this.#chunks.get(chunk))[entry.function]);
  }

  async stencil(name) {
    this.#stencils ??= unpack("stencils");
    return (await this.#stencils)[name] ?? null;
  }

  holds(entry) {
    return this.#index.chunks[entry.function] !== undefined;
  }
}

async function unpack(id) {
  const packed = Uint8Array.from(atob(byId(id).textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

/** A server on this machine; every module that it has compiled has an id. */
class ServerSource {
  #stencils = {};

  constructor({ token, module }) {
    this.token = token;
    this.id = module;
  }

  module() {
    return this.#get("module");
  }

  async view(entry) {
    const view = await this.#get(`function/${entry.function}`);
    Object.assign(this.#stencils, view.stencils);
    return view;
  }

  async stencil(name) {
    return this.#stencils[name] ?? null;
  }

  holds() {
    return true;
  }

  text() {
    return this.#get("text");
  }

  /** {"state": "none" | "working" | "done" | "failed", "sizes": {function: bytes}} of the other engine. */
  sizes() {
    return this.#get("sizes");
  }

  /** Compile a text; from then on everything is of this module. The answer is its id, or an error with a line. */
  async compile(text, signal) {
    const headers = { "Content-Type": "text/plain; charset=utf-8", "X-Linocut-Token": this.token };
    const reply = await fetch("/api/compile", { method: "POST", body: text, headers, signal });
    const answer = await reply.json();
    if (answer.module) this.id = answer.module;
    return answer;
  }

  async #get(what) {
    const reply = await fetch(`/api/${this.id}/${what}`, { headers: { "X-Linocut-Token": this.token } });
    const answer = await reply.json();
    if (!reply.ok) throw new Error(answer.error);
    return answer;
  }
}
