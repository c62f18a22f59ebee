import { describe, expect, it } from "vitest";
import { recogniseColumnName } from "../../src/discover/recognise/recognise-column-name.ts";
import type { DataClass } from "../../src/policy/class-names.ts";

/** How columns are called in each language. */
const NAMES: Readonly<Record<string, Partial<Record<DataClass, string>>>> = {
  English: {
    firstName: "first_name firstName FIRSTNAME fname given-name",
    lastName: "last_name lastname surname family_name LName",
    email: "email EmailAddress e_mail customer_email contactemail email2",
    phone: "phone phone_number mobile_no homePhone work_phone faxNumber",
    birthDate: "date_of_birth dob birthDate dateofbirth",
    postcode: "zip zip_code postalcode billing_zip_code",
    streetAddress: "street address_line_1 street_address addr1",
    nationalId: "ssn social_security_number national_id",
    passwordHash: "password_hash encrypted_password",
    drivingLicence: "driving_licence drivers_license_number",
    cardNumber: "card_number creditCardNumber cc_num",
  },
  German: {
    firstName: "vorname Vorname",
    lastName: "nachname familienname",
    fullName: "kundenname ansprechpartner",
    email: "emailadresse e_mail_adresse",
    phone: "telefonnummer handynummer rufnummer",
    birthDate: "geburtsdatum geb_datum",
    postcode: "plz postleitzahl",
    city: "wohnort stadt",
    streetAddress: "strasse straße hausnummer",
    taxId: "steuernummer steuer_id",
    drivingLicence: "führerscheinnummer",
  },
  French: {
    firstName: "prenom prénom",
    lastName: "nom_de_famille",
    email: "courriel adresse_mail",
    phone: "numero_telephone num_tel",
    birthDate: "date_naissance date_de_naissance",
    postcode: "code_postal",
    city: "ville",
    nationalId: "numero_securite_sociale",
  },
  Spanish: {
    lastName: "apellido apellidos primer_apellido",
    email: "correo_electronico",
    phone: "telefono teléfono movil",
    birthDate: "fecha_nacimiento fecha_de_nacimiento",
    postalAddress: "direccion_completa direccion_envio",
    nationalId: "dni documento_identidad",
  },
  Italian: {
    lastName: "cognome",
    fullName: "nome_e_cognome",
    taxId: "codice_fiscale partita_iva",
    birthDate: "data_di_nascita data_nascita",
    phone: "cellulare numero_cellulare",
    streetAddress: "indirizzo civico",
  },
  Portuguese: {
    lastName: "sobrenome apelido",
    birthDate: "data_nascimento",
    phone: "telefone telemovel",
    streetAddress: "endereco logradouro",
    taxId: "cpf cnpj",
  },
  Dutch: {
    firstName: "voornaam",
    lastName: "achternaam",
    birthDate: "geboortedatum",
    phone: "telefoonnummer",
    city: "woonplaats",
    nationalId: "bsn burgerservicenummer",
    streetAddress: "straatnaam huisnummer",
  },
  Polish: {
    firstName: "imie imię",
    lastName: "nazwisko",
    postcode: "kod_pocztowy",
    nationalId: "pesel",
    phone: "numer_telefonu",
  },
  Swedish: {
    firstName: "fornamn förnamn",
    lastName: "efternamn",
    nationalId: "personnummer",
    email: "epost",
    postcode: "postnummer",
  },
};

const cases = Object.entries(NAMES).flatMap(([language, kinds]) =>
  Object.entries(kinds).flatMap(([kind, names]) => names.split(" ").map((name) => [language, name, kind] as const)),
);

describe("recogniseColumnName", () => {
  it.each(cases)("knows the %s name %s", (_, name, kind) => {
    const found = recogniseColumnName(name, "t", ["street", "city"]);
    expect(found).toMatchObject({ kind });
    expect(found!.strength).toBeGreaterThan(0.4);
  });

  it.each([
    "id created_at updated_at quantity price total status sku title_id is_active version currency color weight language zipped shipped",
    "email_verified_at email_count phone_type has_phone is_email_confirmed num_addresses password_changed_at address_id product_name",
    "file_name hostname company_name category_name table_name order_number score passed compass emailed_flag priority",
  ])("says nothing of %s", (names) => {
    for (const name of names.split(" ")) {
      const strength = recogniseColumnName(name, "t", [])?.strength ?? 0;
      expect.soft(strength, name).toBeLessThan(0.4);
    }
  });

  it("takes a name for a person's where the table is about people", () => {
    expect(recogniseColumnName("name", "customers", [])).toMatchObject({ kind: "fullName", strength: expect.closeTo(0.75) });
    expect(recogniseColumnName("name", "products", [])).toBeNull();
  });

  it("takes a state for a place where an address stands beside it", () => {
    const alone = recogniseColumnName("state", "orders", ["id", "total"])!.strength;
    expect(alone).toBeLessThan(0.6);
    expect(recogniseColumnName("state", "customers", ["street", "city", "zip"])!.strength).toBeGreaterThan(0.8);
    expect(recogniseColumnName("state_name", "us_states", ["state_id"])!.strength).toBeLessThan(0.4);
  });

  it("ends in time on a name that is no name", () => {
    const start = performance.now();
    for (const part of ["a", "na", "name", "emailphone", "-", "ß", "\u0301"])
      recogniseColumnName(part.repeat(100_000), part.repeat(1000), []);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
