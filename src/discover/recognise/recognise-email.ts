import { eachValueIs } from "./recogniser.ts";

const ADDRESS = /^[^\s@<>(),;:"[\]\\]{1,64}@(?:[\p{L}\d-]{1,63}\.){1,8}[\p{L}\d-]{2,63}$/u;

/** A mail address, alone or as `Name <address>` or `mailto:address`. */
export function isEmail(value: string): boolean {
  const text = value.trim();
  if (text.length > 400) return false;
  const inner = text.endsWith(">") ? text.slice(text.lastIndexOf("<") + 1, -1) : text;
  return ADDRESS.test(inner.startsWith("mailto:") ? inner.slice(7) : inner);
}

export const recogniseEmail = eachValueIs("email", isEmail, { says: "are mail addresses", alone: 0.97, support: 0.95 });
