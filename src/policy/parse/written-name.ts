/**
 * What a reader cannot see or that changes what is seen around it: control characters, line ends of Unicode, marks that turn the direction of writing, and
 * characters without width. A name from a database may hold any of them; a file or a terminal that shows them as they are can be made to lie.
 */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** With what is unseen written out, as `\u202e`. Text alone: nothing reads it back. */
export function inertText(text: string): string {
  return text.replace(UNSEEN, escaped);
}

/** A text in quotes that code, JSON and YAML read alike, with nothing in it that is unseen. */
export function quotedText(text: string): string {
  return JSON.stringify(text).replace(UNSEEN, escaped);
}

/** A name before its colon, in code and in data: bare where it may be. */
export function propertyName(name: string): string {
  // Bare or in quotes, this key would set an object's prototype, and the rule would be lost in silence.
  if (name === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quotedText(name);
}

function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Plain where no reader of YAML could take it for anything but text; else in JSON's quotes, which YAML has too. */
export function plainOrQuoted(text: string): string {
  const isPlain = /^[A-Za-z_][\w.-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return isPlain ? text : quotedText(text);
}
