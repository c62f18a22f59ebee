import type { DataClass } from "../../policy/class-names.ts";

type Words = Readonly<Partial<Record<DataClass, string>>>;

/** What columns are called in one field of work, where `class-words.ts` has the words of all. Written as there. */
const BY_FIELD: Readonly<Record<string, Words>> = {
  hospital: {
    health: `deceased, date of death, cause of death, chief complaint, presenting complaint, injury, injuries, injury description, body part injured, adverse event, ae term, ae description, concomitant medication, con med,
      conmed, drug name taken, comorbidity, comorbidities, anamnesis, anamnese, heart rate, resting hr, resting heart rate, resting pulse, pulse rate, puls, hr bpm, bpm avg, avg hr, max hr, spo2, oxygen saturation, systolic, diastolic,
      systolic bp, diastolic bp, blood glucose, glucose, cholesterol, hba1c, body temperature, body fat, body fat pct, body mass index, body weight, body height, koerpergewicht, korpergewicht, koerpergroesse, korpergrosse,
      weight kg, weight lb, weight lbs, height cm, height in, steps, step count, daily steps, sleep minutes, sleep hours, organ donor, organspender, dnr, do not resuscitate, mental health, substance use, alcohol use, alcohol,
      tobacco use, drinking, drinking habits, drinking status, smoking, smoking status, raucher, fumeur, fumador, fumatore, fumante, menstrual cycle, cycle day, due date pregnancy, immunization, vaccine, vaccines, impfung, impfstatus, vaccin, vacuna, vaccino, vacina,
      schwerbehindert, grad der behinderung, behindert, pflegegrad, pflegestufe, invalidite, discapacitado, disabile, deficiente, invalidita, poids, peso, weight, height, gewicht`,
    healthCode:
      "admit dx, discharge dx, primary dx, secondary dx, icd 10 cm, meddra code, snomed ct, diag code, diag, diag 1, diag 2, drg, drg code, hcpcs",
    middleName: "subject initials, subj init, patient initials, pt init",
    gender: "administrative sex, administrative gender, sex at birth, birth sex",
  },
  school: {
    income:
      "free lunch, free school meals, free meals, fsm, pupil premium, low income, welfare recipient, food stamps, snap benefits, social assistance, sozialhilfe, hartz iv, buergergeld, boursier, bolsa familia, becado",
    health: "sen status, sen, special educational needs, iep, iep status, 504 plan, ehcp, allergies and diet",
  },
  payroll: {
    income: `garnishment, wage garnishment, child support, alimony, severance, pension, earnings, gross earnings, gross amount pay, ytd gross, ytd net, overtime pay, commission earned, stipend, ctc, pay grade amount,
      lohnsumme, brutto lohn, netto lohn, grundgehalt, traitement brut, salaire net, remuneration brute, nomina, retribucion, retribuzione, lordo mensile, netto mensile, remuneracao, ordenado`,
    maritalStatus: `filing status, tax filing status, dependents, dependants, number of dependents, num dependents, kids, num kids, number of kids, number of children, num children, children count, no of children, kinder, anzahl kinder, kinderfreibetrag, steuerklasse,
      nombre enfants, nb enfants, situation de famille, hijos, numero de hijos, numero hijos, figli, numero figli, filhos, numero de filhos, dependentes`,
    politicalOpinion:
      "union local, union code, union name, union dues, union membership no, labor union, labour union, gewerkschaftsbeitrag, afiliacion sindical, sindicalizado, iscrizione sindacale, tessera sindacale, filiacao sindical",
    ethnicity: "eeo race, eeo ethnicity, eeo category, veteran, veteran status, is veteran, protected veteran, military status",
  },
  government: {
    politicalOpinion:
      "pep, pep flag, is pep, politically exposed, politically exposed person, party registration, registered party, voter party, parti politique, partei, parti, partido, partito, donated to party",
    ethnicity:
      "eye color, eye colour, hair color, hair colour, complexion, augenfarbe, haarfarbe, couleur yeux, couleur des yeux, color ojos, color de ojos, colore occhi, cor olhos, mother tongue, native language, home language, muttersprache, langue maternelle, lengua materna, lingua madre, lingua materna, indigenous, indigena, aboriginal, aboriginal status, indigenous status, quilombola, tribal affiliation, migrationshintergrund",
    nationality: "immigration status, visa status, visa type, residency status, aufenthaltsstatus, aufenthaltstitel",
    health: "benefit claimant, disability benefit",
    religion:
      "church member, kirchenmitglied, kirchenmitgliedschaft, kirchensteuerpflichtig, parish, baptized, baptised, getauft, dietary requirement, dietary requirements, meal pref, meal preference, special meal, meal code",
  },
  telephony: {
    phone:
      "calling party, called party, calling number, called number, calling no, called no, caller number, callee number, caller, callee, caller id, a number, b number, ani, dnis, from number, to number, subscriber number, originating number, terminating number, dialed number, dialled number, rufnummer a, rufnummer b",
  },
  travel: {
    fullName: "pax, pax name, traveler, traveller, traveler name, traveller name, lead passenger",
    userName:
      "frequent flyer, frequent flyer number, frequent flyer no, ff no, ff number, ffn, ffp number, loyalty number, loyalty no, loyalty card number, loyalty card",
    secret: "record locator, pnr locator, booking locator",
    passport: "visa number, travel document, travel document number",
  },
};

/** A class and how columns of it are called, once for each field. */
export const CLASS_WORDS_BY_FIELD: readonly (readonly [DataClass, string])[] = Object.values(BY_FIELD).flatMap(
  (words) => Object.entries(words) as [DataClass, string][],
);
