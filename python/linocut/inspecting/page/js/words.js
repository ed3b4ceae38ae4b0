// Numbers and names as people read them.

const grouped = new Intl.NumberFormat("en");

export const count = (number) => grouped.format(number);

export const plural = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;

export const hex = (number, digits = 4) => number.toString(16).padStart(digits, "0");

export const signed = (number) =>
  number > 0 ? `+${count(number)}` : number < 0 ? `−${count(-number)}` : "±0";

export const engineName = (engine) =>
  engine === "turbofan" ? "TurboFan" : engine.charAt(0).toUpperCase() + engine.slice(1);

/** `$name`, else its first export, else its number. */
export function title(entry) {
  if (entry.name !== null) return `$${entry.name}`;
  return entry.exports.length ? `"${entry.exports[0]}"` : `function ${entry.function}`;
}

export function seconds(value) {
  if (value >= 1) return `${value.toFixed(2)} s`;
  return value >= 1e-3 ? `${(value * 1e3).toFixed(1)} ms` : `${(value * 1e6).toFixed(0)} µs`;
}

/** "0f af c1" out of "0fafc1". */
export const bytePairs = (hexText) => hexText.match(/../g) ?? [];
