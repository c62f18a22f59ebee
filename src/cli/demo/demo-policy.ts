import type { Sink, Source } from "../../contracts.ts";
import { definePolicy } from "../../policy/define-policy.ts";
import { shiftDates } from "../../transforms/dates/shift-dates.ts";
import { fake } from "../../transforms/fake/fake.ts";
import { addNoise } from "../../transforms/numbers/add-noise.ts";
import { keep } from "../../transforms/plain/keep.ts";
import { nullify } from "../../transforms/plain/nullify.ts";
import { redact } from "../../transforms/plain/redact.ts";
import { encryptDigits } from "../../transforms/tokens/encrypt-digits.ts";
import { tokenize } from "../../transforms/tokens/tokenize.ts";

const surrogate = keep("surrogate key, means nothing outside");

/** What the demo masks the shop by. Foreign keys are not named: each takes the rule of the column that it points to. */
export function demoPolicy(source: Source, target: Sink) {
  return definePolicy({
    source,
    target,
    tables: {
      customers: {
        id: surrogate,
        first_name: fake("person.firstName"),
        last_name: fake("person.lastName"),
        email: fake("internet.email", { unique: true }),
        phone: fake("phone.number"),
        born: shiftDates({ days: 180, by: "id" }),
        country: keep("five countries, far too few to tell anyone apart"),
        created_at: shiftDates({ days: 180, by: "id" }),
      },
      addresses: {
        id: surrogate,
        street: fake("location.streetAddress"),
        postcode: fake("location.zipCode"),
        city: fake("location.city"),
      },
      cards: {
        id: surrogate,
        holder: fake("person.fullName"),
        number: encryptDigits({ keepFirst: 6, luhn: true }),
        expires: keep("month and year"),
      },
      orders: {
        id: surrogate,
        status: keep("where the parcel is"),
        total: keep("a price"),
        placed_at: shiftDates({ days: 180, by: "customer_id" }),
      },
      payments: {
        id: surrogate,
        reference: tokenize({ prefix: "PAY-", length: 16 }),
        amount: addNoise({ ratio: 0.1 }),
        paid_at: keep("day of the charge"),
      },
      tickets: {
        id: surrogate,
        // No foreign key, but the rule of customers.email: equal addresses stay equal, and the two still join.
        contact: fake("internet.email", { unique: true }),
        subject: keep("one of four phrases"),
        body: redact(),
        metadata: nullify(),
        opened_at: keep("day of the complaint"),
      },
    },
  });
}
