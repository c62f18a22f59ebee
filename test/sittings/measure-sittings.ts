import {
  addNoise,
  bucketNumber,
  clampNumber,
  drawDates,
  drawNumber,
  generalizeAge,
  generalizeDate,
  jitterDates,
  permuteDates,
  roundNumber,
  shiftDates,
} from "../../src/transforms/index.ts";
import type { Sittings } from "./sitting.ts";

/** Masks of dates and numbers. */
export const MEASURE_SITTINGS: Sittings = {
  shiftDates: [
    ["by the date", shiftDates()],
    ["by a subject", shiftDates({ days: 30, by: "id" })],
    ["in another order", shiftDates({ order: "dmy" })],
    ["behind another date", shiftDates({ after: "created_at", gap: 1 })],
  ],
  jitterDates: [
    ["by the time", jitterDates()],
    ["by a subject, behind another time", jitterDates({ seconds: 60, by: "id", after: "created_at" })],
  ],
  generalizeDate: [
    ["months", generalizeDate()],
    ["hours", generalizeDate({ to: "hour" })],
    ["names of weeks", generalizeDate({ to: "week", as: "label" })],
    ["years of birth", generalizeDate({ to: "year", topAge: 90, at: "2025-01-01" })],
  ],
  generalizeAge: [
    ["ages", generalizeAge()],
    ["dates of birth", generalizeAge({ width: 5, at: "2025-01-01" })],
  ],
  drawDates: [["usual bounds", drawDates()]],
  permuteDates: [
    ["usual bounds", permuteDates()],
    ["own bounds", permuteDates({ min: "1950-01-01", max: "2010-12-31" })],
  ],
  addNoise: [
    ["a share", addNoise()],
    ["an amount", addNoise({ amount: 5 })],
    ["bounds", addNoise({ ratio: 0.5, min: 1, max: 1000 })],
    ["by a subject", addNoise({ by: "id" })],
    ["a sum", addNoise({ keepSum: 50 })],
  ],
  bucketNumber: [
    ["of a width", bucketNumber({ width: 10 })],
    ["between bounds", bucketNumber({ bounds: [18, 65], as: "middle" })],
    ["with names", bucketNumber({ bounds: [0], labels: ["debt", "credit"] })],
    ["of samples", bucketNumber({ samples: [1, 5, 9, 100], count: 2 })],
  ],
  clampNumber: [["both ends", clampNumber({ min: 10, max: 1000 })]],
  drawNumber: [
    ["usual bounds", drawNumber()],
    ["own bounds", drawNumber({ min: -5, max: 5 })],
  ],
  roundNumber: [
    ["to tens", roundNumber({ to: 10 })],
    ["down", roundNumber({ to: 1000, mode: "down" })],
  ],
};
