// Elements without HTML text: what a module says can only ever become text.

const SVG = "http://www.w3.org/2000/svg";

export function make(tag, properties = {}, ...children) {
  return dress(document.createElement(tag), properties, children);
}

export function draw(tag, properties = {}, ...children) {
  return dress(document.createElementNS(SVG, tag), properties, children);
}

function dress(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (/^(aria|data)-/.test(name))
      element.setAttribute(name, value); // "false" is a value there
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Where css/narrow.css lays everything over everything. */
export const NARROW = "(max-width: 800px)";

export const byId = (id) => document.getElementById(id);
