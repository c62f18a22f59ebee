import { describe, expect, it } from "vitest";
import { loadClassifier } from "../../src/discover/classify-column.ts";
import { recogniseColumnName } from "../../src/discover/recognise/recognise-column-name.ts";
import type { DataClass } from "../../src/policy/class-names.ts";
import { sampleOf } from "./sampled-column.ts";

const classify = await loadClassifier();

/** How columns are called in languages that programmers seldom ask for, in SAP's tables, and in scripts of their own. */
const ABROAD: Readonly<Record<string, Partial<Record<DataClass, string>>>> = {
  SAP: {
    birthDate: "GBDAT",
    userName: "ERNAM AENAM",
    nationality: "NATIO",
    maritalStatus: "FAMST",
    lastName: "NACHN",
    email: "SMTP_ADDR",
  },
  Danish: { birthDate: "foedselsdato fødselsdato", phone: "tlf", streetAddress: "vejnavn" },
  Turkish: { lastName: "soyad", fullName: "ad_soyad", postcode: "posta_kodu", birthDate: "dogum_tarihi", gender: "cinsiyet" },
  Czech: { lastName: "prijmeni příjmení", birthDate: "datum_narozeni", gender: "pohlavi", maritalStatus: "rodinny_stav" },
  Hungarian: { lastName: "vezeteknev", firstName: "keresztnév", postcode: "iranyitoszam", birthDate: "szuletesi_datum" },
  Romanian: { birthDate: "data_nasterii", licencePlate: "nr_inmatriculare" },
  Russian: {
    middleName: "otchestvo отчество",
    lastName: "фамилия",
    birthDate: "data_rozhdeniya дата_рождения",
    phone: "номер_телефона",
  },
  Japanese: {
    fullName: "shimei 氏名",
    birthDate: "seinengappi 生年月日",
    phone: "denwa_bango 電話番号",
    postalAddress: "jusho 住所",
  },
  Chinese: { fullName: "姓名", phone: "手机号", birthDate: "出生日期" },
  Korean: { fullName: "이름", phone: "휴대폰" },
  Indonesian: { fullName: "nama_lengkap", birthDate: "tanggal_lahir", phone: "no_hp" },
  abbreviated: {
    firstName: "frst_nm",
    lastName: "lst_nm",
    birthDate: "dt_of_brth",
    passport: "pp_nbr",
    postcode: "post_cd",
    gender: "gndr",
  },
};

describe("a column's name in another language", () => {
  const names = Object.entries(ABROAD).flatMap(([language, kinds]) =>
    Object.entries(kinds).flatMap(([kind, list]) => list.split(" ").map((name) => [language, name, kind] as const)),
  );
  it.each(names)("%s: %s is %s", (_, name, kind) => {
    const found = recogniseColumnName(name, "t", []);
    expect(found?.kind).toBe(kind);
    expect(found!.strength).toBeGreaterThan(0.6);
  });

  it.each([
    ["nom", ["prenom", "ville"], "lastName"],
    ["nombre", ["apellidos", "cp"], "firstName"],
    ["nome", ["cognome"], "firstName"],
    ["naam", ["voornaam"], "lastName"],
  ])("%s beside %j is %s", (name, beside, kind) => {
    expect(recogniseColumnName(name, "t", beside)?.kind).toBe(kind);
  });
});

const split = (values: string) => values.split(";");
const FAMILIES = split("Martin;Bernard;Dubois;Durand;Moreau;Laurent;Lefebvre;Fournier;Girard;Bonnet;Dupont;Lambert");
const FURNITURE = split("Chaise;Table basse;Lampe;Tapis;Coussin;Armoire;Buffet;Tabouret;Commode;Miroir;Rideau;Bougie");
const PEOPLE = split(
  "Jane Smith;Maria Garcia;Peter Brown;Anna Miller;Thomas Clark;Laura White;Robert Green;Susan Hall;David Lewis;Linda Young",
);

const wordsOfChance = Array.from({ length: 30 }, (_, index) => `vlorp zint${String.fromCharCode(97 + (index % 26))}`);

describe("names of people and names of things", () => {
  it("takes a full name that is a family name for one", () => {
    expect(classify(sampleOf("nom_client", FAMILIES, { table: "factures" }))).toMatchObject({
      kind: "lastName",
      decision: "mask",
    });
  });

  it.each([
    ["nom", "produits", FURNITURE],
    ["produktnavn", "kunder", FURNITURE],
    [
      "film_title",
      "films",
      split("Jane Eyre;Emma;Forrest Gump;Ace Ventura;Annie Hall;Jackie Brown;Donnie Darko;Billy Elliot;Rocky;Barry Lyndon"),
    ],
    ["brand", "products", split("Ford;Hugo Boss;Tommy Hilfiger;Calvin Klein;Ralph Lauren;Levi Strauss;Dell;Chanel")],
    ["campaign_name", "leads", split("Spring 2024;Black Friday;Brand")],
    ["estado_pedido", "pedidos", split("pendiente;enviado;entregado")],
    ["vat_rate", "orders", split("0.19;0.07;0.20;0.05;0.16")],
    ["name_suffix", "members", split("Jr;Sr;III;II;IV")],
    ["first_line", "posts", wordsOfChance],
  ])("keeps %s of %s", (name, table, values) => {
    expect(classify(sampleOf(name, values, { table })).decision).toBe("keep");
  });

  it("takes lon for a degree, not for Swedish wages", () => {
    const degrees = split("13.40501;11.57549;8.68213;9.99368");
    expect(classify(sampleOf("lon", degrees, { kind: "float", table: "users" }))).toMatchObject({ kind: "coordinates" });
  });

  it("asks about names among other things", () => {
    expect(classify(sampleOf("value", [...wordsOfChance.slice(0, 25), ...PEOPLE]))).toMatchObject({
      kind: "fullName",
      decision: "review",
    });
    expect(classify(sampleOf("value", wordsOfChance)).decision).toBe("keep");
  });

  it("finds valid phone numbers among other things", () => {
    const numbers = split("+49 30 901820;+49 89 23300;+33 1 42 76 40 40;+44 20 7946 0958");
    expect(classify(sampleOf("value", [...wordsOfChance.slice(0, 16), ...numbers]))).toMatchObject({ kind: "phone" });
  });
});

describe("what a list has numbers for", () => {
  it("is personal in a table of people, and harmless in the list itself", () => {
    const numbers = split("1;2;3");
    expect(classify(sampleOf("gender_id", numbers, { kind: "integer", table: "users" })).decision).not.toBe("keep");
    expect(classify(sampleOf("gender_id", numbers, { kind: "integer", table: "genders" })).decision).toBe("keep");
    expect(classify(sampleOf("city_id", numbers, { kind: "integer", table: "users" })).decision).toBe("keep");
  });

  it("believes parts of a birth date, and bands of an age, beside their names", () => {
    expect(classify(sampleOf("birthday", split("03-14;12-01;07-30;05-05;11-23")))).toMatchObject({ kind: "birthDate" });
    expect(classify(sampleOf("birth_month", split("1;2;3;4;5;6;7;8;9"), { kind: "integer" }))).toMatchObject({
      kind: "birthDate",
    });
    expect(classify(sampleOf("age_group", split("18-25;26-35;36-50;51+"), { table: "members" }))).toMatchObject({ kind: "age" });
  });
});

describe("a birth date in a text", () => {
  it.each([
    ["31.12.1980;01.02.1990;15.06.1975;24.11.1961", "dmy"],
    ["12/31/1980;01/02/1990;06/15/1975;11/24/1961", "mdy"],
    ["19801231;19900201;19750615;19611124", "ymd"],
  ])("stays one, in the order of its values: %s", (values, order) => {
    expect(classify(sampleOf("geburtsdatum", split(values)))).toMatchObject({
      kind: "birthDate",
      decision: "mask",
      rule: { transform: "shiftDates", options: { order } },
    });
  });
});
