import { fake, keep, maskJson, redact, refresh, tokenize } from "standin";
import { jsonlSink, jsonlSource } from "standin/jsonl";
import { Bucket } from "./bucket.ts";
import { startTinyStore } from "./tiny-store.ts";

const objects = new Map([
  ["raw/customers.jsonl", Buffer.from('{"id":1,"email":"jane@acme.com","city":"Bonn"}\n{"id":2,"email":"omar@acme.com"}\n')],
  ["raw/orders.jsonl", Buffer.from('{"customer":1,"total":12.50,"ship_to":{"name":"Jane Doe","zip":"53111"}}\n')],
]);
const store = await startTinyStore(objects);
const bucket = new Bucket(store.url);

try {
  // The key comes from STANDIN_KEY.
  const report = await refresh({
    source: jsonlSource({
      files: { customers: () => bucket.read("raw/customers.jsonl"), orders: () => bucket.read("raw/orders.jsonl") },
    }),
    target: jsonlSink({ open: (table) => bucket.write(`masked/${table}.jsonl`) }),
    tables: {
      customers: { id: tokenize({ domain: "customer" }), email: fake("internet.email"), city: keep("no one lives there alone") },
      orders: {
        customer: tokenize({ domain: "customer" }),
        total: keep("an amount"),
        ship_to: maskJson({ paths: { "$.name": fake("person.fullName"), "$.zip": redact() } }),
      },
    },
  });
  console.log(`${report.rows} rows`);
  for (const [key, bytes] of objects) if (key.startsWith("masked/")) console.log(`${key}\n${bytes}`);
  if (store.unfinished() > 0) throw new Error("an upload was left unfinished");
} finally {
  store.close();
}
