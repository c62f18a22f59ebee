import type { DataClass } from "../../policy/class-names.ts";
import type { WordsByLanguage } from "./class-words.ts";
import { CLASS_WORDS_OF_THE_NORTH } from "./class-words-of-the-north.ts";
import { CLASS_WORDS_OF_THE_SOUTHEAST } from "./class-words-of-the-southeast.ts";

/**
 * What columns are called in languages that `class-words.ts` has little or nothing of, and in the tables of SAP, which names them after German. Written as
 * there; what has a script of its own stands in it as well.
 */
const BY_LANGUAGE: WordsByLanguage = {
  sap: {
    firstName: "namev, rufnm, name first",
    middleName: "midnm, inits",
    lastName: "nach 2, name last",
    maidenName: "gbnam",
    fullName: "cname, sortl, mcod 1, mcod 2, ansp, parnr name, name text",
    userName: "ernam, aenam, usnam, uname, bname, ernam, crnam",
    email: "smtp addr, smtp address",
    phone: "telnr, tel number, telnr long, mob number",
    streetAddress: "house num 1, str suppl 1, pfach",
    city: "ort 02, city 1, city 2",
    region: "regio",
    postcode: "pstl 2, post code 1, post code 2",
    birthPlace: "gbort, gblnd",
    gender: "gesch",
    religion: "konfe, kitxt",
    nationality: "natio, nati 2, nati 3",
    maritalStatus: "famst",
  },
  ...CLASS_WORDS_OF_THE_NORTH,
  ...CLASS_WORDS_OF_THE_SOUTHEAST,
  japanese: {
    firstName: "mei, mei kana, 名, 名前 名",
    lastName: "sei, sei kana, myoji, 姓, 苗字",
    fullName: "shimei, simei, namae, shimei kana, furigana, 氏名, お名前, 名前, フリガナ, ふりがな, 氏名カナ, 担当者名, 顧客名",
    email: "mail address, メール, メールアドレス",
    phone: "denwa, denwa bango, denwabango, tel bango, keitai, keitai bango, 電話, 電話番号, 携帯電話, 携帯番号",
    streetAddress: "banchi, 番地",
    postalAddress: "jusho, juusho, jyusho, 住所, 自宅住所",
    city: "shikuchoson, 市区町村",
    region: "todofuken, 都道府県",
    postcode: "yubin bango, yubinbango, yuubin bangou, 郵便番号",
    birthDate: "seinengappi, seinen gappi, tanjobi, tanjoubi, 生年月日, 誕生日",
    age: "nenrei, 年齢",
    gender: "seibetsu, seibetu, 性別",
    nationality: "kokuseki, 国籍",
    freeText: "biko, bikou, 備考, コメント",
  },
  chineseAndKorean: {
    firstName: "mingzi, 名字",
    lastName: "xingshi, 姓氏",
    fullName: "xingming, 姓名, 客户姓名, 联系人, 收货人, 이름, 성명, 고객명",
    email: "youxiang, 邮箱, 电子邮件, 이메일",
    phone: "dianhua, shouji, shoujihao, 电话, 手机, 手机号, 手机号码, 联系电话, 전화번호, 휴대폰, 연락처",
    postalAddress: "dizhi, 地址, 住址, 收货地址, 주소",
    city: "chengshi, 城市, 도시",
    postcode: "youbian, 邮编, 邮政编码, 우편번호",
    birthDate: "shengri, chusheng riqi, 生日, 出生日期, 생년월일",
    age: "nianling, 年龄, 나이",
    gender: "xingbie, 性别, 성별",
    ethnicity: "minzu, 民族",
    nationality: "guoji, 国籍, 국적",
    freeText: "beizhu, 备注, 비고",
  },
  indonesianAndMalay: {
    firstName: "nama depan",
    lastName: "nama belakang, nama keluarga",
    fullName: "nama lengkap, nama pelanggan, nama penuh, nama ibu kandung",
    phone: "no telepon, nomor telepon, no hp, nomor hp, telepon",
    postalAddress: "alamat, alamat rumah",
    city: "kota",
    postcode: "kode pos, poskod",
    birthDate: "tanggal lahir, tgl lahir, tarikh lahir",
    birthPlace: "tempat lahir",
    gender: "jenis kelamin, jantina",
    religion: "agama",
    freeText: "catatan, keterangan",
  },
  more: {
    firstName: "frst name, first, given, name given, eigenname",
    middleName: "initials, initial, voorletters, initialen, initiales, iniciales, tussenv, second given name",
    lastName: "last, family, name family",
    fullName:
      "mothers name, fathers name, mother name, father name, husband name, wife name, spouse name, nok name, nome mae, nome pai, nome da mae, assistant name, name on account",
    city: "cty, home town, hometown, town city, city town, suburbio",
    postcode: "post code, pst code, zip postal, zip postal code",
    birthDate:
      "date of brth, brth date, bth date, birth day month, geburt, birthdate text, data nasc, dn, ddn, fec nac, fec nacimiento",
    age: "age group, age band, age range, age bracket, altersgruppe, tranche age",
    cardNumber: "last 4, last four, last four digits, last 4 digits, card last 4, card last four",
    insuranceNumber:
      "krankenversichertennummer, krankenversicherten nummer, medicare id, medicaid number, member insurance number, insurance member number, insurer member number, insured number",
    taxId: "employer id, employer id number, employer identification number, clave fiscal",
    bankAccount: "kto",
    income: "compensation, annual compensation, total compensation, base pay, gross pay, net pay, take home pay, remuneration",
    politicalOpinion: "union member, trade union member, party member",
    passwordHash: "pin hash, hashed pin, password hashed",
    userName: "gamertag, gamer tag, steam id, psn id, xbox id, xuid, discord id, player tag, battletag",
    healthCode: "ndc, national drug code, drug code, medication code, atc code, loinc code, allergy code",
    ipAddress: "ip long, ip int, ip num, ip number, ip decimal, ip bin, ip binary",
    imei: "sim number, sim serial, sim serial number, eid, iccid number, imsi number",
    deviceId: "push tok, device push token, ga client id, google client id, fbp, fbc, gclid, fbclid",
    biometric: "face embedding vector, face vector, voice embedding, face descriptor",
    region: "st",
    health:
      "disability, disabilities, disabled person, diabetic, asthmatic, epileptic, hiv positive, immunocompromised, pregnant, pregnancy, smoker, hiv status, special needs, special need, chronic illness",
    licencePlate:
      "registration mark, registration number, reg number, registration number plate, vehicle plate, car plate, patente vehiculo",
    passport: "pp number, pass port number, pasaporte numero",
    freeText:
      "obs, observ, special request, special requests, additional notes, further information, reden, motif libre, delivery notes, order notes, staff notes, driver notes",
    coordinates: "geo lat lng, latitude longitude, home location",
  },
};

/** A class and how columns of it are called, once for each language. */
export const CLASS_WORDS_ABROAD: readonly (readonly [DataClass, string])[] = Object.values(BY_LANGUAGE).flatMap(
  (words) => Object.entries(words) as [DataClass, string][],
);
