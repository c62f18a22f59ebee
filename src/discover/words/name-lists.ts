import { createCorpus } from "../../transforms/fake/fake-corpus.ts";
import { type FakeLocale, loadLocale } from "../../transforms/fake/fake-locales.ts";

/** Names that people, families and cities have, in lower case. */
export interface NameLists {
  readonly first: ReadonlySet<string>;
  readonly last: ReadonlySet<string>;
  readonly cities: ReadonlySet<string>;
}

/** Where the lists come from: faker's locales, which are there anyhow. */
const LOCALES: readonly FakeLocale[] = [
  "en",
  "de",
  "fr",
  "es",
  "it",
  "pt_BR",
  "nl",
  "pl",
  "sv",
  "pt_PT",
  "cs_CZ",
  "da",
  "nb_NO",
  "fi",
  "hu",
  "ro",
  "tr",
  "ru",
  "uk",
  "hr",
  "en_IN",
  "ja",
  "zh_CN",
  "ko",
];

const MORE_CITIES = `london paris berlin madrid rome roma lisbon lisboa porto vienna wien zurich geneva brussels bruxelles antwerp amsterdam rotterdam warsaw warszawa krakow stockholm goteborg malmo oslo copenhagen
  helsinki dublin cork edinburgh glasgow manchester birmingham liverpool leeds bristol barcelona valencia sevilla bilbao milano milan torino turin napoli naples firenze bologna munich muenchen munchen münchen hamburg köln
  cologne frankfurt stuttgart leipzig dresden lyon marseille toulouse nice nantes bordeaux lille strasbourg prague praha budapest bucharest sofia athens istanbul ankara moscow kyiv tokyo osaka seoul beijing shanghai
  singapore sydney melbourne brisbane perth auckland toronto montreal vancouver calgary ottawa chicago boston seattle denver atlanta miami philadelphia phoenix detroit baltimore minneapolis cleveland pittsburgh
  sacramento oakland reno salem portland memphis nashville orlando tampa tucson tulsa omaha mumbai delhi bangalore hyderabad chennai kolkata pune jakarta manila bangkok hanoi dubai cairo lagos nairobi johannesburg
  mexico guadalajara monterrey bogota medellin lima quito caracas santiago montevideo brasilia recife curitiba salvador fortaleza campinas buenos tampere aarhus bergen gdansk wroclaw poznan lodz graz linz salzburg basel bern`;

export async function loadNameLists(): Promise<NameLists> {
  const corpora = await Promise.all(LOCALES.map(async (locale) => createCorpus((await loadLocale(locale)).definitions)));
  const collect = (paths: readonly string[]) => {
    const found = new Set<string>();
    for (const corpus of corpora)
      for (const path of paths) for (const name of corpus.list(path) ?? []) found.add(name.toLowerCase());
    return found;
  };
  const bySex = (path: string) => ["generic", "female", "male"].map((sex) => `${path}.${sex}`);
  const cities = collect(["location.city_name"]);
  for (const city of MORE_CITIES.split(/\s+/)) cities.add(city);
  return { first: collect(bySex("person.first_name")), last: collect(bySex("person.last_name")), cities };
}
