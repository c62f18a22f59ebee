import { createMasker, fake, keep, redact, tokenize } from "standin";

const users = [
  { id: 1, email: "jane@acme.com", name: "Jane Doe", note: "called on Monday", visits: 12 },
  { id: 2, email: "omar@acme.com", name: "Omar Haddad", note: null, visits: 3 },
  { id: 1, email: "jane@acme.com", name: "Jane Doe", note: "called again", visits: 13 },
];

// The key comes from STANDIN_KEY. Every property needs a rule: a new one is refused, not copied.
const masker = createMasker<(typeof users)[number]>({
  id: tokenize(),
  email: fake("internet.email"),
  name: fake("person.fullName"),
  note: redact(),
  visits: keep("a count"),
});

for await (const user of masker.rows(users)) console.log(JSON.stringify(user));
