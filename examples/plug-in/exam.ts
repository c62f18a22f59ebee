import { checkTransform } from "standin/testing";
import { colourName, roundAge } from "./masks.ts";

export const broken = [
  ...(await checkTransform(roundAge({ to: 5 }), { column: "integer", values: ["41", "42", "0", "97", "-3", null] })),
  ...(await checkTransform(colourName())),
];
if (broken.length > 0) throw new Error(broken.join("\n"));
