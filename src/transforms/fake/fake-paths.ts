import type { Faker } from "@faker-js/faker";

// biome-ignore lint/suspicious/noExplicitAny: only whether it can be called matters, not with what.
type Callable = (...input: any[]) => unknown;

type ModuleName = Exclude<
  { [Name in keyof Faker]: Faker[Name] extends Callable ? never : Faker[Name] extends object ? Name : never }[keyof Faker],
  "definitions" | "rawDefinitions"
>;
type MethodName<Module> = { [Name in keyof Module]: Module[Name] extends Callable ? Name : never }[keyof Module] & string;

/** Its links are dead, and it warns on standard error at every call. */
type Deprecated = "image.urlLoremFlickr";

/** A method of faker by its path: `"internet.email"`, `"commerce.productName"`. */
export type FakePath = Exclude<{ [Module in ModuleName]: `${Module}.${MethodName<Faker[Module]>}` }[ModuleName], Deprecated>;

/** What faker's method at `Path` takes; of an overloaded method, the last overload. */
export type FakeArguments<Path extends FakePath> = Path extends `${infer Module extends ModuleName}.${infer Method}`
  ? Method extends keyof Faker[Module]
    ? Faker[Module][Method] extends (...input: infer Input) => unknown
      ? Readonly<Input>
      : never
    : never
  : never;

/** Faker's modules and their methods, known without loading faker, so that a wrong path is refused where the policy is read. */
const METHODS: Readonly<Record<ModuleName, string>> = {
  airline: "aircraftType airline airplane airport flightNumber recordLocator seat",
  animal: "bear bird cat cetacean cow crocodilia dog fish horse insect lion petName rabbit rodent snake type",
  book: "author format genre publisher series title",
  color: "cmyk colorByCSSColorSpace cssSupportedFunction cssSupportedSpace hsl human hwb lab lch rgb space",
  commerce: "department isbn price product productAdjective productDescription productMaterial productName upc",
  company:
    "buzzAdjective buzzNoun buzzPhrase buzzVerb catchPhrase catchPhraseAdjective catchPhraseDescriptor catchPhraseNoun name",
  database: "collation column engine mongodbObjectId type",
  datatype: "boolean",
  date: "anytime between betweens birthdate future month past recent soon timeZone weekday",
  finance:
    "accountName accountNumber amount bic bitcoinAddress creditCardCVV creditCardIssuer creditCardNumber currency currencyCode currencyName currencyNumericCode currencySymbol ethereumAddress iban litecoinAddress pin routingNumber transactionDescription transactionType",
  food: "adjective description dish ethnicCategory fruit ingredient meat spice vegetable",
  git: "branch commitDate commitEntry commitMessage commitSha",
  hacker: "abbreviation adjective ingverb noun phrase verb",
  helpers:
    "arrayElement arrayElements enumValue fake fromRegExp maybe multiple mustache objectEntry objectKey objectValue rangeToNumber replaceCreditCardSymbols replaceSymbols shuffle slugify uniqueArray weightedArrayElement",
  image: "avatar avatarGitHub dataUri personPortrait url urlPicsumPhotos",
  internet:
    "displayName domainName domainSuffix domainWord email emoji exampleEmail httpMethod httpStatusCode ip ipv4 ipv6 jwt jwtAlgorithm mac password port protocol url userAgent username",
  location:
    "buildingNumber cardinalDirection city continent country countryCode county direction language latitude longitude nearbyGPSCoordinate ordinalDirection postalAddress secondaryAddress state street streetAddress timeZone zipCode",
  lorem: "lines paragraph paragraphs sentence sentences slug text word words",
  music: "album artist genre songName",
  number: "bigInt binary float hex int octal romanNumeral",
  person:
    "bio firstName fullName gender jobArea jobDescriptor jobTitle jobType lastName middleName prefix sex sexType suffix zodiacSign",
  phone: "imei number",
  science: "chemicalElement unit",
  string: "alpha alphanumeric binary fromCharacters hexadecimal nanoid numeric octal sample symbol ulid uuid",
  system:
    "commonFileExt commonFileName commonFileType cron directoryPath fileExt fileName filePath fileType mimeType networkInterface semver",
  vehicle: "bicycle color fuel manufacturer model type vehicle vin vrm",
  word: "adjective adverb conjunction interjection noun preposition sample verb words",
};

export const FAKE_PATHS: readonly FakePath[] = Object.entries(METHODS).flatMap(([module, methods]) =>
  methods.split(" ").map((method) => `${module}.${method}` as FakePath),
);
