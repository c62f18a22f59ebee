import { definePolicy, fake, keep, redact, tokenize } from "standin";

/** The coordinator and every worker have the same policy: what is another in it is refused. */
export const policy = definePolicy({
  source: process.env.PROD_URL,
  target: process.env.STAGING_URL,
  tables: {
    customers: {
      id: tokenize(),
      email: fake("internet.email", { unique: true }),
      name: fake("person.fullName"),
      born: keep("for the example"),
      notes: redact(),
    },
    orders: { id: keep("a number of its own"), total: keep("a price"), placed_at: keep("for the example") },
  },
});

/** redis://… or postgres://…: the coordinator and every worker reach it. */
export const queue = { connection: process.env.STANDIN_QUEUE ?? "redis://127.0.0.1:6379", name: "shop-refresh" };
