const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ""));

/** Who a table or a name is about. `customer_name` is a person's name, and so is `name` in a table of customers. */
export const PEOPLE_WORDS = words(`
  user users customer customers client clients employee employees emp staff person persons people personal contact contacts patient patients member members student students
  pupil pupils teacher teachers author authors actor actors actress artist artists director doctor doctors physician physicians nurse nurses guest guests passenger passengers applicant applicants
  candidate candidates subscriber subscribers owner owners tenant tenants driver drivers rider riders recipient recipients sender receiver beneficiary beneficiaries donor donors lead leads
  prospect prospects guardian guardians parent parents child children spouse partner partners witness participant participants attendee attendees voter voters worker workers manager managers
  agent agents reviewer reviewers assignee reporter signer signatory buyer buyers seller sellers borrower borrowers holder holders cardholder policyholder insured account accounts profile profiles
  composer composers singer musician performer speaker translator illustrator editor writer
  admin admins player players visitor visitors resident residents citizen citizens kd cust emp stud pat mother father lawyer salesperson representative supervisor holder
  kunde kunden benutzer nutzer mitarbeiter mitarbeiterin personen angestellte patientin schueler schuler lehrer arzt aerzte gast gaeste fahrer mitglied mitglieder bewerber empfaenger empfanger absender inhaber
  ansprechpartner teilnehmer mieter versicherter anwender
  personne personnes utilisateur utilisateurs employe employes salarie salaries membre membres eleve eleves etudiant etudiants medecin medecins invite passager candidat candidats
  locataire proprietaire adherent adherents abonne abonnes beneficiaire destinataire titulaire
  cliente clientes empleado empleados usuario usuarios persona personas paciente pacientes miembro alumno alumnos profesor medico conductor pasajero destinatario titular contacto contactos
  clienti dipendente dipendenti utente utenti persone paziente pazienti studente studenti medici socio soci contatto contatti anagrafica
  funcionario funcionarios pessoa pessoas aluno alunos membro membros contato contatos contribuinte usuaria
  klant klanten gebruiker gebruikers medewerker medewerkers werknemer persoon personen leden lid leerling docent huurder contactpersoon
  klient klienci klienta uzytkownik uzytkownicy pracownik pracownicy osoba osoby pacjent pacjenci czlonek uczen student lekarz kontakt kontakty odbiorca
  deltager deltagere medarbejder medarbejdere ansat bruger brugere laerer lege pasient ansatt bruker brukere asiakas asiakkaat henkilo henkilot tyontekija kayttaja potilas opiskelija jasen
  musteri musteriler kullanici kullanicilar calisan calisanlar personel hasta hastalar ogrenci ogrenciler uye uyeler kisi kisiler zakaznik zakaznici uzivatel uzivatele zamestnanec zamestnanci pacienti
  student studenti osoby ugyfel ugyfelek vevo vevok felhasznalo dolgozo dolgozok beteg betegek client clienti angajat angajati utilizator persoane korisnik korisnici kupac kupci zaposleni klienty
  polzovatel polzovateli sotrudnik sotrudniki pacient pokupatel kokyaku kaiin shain kanja клиент клиенты пользователь пользователи сотрудник сотрудники пациент пациенты пользователя клиента
  顧客 会員 社員 患者 客户 用户 员工 患者 pelanggan pengguna karyawan pasien siswa anggota people humans human individual individuals party parties adult adults husband wife mother father nok
  kund kunder anvandare anstalld anstallda medarbetare patienter medlem medlemmar elev elever larare mottagare`);

/** Words for a name. What it names is for the words around it to say. */
export const NAME_WORDS = words(
  "name names nm nom noms nombre nombres nome nomi nomes naam namen nazwa imie namn navn nimi nev neve nume nama ad adi jmeno nazev naziv ime имя имe название nev",
);

/** In front of or behind another name these change nothing: `home_phone`, `billing_email`, `phone2`. */
export const NEUTRAL_WORDS = words(`
  home work office business private personal primary secondary main alternate alternative alt other additional extra default current previous old new prev former original orig raw full short
  first second third last billing shipping ship bill invoice delivery mailing postal legal registered emergency daytime evening night contact to from by of the my your their his her for in and or de du des
  la le les el los las del di da do dos das der die das van het een och i w z na un une uno una num no nr number value val text txt str string field col column data info details src dst source target
  id key code encrypted enc masked decrypted plain clear normalized normalised lower canonical formatted local international intl national prim sec c s t tbl fld f v x y cust usr p m n in out
  order orders booking payment transaction trip visit case ticket request company firm organisation organization org school bank insurance policy card vehicle car house property store shop lieferant supplier suppliers vendor vendors
  privat geschaeft geschaeftlich haupt rechnung rechnungs liefer lieferungs firma maison domicile bureau travail facturation livraison casa trabajo oficina facturacion envio lavoro ufficio fattura spedizione casa
  trabalho cobranca entrega thuis werk facturatie levering dom praca faktura dostawa hem arbete svg png jpg jpeg img blob b64 base64`);

/** Behind a personal word these make it a fact about the thing, not the thing: `email_verified_at`, `phone_type`. */
export const HARMLESS_TAILS = words(`
  at count cnt counts type types typ status state flag flags enabled disabled verified confirmed validated verification sent valid invalid required optional format template templates subject length len size total amount price
  qty quantity level group groups category categories kind class created updated deleted changed modified date dates time timestamp ts day days month months year years version opt optin optout consent
  preference preferences pref prefs notification notifications alerts subscribed unsubscribed domain provider expires expired expiration attempts attempt tries label labels icon color locale language lang prefix suffix extension ext
  country currency issuer brand network bank policy rule rules required limit score index idx order position rank visible public method channel frequency interval opened clicked bounced bounce delivered queue
  anzahl art datum zeit aktiv bestaetigt gueltig tipo fecha estado data stato soort aantal rodzaj liczba antal typen fmt mode model models machine reason result results rate rates ratio percent percentage pct satz sats taux tasa score scores id ids uuid guid fk pk ref cost costs width height`);

/** In front of a personal word these make it a yes or no, or a number: `has_phone`, `num_emails`. */
export const HARMLESS_HEADS = words(`
  is has have had num count total nb max min avg sum can may should allow allows allowed enable enables disable use uses using requires require required show shows hide send sends notify receive receives wants accept accepts accepted
  opt marketing default ist hat tem est tiene`);

/** What a name is a name of, where it is no person's. */
export const THING_WORDS = words(`
  product products item items file files filename company companies organisation organization org business firm table column field schema database db host hostname server domain category categories class type group role roles
  permission event events plan project projects task tasks team teams department dept division branch brand model country countries city region state street bank school university college hospital course courses subject
  book movie film track album song genre playlist media store shop warehouse vendor supplier carrier shipper device app application package module service function method job queue topic tag tags label status color colour
  currency language locale theme template page menu report metric unit size material sku feature function game level campaign channel list folder directory image document attachment key parameter param setting config option attribute
  property variable constraint index trigger view sequence node cluster pod region zone process thread program script plugin widget policy rule test suite version release build repo repository branch commit species breed
  produkt artikel firma datei abteilung gruppe rolle projekt land laender stadt bank schule kategorie marke produit fichier entreprise societe groupe pays ville ecole categorie marque producto archivo empresa
  grupo pais ciudad escuela categoria marca prodotto azienda gruppo paese produto ficheiro arquivo bedrijf bestand afdeling groep merk produkt plik firma grupa kraj foretag fil avdelning grupp territory station airport airline port
  dish recipe ingredient food drink restaurant hotel room building location place site venue planet star element chemical drug medicine disease condition symptom procedure skill certificate degree award prize sport league season
  order orders bestellung bestellungen auftrag commande commandes pedido pedidos ordine ordini encomenda bestelling zamowienie bestallning ordre tilaus siparis objednavka rendeles comanda zakaz zakazy
  produkte artikelen articulo articulos articoli artigo artigos vare varer vara varor tuote tuotteet urun urunler vyrobek vyrobky zbozi termek termekek produse proizvod proizvodi tovar tovary shohin barang produk товар товары
  title titles titel titre titulo titolo titulos brands marke marken marchio make maker manufacturer hersteller lieferant fournisseur proveedor fornitore fornecedor leverancier dostawca leverantor campaigns
  ad ads advert slogan headline subject thema sujet theme series episode episodes show video videos song songs tracks books films movies game games toy toys pizza wine beer
  stadium match account_type api oauth oauth2 http smtp sql cron system systems integration webhook client_app industry sector stock ticker symbol fund index exchange market segment tier package bundle coupon discount promo promotion offer deal payment gateway processor
  gl ledger fare fares part parts err error errors bin shelf rack aisle slot`);

/** What flags of a fact about a person are called with: `disability_flag` says the fact itself. */
export const FACT_WORDS = words("is has have had flag flags status state ind indicator yn");

/** Behind what somebody earns these say nothing more: `salary_amount`. */
export const AMOUNT_WORDS = words("amount amt total rate sum monthly annual");

/** Behind what is measured of a body these say how: `hba1c_pct`. */
export const MEASURE_WORDS = words(
  "pct percent percentage level rate score result results value avg min max last date desc description txt",
);

/** What bodies have and parcels as well. */
export const BODY_WORDS = words("weight height steps step gewicht poids peso glucose alcohol");

/** Names that were given for want of one: `field_07`, `column3`. They tell of no thing. */
export const PLACEHOLDERS = words("field fields column attribute parameter option key property variable");

/** What has pictures that show nobody. */
export const PICTURED_THINGS = words(`
  logo logos icon icons banner banners sprite sprites wallpaper cover product products item items article articles brand brands category categories sku map chart diagram qr barcode produkt artikel produit producto prodotto`);

/** Short words that mean something else as often: they count for little until the values agree. */
export const WEAK_WORDS = words(`
  lat long lon lng geo str via lan cap cp cf uf pan sin pin tin ein rut run rg ort kon ras rasa raza razza race fin nit spi ral eta age alter edad wiek kreis county state region district province canton kanton line1 line2 road suite
  session sid token tokens salt secret cookie sequence handle nick note about memo message messages chat bio mac cc dx cell mob portable mobil mobiel born birth faith treatment prescription first last session cuenta konto conto plaque
  plate placa targa matricula kennung identifiant pseudo firma huella plaats commune comune gemeinde kommun place city ville town ip coord coords coordinates coordinate picture photo image avatar foto signature signatur author sex bonus
  diagnostic bullets salt tarjeta kunde titular titolare utente usuario portrait nir nin nif cif nip nie otp iris dna cid credential credentials diagnose allergie alergia traitement tratamiento bairro colonia complemento
  toevoeging vencimento renda loon lohn lon senha morada rue calle gata gsm emso inn abn pps ppsn website websiteurl healthstatus photopath picturepath avatarpath photofile nino rib blz bsb ccc nib domicilio distrito naturalidade correo poczta correios mel identity genre notas notes comment comments remark
  legalname first last given family initial initials mei sei ad adi isim by il din cim yas pol fio ime imena grad kraj naslov strada neme ika katu vej vei gade odos poli fylo rz spz psc cap dn ddn obs ulica dom etage stat uprn
  notlar aciklama keterangan catatan kota agama oras nabozenstvo adresa adres adress cep estado uf stato regio regiao party smoker pregnant misto mesto obec okres vek oblast pochta logi kennung namev sortl parnr
  familia familija prenume reden hometown 名 姓 пол дом тел индекс почта имя familiya cislo uyruk plaka yorum biko city1 city2 reg regnumber regno regnr observ
  remarks bericht handicap married pronoun pronouns herkunft uwaga
  st registrationnumber eid deceased sen dependents dependants pension earnings partei parti partido partito kinder hijos figli filhos
  vaccine ani caller callee pax pep puls drg diag deficiente veteran earnings ctc`);

/** Words of weak names that are strong enough where an address stands beside them. */
export const ADDRESS_NEIGHBOURS = words(`
  street address addr zip zipcode postcode postal city town strasse plz ort rue ville cp calle ciudad direccion via cap citta indirizzo cep rua cidade endereco straat postcode plaats ulica kod miasto gata postnummer address1 address2 addresses`);
