const BATCH = 4096;

const people = Array.from({ length: BATCH }, (_, index) => `Person Number ${index}`);
const numbers = people.map((_, index) => String(index + 1));
const uuids = people.map((_, index) => `3f2504e0-4f89-41d3-9a0c-${index.toString(16).padStart(12, "0")}`);

/** Each transform that a peer has an equal of, and how many times as long copycat must take at least. */
export const PAIRS = [
  { name: "email", bar: 5 },
  { name: "full name", bar: 5 },
  { name: "phone", bar: 5 },
  { name: "uuid", bar: 5 },
  { name: "scramble", bar: 5 },
  { name: "integer", bar: 5 },
  { name: "first name", bar: null },
  { name: "user name", bar: null },
  { name: "city", bar: null },
  { name: "street address", bar: null },
  { name: "IPv4", bar: null },
];

/** What a peer gives for the same value: copycat by the value, faker seeded by a number made of it. */
export async function createPair(name) {
  const [{ fake, scramble, tokenize }, { copycat }, { faker }] = await Promise.all([
    import("../dist/index.js"),
    import("@snaplet/copycat"),
    import("@faker-js/faker/locale/en"),
  ]);
  let seed = 0;
  const seeded = (call) => () => {
    faker.seed(seed++);
    return call();
  };
  const ofPeople = (path, copycat, call) => ({ rule: fake(path), values: people, copycat, faker: seeded(call) });
  switch (name) {
    case "email":
      return ofPeople("internet.email", copycat.email, () => faker.internet.email());
    case "full name":
      return ofPeople("person.fullName", copycat.fullName, () => faker.person.fullName());
    case "phone":
      return ofPeople("phone.number", copycat.phoneNumber, () => faker.phone.number());
    case "uuid":
      return {
        rule: tokenize(),
        kind: "uuid",
        values: uuids,
        copycat: copycat.uuid,
        faker: seeded(() => faker.string.uuid()),
      };
    case "scramble":
      return { rule: scramble(), values: people, copycat: copycat.scramble };
    case "integer":
      return {
        rule: tokenize(),
        kind: "integer",
        values: numbers,
        copycat: (value) => copycat.int(value, { min: 1, max: 2147483647 }),
        faker: seeded(() => faker.number.int({ min: 1, max: 2147483647 })),
      };
    case "first name":
      return ofPeople("person.firstName", copycat.firstName, () => faker.person.firstName());
    case "user name":
      return ofPeople("internet.username", copycat.username, () => faker.internet.username());
    case "city":
      return ofPeople("location.city", copycat.city, () => faker.location.city());
    case "street address":
      return ofPeople("location.streetAddress", copycat.streetAddress, () => faker.location.streetAddress());
    case "IPv4":
      return ofPeople("internet.ipv4", copycat.ipv4, () => faker.internet.ipv4());
  }
}
