/** What a column may tell of a person, by name. A policy's `when:` and the reasons of `standin init` use these words. */
export const DATA_CLASSES = [
  // who
  "firstName",
  "middleName",
  "lastName",
  "maidenName",
  "fullName",
  "userName",
  "email",
  "phone",
  // where
  "streetAddress",
  "postalAddress",
  "city",
  "region",
  "postcode",
  "coordinates",
  // when born
  "birthDate",
  "birthPlace",
  "age",
  // official numbers
  "nationalId",
  "taxId",
  "passport",
  "drivingLicence",
  "insuranceNumber",
  "licencePlate",
  "vin",
  // money
  "iban",
  "bic",
  "bankAccount",
  "cardNumber",
  "cardCvv",
  "cardExpiry",
  "income",
  // devices
  "ipAddress",
  "macAddress",
  "imei",
  "deviceId",
  "userAgent",
  "url",
  // secrets
  "password",
  "passwordHash",
  "secret",
  "sessionId",
  // sensitive attributes (GDPR Art. 9) and their like
  "healthCode",
  "health",
  "gender",
  "religion",
  "ethnicity",
  "nationality",
  "maritalStatus",
  "politicalOpinion",
  "sexualOrientation",
  // things that may hold any of these
  "freeText",
  "document",
  "image",
  "signature",
  "biometric",
] as const;

/**
 * What a column may hold of a person, by which `when`, `classes` and `presets` of a policy tell columns: `email`,
 * `iban`, `freeText`.
 */
export type DataClass = (typeof DATA_CLASSES)[number];
