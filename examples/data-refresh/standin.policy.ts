import { definePolicy, fake, keep, redact, shiftDates, tokenize } from "standin";

export default definePolicy({
  source: process.env.PROD_URL,
  target: process.env.STAGING_URL,
  tables: {
    customers: {
      id: tokenize(),
      email: fake("internet.email", { unique: true }),
      name: fake("person.fullName"),
      born: shiftDates({ days: 180, by: "id" }),
      notes: redact(),
    },
    // customer_id is not named: as a foreign key it takes the rule of customers.id.
    orders: { id: keep("a number of its own"), total: keep("a price"), placed_at: shiftDates({ days: 180, by: "customer_id" }) },
  },
});
