import type { Prng } from "../../keys/prng.ts";
import { compose, composeFormat, composePlainName } from "./fake-compose.ts";
import type { Corpus } from "./fake-corpus.ts";
import { type Draw, joined, oneOf } from "./fake-draw.ts";
import { type AsciiNames, localPart } from "./fake-mailbox.ts";
import type { FakePath } from "./fake-paths.ts";
import { RESERVED_DOMAINS } from "./fake-reserved.ts";
import { TAIL_LENGTH } from "./fake-tail.ts";
import { cutText, isLonger } from "./fake-text.ts";

/** Draws one value. `tail` is what makes it unique, empty where it need not be. Undefined where nothing drawn fits the column. */
export type Fake = (random: Prng, tail: string) => string | undefined;

/** What a composed fake is made of. */
export interface Material {
  readonly corpus: Corpus;
  /** Names for addresses and logins; another locale's where this one's script has no ASCII form. */
  asciiNames(): Promise<AsciiNames>;
  /** Longest output in characters, Infinity where the column has no bound. */
  readonly maxLength: number;
}

/** A fake composed from the locale's lists, with what the planner must know before any locale is loaded. */
export interface Product {
  /** Fewest characters that hold one. */
  readonly shortest: number;
  /** Fewest characters that hold a unique one, null where its form leaves no room for 64 bits. */
  readonly shortestUnique: number | null;
  /** Null where the locale lacks the data, or where nothing fits into `maxLength`. */
  build(material: Material): Fake | null | Promise<Fake>;
}

const DOMAIN_LENGTH = "@example.com".length;

/** The methods whose every value is composed, whatever the locale holds. */
const PRODUCTS: Readonly<Partial<Record<FakePath, Product>>> = {
  "person.firstName": wording("person.firstName"),
  "person.middleName": wording("person.middleName"),
  "person.lastName": wording("person.lastName"),
  "person.fullName": wording("person.fullName", (corpus) => [composePlainName(corpus), initialAndLastName(corpus)]),
  "person.jobTitle": wording("person.jobTitle", (corpus) => [compose(corpus, "person.jobType")]),
  "company.name": wording("company.name", (corpus) => [compose(corpus, "person.lastName")]),
  "location.street": wording("location.street"),
  "location.streetAddress": wording("location.streetAddress", (corpus) => [compose(corpus, "location.street")]),
  "location.city": wording("location.city"),
  "location.country": { ...wording("location.country"), shortestUnique: null },
  "location.zipCode": {
    shortest: 3,
    shortestUnique: null,
    build: ({ corpus, maxLength }) => composeFormat(corpus, ["location.postcode"], maxLength),
  },
  "phone.number": {
    shortest: 6,
    shortestUnique: null,
    build: ({ corpus, maxLength }) =>
      composeFormat(
        corpus,
        ["phone_number.format.human", "phone_number.format.national", "phone_number.format.mobile"],
        maxLength,
      ),
  },
  "internet.username": {
    shortest: 3,
    shortestUnique: TAIL_LENGTH,
    build: async ({ asciiNames, maxLength }) => login(await asciiNames(), maxLength),
  },
  "internet.email": mailbox(),
  "internet.exampleEmail": mailbox(),
};

/** What is composed for one of faker's methods called without arguments, undefined where faker itself must run. */
export function productOf(path: FakePath): Product | undefined {
  return PRODUCTS[path];
}

/** Words: made to fit by ever shorter forms, then by cutting. Unique by a tail behind a space. */
function wording(method: string, shorter: (corpus: Corpus) => readonly (Draw | null)[] = () => []): Product {
  return {
    shortest: 2,
    shortestUnique: TAIL_LENGTH,
    build({ corpus, maxLength }) {
      const full = compose(corpus, method);
      if (full === null) return null;
      const forms = [full, ...shorter(corpus).filter((draw) => draw !== null)];
      return (random, tail) => {
        if (tail === "") return fitted(forms, random, maxLength);
        const words = fitted(forms, random, maxLength - TAIL_LENGTH - 1);
        return words === "" ? tail : `${words} ${tail}`;
      };
    },
  };
}

function fitted(forms: readonly Draw[], random: Prng, maxLength: number): string {
  let text = "";
  for (const form of forms) {
    text = form(random);
    if (!isLonger(text, maxLength)) return text;
  }
  return cutText(text, maxLength);
}

function initialAndLastName(corpus: Corpus): Draw | null {
  const first = compose(corpus, "person.firstName");
  const last = compose(corpus, "person.lastName");
  return first && last && joined(["", ". ", ""], [(random) => cutText(first(random), 1), last]);
}

function mailbox(): Product {
  return {
    shortest: DOMAIN_LENGTH + 3,
    shortestUnique: DOMAIN_LENGTH + TAIL_LENGTH,
    async build({ asciiNames, maxLength }) {
      const local = login(await asciiNames(), maxLength - DOMAIN_LENGTH);
      const domain = oneOf(RESERVED_DOMAINS);
      return (random, tail) => `${local(random, tail)}@${domain(random)}`;
    },
  };
}

/** A name for a login or in front of an @, its tail behind a dot. */
function login(names: AsciiNames, maxLength: number): Fake {
  const plain = localPart(names, maxLength);
  const room = maxLength - TAIL_LENGTH - 1;
  if (room < 1) return (random, tail) => (tail === "" ? plain(random) : tail);
  const beforeTail = localPart(names, room);
  return (random, tail) => (tail === "" ? plain(random) : `${beforeTail(random)}.${tail}`);
}
