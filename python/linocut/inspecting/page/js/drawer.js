// The drawer at the side: a stencil, the opcodes of a function, or the keys.

import { byId } from "./dom.js";

let opener = null; // what gets the focus back

export function openDrawer(heading, ...content) {
  const drawer = byId("drawer");
  if (drawer.hidden) opener = document.activeElement;
  byId("drawer-title").textContent = heading;
  byId("drawer-body").replaceChildren(...content);
  drawer.hidden = false;
  byId("drawer-body").scrollTop = 0;
  byId("drawer-close").focus({ preventScroll: true });
}

/** Whether there was one to close. */
export function closeDrawer() {
  const drawer = byId("drawer");
  if (drawer.hidden) return false;
  drawer.hidden = true;
  opener?.focus?.({ preventScroll: true });
  return true;
}
