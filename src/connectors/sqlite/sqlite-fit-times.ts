const DAY = "\\d{4,6}-\\d{1,2}-\\d{1,2}";
const CLOCK = "\\d{1,2}:\\d\\d(?::[0-5]\\d(?:\\.(?<fraction>\\d*))?)?";
const ZONE = "(?: ?(?<zone>z|[-+]\\d\\d(?::?\\d\\d(?::\\d\\d)?)?))?";
const ERA = "(?: bc)?";

const WRITTEN = {
  date: new RegExp(`^${DAY}${ERA}$`, "i"),
  // MySQL's times go from -838 to 838 hours.
  time: new RegExp(`^-?\\d?${CLOCK}${ZONE}$`, "i"),
  timestamp: new RegExp(`^${DAY}(?:[ t]${CLOCK}${ZONE})?${ERA}$`, "i"),
};

/**
 * Whether a text is a date or time as ISO 8601 has it, of which a column of this type drops nothing: no digits of a second, no zone, no time of day. Other forms are read
 * by a server's own rules: 01/02/2024 as either day, 10:11:12 as the 12th of November 2010. What is of UTC is the same without a zone.
 */
export function fitOfTimes(kind: keyof typeof WRITTEN, type: string): (text: string) => boolean {
  // PostgreSQL's full names of types; those of MySQL say no zone, and keep whole seconds.
  const isPostgres = / time zone$/.test(type);
  const precision = Number(/\((\d)\)/.exec(type)?.[1] ?? (isPostgres ? 6 : 0));
  const hasZone = isPostgres ? type.endsWith(" with time zone") : type.startsWith("timestamp");
  return (text) => {
    const found = WRITTEN[kind].exec(text);
    if (found === null) return false;
    const { fraction = "", zone = "z" } = found.groups ?? {};
    return fraction.replace(/0+$/, "").length <= precision && (hasZone || /^(?:z|[-+][0:]+)$/i.test(zone));
  };
}
