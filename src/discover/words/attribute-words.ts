import type { DataClass } from "../../policy/class-names.ts";

const words = (text: string): ReadonlySet<string> => new Set(text.split(",").map((word) => word.trim()));

/** What columns of a few fixed words hold, in lower case. A column is of a class when nearly all of its words are. */
export const ATTRIBUTE_WORDS: Readonly<Partial<Record<DataClass, ReadonlySet<string>>>> = {
  gender: words(
    `m, f, w, d, x, u, male, female, man, woman, men, women, boy, girl, nonbinary, non-binary, non binary, diverse, divers, other, unknown, prefer not to say, mann, frau, männlich, maennlich, weiblich, keine angabe,
    herr, homme, femme, masculin, féminin, feminin, hombre, mujer, masculino, femenino, varon, varón, uomo, donna, maschio, femmina, femminile, maschile, homem, mulher, feminino, vrouw, mannelijk, vrouwelijk,
    kobieta, mężczyzna, mezczyzna, kvinna, kvinde, mand, mr, mrs, ms, miss, mr., mrs., ms., mx, monsieur, madame, m., mme, mlle, señor, señora, sr, sra, sig, sig.ra, pan, pani, dhr, mevr, he/him, she/her, they/them,
    transgender, genderqueer, agender, genderfluid`,
  ),
  religion: words(
    `christian, christianity, catholic, roman catholic, protestant, orthodox, lutheran, anglican, baptist, methodist, evangelical, muslim, islam, sunni, shia, jewish, judaism, hindu, hinduism, buddhist, buddhism, sikh, sikhism,
    atheist, agnostic, none, other, jain, mormon, römisch-katholisch, katholisch, evangelisch, muslimisch, jüdisch, konfessionslos, rk, ev, catholique, protestant, musulman, juif, athée, católico, catolico, musulmán, judío, ateo,
    cattolico, protestante, musulmano, ebreo, katholiek, protestants, moslim, joods, katolik, prawosławny, protestantisk, katolsk`,
  ),
  ethnicity: words(
    `white, black, asian, hispanic, latino, latina, latinx, hispanic or latino, not hispanic or latino, african american, black or african american, caucasian, native american, american indian, american indian or alaska native,
    pacific islander, native hawaiian, native hawaiian or other pacific islander, mixed, multiracial, two or more races, middle eastern, south asian, east asian, white british, black caribbean, black african, roma, arab, han, other, unknown, nonhispanic, native`,
  ),
  maritalStatus: words(
    `single, married, divorced, widowed, separated, engaged, partnered, domestic partner, domestic partnership, civil partnership, never married, unmarried, s, m, d, w, ledig, verheiratet, geschieden, verwitwet, getrennt lebend,
    célibataire, celibataire, marié, mariée, marie, divorcé, divorcée, veuf, veuve, pacsé, pacs, soltero, soltera, casado, casada, divorciado, divorciada, viudo, viuda, celibe, nubile, coniugato, coniugata, sposato, divorziato,
    vedovo, solteiro, solteira, viúvo, viúva, ongehuwd, gehuwd, gescheiden, weduwe, kawaler, panna, żonaty, mężatka, rozwiedziony, wdowiec, ogift, gift, skild, änka`,
  ),
  health: words(
    `a+, a-, b+, b-, ab+, ab-, o+, o-, 0+, 0-, a pos, a neg, b pos, b neg, ab pos, ab neg, o pos, o neg, diabetes, hypertension, asthma, cancer, depression, anxiety, hiv, epilepsy, arthritis, copd, obesity, penicillin, peanuts, latex,
    positive, negative, smoker, non-smoker, former smoker, never smoker, migraine, pneumonia, bronchitis, influenza, covid-19, tuberculosis, hepatitis, stroke, heart failure, angina, anemia, eczema, psoriasis, osteoporosis, dementia,
    alzheimer's disease, parkinson's disease, schizophrenia, bipolar disorder, adhd, autism, chest pain, abdominal pain, back pain, shortness of breath, headache, dizziness, nausea, vomiting, fever, cough, fatigue, rash, diarrhea,
    fracture, concussion, whiplash, sprain, appendicitis, type 1 diabetes, type 2 diabetes, metformin, lisinopril, atorvastatin, simvastatin, amlodipine, omeprazole, ibuprofen, paracetamol, acetaminophen, aspirin, amoxicillin,
    insulin, levothyroxine, sertraline, fluoxetine, losartan, warfarin, prednisone, gabapentin, sulfa, kopfschmerzen, übelkeit, fieber, husten, rückenschmerzen, bluthochdruck, grippe, hypertension artérielle, asthme, fièvre, toux,
    hipertensión, fiebre, tos, asma, ipertensione, febbre, tosse, diabete, hipertensão, febre`,
  ),
  politicalOpinion: words(
    `democrat, democratic, republican, libertarian, independent, green, greens, labour, conservative, liberal, liberal democrats, lib dem, tory, snp, plaid cymru, reform uk, spd, cdu, csu, cdu/csu, fdp, afd, die linke, die grünen,
    psoe, vox, sumar, podemos, ciudadanos, les républicains, eelv, lfi, rassemblement national, renaissance, forza italia, fratelli d'italia, lega, partito democratico, psdb, psol, mdb, social democrat, socialist, communist,
    christian democrat, left-wing, right-wing, centrist, none, other, unknown`,
  ),
  sexualOrientation: words(
    "heterosexual, homosexual, bisexual, gay, lesbian, straight, asexual, pansexual, queer, heterosexuell, homosexuell, bisexuell, other, unknown, prefer not to say",
  ),
};

/** Words of several classes, and of harmless columns: alone they tell nothing. */
export const COMMON_WORDS = words(
  "other, unknown, none, m, d, w, s, f, x, u, positive, negative, single, prefer not to say, native, mixed, straight, black, white, pan, gift, rk, ev, sr, engaged, separated, gay, boy, girl, independent, green, greens, renaissance, liberal, conservative, labour, mdb, fdp, lega, vox, sumar, sprain, fracture, insulin",
);
