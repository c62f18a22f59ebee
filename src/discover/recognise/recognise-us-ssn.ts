import { eachValueIs } from "./recogniser.ts";

/** The layout of the USA's social security numbers, and what the agency never issues: it has no check digit. */
export function isUsSsn(value: string): boolean {
  return /^(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}$/.test(value);
}

export const recogniseUsSsn = eachValueIs("nationalId", isUsSsn, {
  says: "are laid out as social security numbers",
  alone: 0.85,
  support: 0.9,
  isNeeded: false,
  least: 0.5,
});
