import type { ColumnKind } from "../src/contracts.ts";

/** A column with the class that a person gave it. */
export interface LabelledColumn {
  readonly table: string;
  readonly name: string;
  readonly kind?: ColumnKind;
  /** Classes that are right, with | between; null where the column is harmless. */
  readonly label: string | null;
  readonly values: readonly (string | null)[];
}

/** One column a line: table.column[:kind], what it is (- for harmless), some values with ; between. All values are made up or well-known examples. */
const LINES = `
users.id:integer|-|1;2;3;4;5;6;7;8;9;10
users.login|userName|jdoe;asmith;mbrown;kwhite;lgreen;tblack
users.first_name|firstName|John;Anna;Mark;Kate;Laura;Tom;Peter
users.lastName|lastName|Doe;Smith;Brown;White;Green;Black;Jones
users.displayname|fullName,userName|John Doe;Anna Smith;Mark Brown;Kate White;Laura Green
users.email|email|j.doe@example.com;anna@example.org;mark.b@example.net;kate@example.com
users.password_digest|passwordHash,password|$2b$12$abcdefghijklmnopqrstuv1234567890ABCDEFGHIJKLMNOPQRSTU;$2b$12$zbcdefghijklmnopqrstuv1234567890ABCDEFGHIJKLMNOPQRSTU
users.pw|passwordHash|$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA;$argon2id$v=19$m=65536,t=3,p=4$b3RoZXI$bW9yZQ
users.last_sign_in_ip|ipAddress|203.0.113.5;198.51.100.7;192.0.2.200;203.0.113.77
users.last_login_at:timestamp|-|2024-03-01 10:00:00;2024-04-02 11:30:00;2024-05-01 09:00:00
users.is_active:boolean|-|t;f
users.role|-|admin;editor;viewer
users.locale|-|en_US;de_DE;fr_FR;es_ES
users.timezone|-|Europe/Berlin;America/New_York;Asia/Tokyo;UTC
users.created_at:timestamp|-|2023-01-01 00:00:00;2023-06-05 08:00:00
users.email_verified_at:timestamp|-|2023-01-01 00:00:00;2023-06-05 08:00:00
users.email_opt_in|-|yes;no
users.sign_in_count:integer|-|4;7;19;22;1;90
users.reset_password_token|secret|9f8c7d6e5b4a39281706f5e4d3c2b1a0;0a1b2c3d4e5f60718293a4b5c6d7e8f9;aa1b2c3d4e5f60718293a4b5c6d7e8f9
users.avatar_url|url,image|https://cdn.example.com/a/1.png;https://cdn.example.com/a/2.png
users.status|-|active;blocked;invited
customers.customer_name|fullName|Maria Anders;Ana Trujillo;Thomas Hardy;Elizabeth Lincoln;Yang Wang
customers.company_name|-|Alfreds Futterkiste;Around the Horn;Bottom-Dollar Markets;Ernst Handel
customers.contact_title|-|Sales Representative;Owner;Order Administrator;Accounting Manager
customers.phone_number|phone|(503) 555-7555;(206) 555-9857;(171) 555-4444;(503) 555-9573
customers.dob:date|birthDate|1980-02-03;1975-12-01;1990-07-30;1962-05-05
customers.birthYear:integer|birthDate|1980;1975;1990;1962
customers.gender|gender|male;female;other
customers.loyalty_points:integer|-|120;4500;33;870
customers.segment|-|gold;silver;bronze
customers.annual_income:decimal|income|52000.00;71000.50;39000.00;120000.00
customers.age:integer|age|34;45;23;67;51
customers.ssn|nationalId|219-09-9999;078-05-1120;457-55-5462;001-23-4567
customers.tax_number|taxId|12345678903;98765432103;11122233344
customers.addr_line_1|streetAddress|12 Oak Street;99 Elm Avenue;4 Pine Road;77 Maple Drive
customers.town|city|Springfield;Madison;Georgetown;Salem
customers.zip|postcode|94025;10001;60601;73301
customers.country|-|USA;Germany;France;Spain
customers.lat:decimal|coordinates|52.5200;48.1371;50.1109;53.5511
customers.lng:decimal|coordinates|13.4050;11.5754;8.6821;9.9937
customers.notes|freeText|Called on Monday, wants a refund;Prefers mail;VIP since 2019, be kind
customers.marketing_consent:boolean|-|t;f
customers.facebook|userName,url|jane.doe.90;max_power;lena.m
kunden.vorname|firstName|Hans;Petra;Jürgen;Sabine;Uwe
kunden.nachname|lastName|Müller;Schmidt;Schneider;Fischer;Weber
kunden.geburtsdatum:date|birthDate|1970-01-31;1984-10-02;1991-03-03
kunden.strasse_hausnummer|streetAddress|Hauptstraße 5;Bahnhofstr. 12a;Gartenweg 3
kunden.plz|postcode|10115;80331;20095;50667
kunden.wohnort|city|Berlin;München;Hamburg;Köln
kunden.telefonnummer|phone|030 901820;089 1234567;+49 151 12345678
kunden.steuerId|taxId,nationalId|36574261809;47036892816;86095742719
kunden.kundennummer|-|K-10001;K-10002;K-10003
kunden.bemerkung|freeText|Bitte nur vormittags anrufen;Zahlt immer pünktlich;Hat zweimal reklamiert
kunden.anrede|gender|Herr;Frau
kunden.kontonummer|bankAccount|1234567890;9876543210;5556667778
kunden.status|-|aktiv;inaktiv;gesperrt
clients.prenom|firstName|Jean;Marie;Luc;Chloé;Pierre
clients.nom|lastName,fullName|Dupont;Martin;Bernard;Durand
clients.date_naissance:date|birthDate|1970-01-31;1984-10-02;1991-03-03
clients.adresse_rue|streetAddress|12 rue de la Paix;3 avenue Foch;7 place Bellecour
clients.code_postal|postcode|75002;69002;13001
clients.ville|city|Paris;Lyon;Marseille
clients.numero_securite_sociale|nationalId|255081416802538;180126955222380
clients.courriel|email|jean@example.fr;marie@example.fr
clients.commentaires|freeText|Livrer le matin;Client difficile;Rappeler en mars
clientes.nombre|firstName,fullName|Juan;María;Carlos;Lucía
clientes.apellido1|lastName|García;Martínez;López;Sánchez
clientes.dni|nationalId|54362315K;12345678Z;87654321X
clientes.fecha_nacimiento:date|birthDate|1970-01-31;1984-10-02
clientes.direccion|streetAddress,postalAddress|Calle Mayor 3;Avenida de América 12;Plaza España 1
clientes.telefono|phone|912 345 678;+34 612 345 678;933 123 456
clientes.correo_electronico|email|juan@example.es;maria@example.es
clienti.cognome|lastName|Rossi;Bianchi;Ferrari;Russo
clienti.codice_fiscale|taxId,nationalId|RCCMNL83S18D969H;RSSMRA85T10A562S
clienti.indirizzo|streetAddress,postalAddress|Via Roma 1;Corso Garibaldi 22;Piazza Dante 4
clienti.data_nascita:date|birthDate|1970-01-31;1984-10-02
clienti.cap|postcode|00100;20121;80132
clientes_br.cpf|taxId,nationalId|390.533.447-05;231.002.999-00
clientes_br.sobrenome|lastName|Silva;Santos;Oliveira
clientes_br.endereco|streetAddress,postalAddress|Rua das Flores 10;Avenida Paulista 900
clientes_br.celular|phone|(11) 91234-5678;(21) 99876-5432
klanten.voornaam|firstName|Jan;Sanne;Pieter;Lotte
klanten.achternaam|lastName|de Vries;Jansen;Bakker;Visser
klanten.geboortedatum:date|birthDate|1970-01-31;1984-10-02
klanten.huisnummer|streetAddress|12;3a;45;101
klanten.bsn|nationalId|111222333;123456782
klanten.woonplaats|city|Amsterdam;Utrecht;Rotterdam
klienci.imie|firstName|Jan;Anna;Piotr;Katarzyna
klienci.nazwisko|lastName|Kowalski;Nowak;Wiśniewski
klienci.pesel|nationalId|44051401359;92071314764
klienci.kod_pocztowy|postcode|00-001;30-059
klienci.nr_telefonu|phone|+48 601 234 567;+48 22 123 45 67
kunder.fornamn|firstName|Lars;Karin;Anders;Eva
kunder.personnummer|nationalId|880320-0016;8803200016
kunder.epost|email|lars@example.se;karin@example.se
payments.card_number|cardNumber|4111 1111 1111 1111;5555555555554444;378282246310005
payments.cvv|cardCvv|123;4321;999
payments.exp_month:integer|cardExpiry|1;12;7;9
payments.card_brand|-|visa;mastercard;amex
payments.iban|iban|DE89370400440532013000;GB82WEST12345698765432;FR1420041010050500013M02606
payments.bic|bic|DEUTDEFF;COBADEFFXXX;BNPAFRPP
payments.amount:decimal|-|10.00;250.99;3.50
payments.currency|-|EUR;USD;GBP
payments.reference|-|INV-2024-001;INV-2024-002;INV-2024-003
payments.transaction_id:uuid|-|3f2504e0-4f89-41d3-9a0c-0305e82c3301;3f2504e0-4f89-41d3-9a0c-0305e82c3302
payments.account_number|bankAccount|12345678;87654321;11112222
payments.paid_at:timestamp|-|2024-03-01 10:00:00;2024-03-02 10:00:00
payments.cardholder|fullName|JANE DOE;MAX POWER;LENA MEYER
payments.method|-|card;sepa;paypal
orders.id:integer|-|1;2;3;4
orders.ship_name|fullName|Vins et alcools Chevalier;Toms Spezialitäten;Hanari Carnes
orders.ship_address|streetAddress,postalAddress|59 rue de l'Abbaye;Luisenstr. 48;Rua do Paço, 67
orders.ship_city|city|Reims;Münster;Rio de Janeiro
orders.ship_region|region|RJ;SP;WY
orders.ship_via:integer|-|1;2;3
orders.freight:decimal|-|32.38;11.61;65.83
orders.state|-|open;paid;shipped;cancelled
orders.order_date:date|-|2024-01-01;2024-02-01;2024-03-01
orders.session|sessionId,secret|a8f5f167f44f4964e6c998dee827110c;b8f5f167f44f4964e6c998dee827110c;c8f5f167f44f4964e6c998dee827110c;d8f5f167f44f4964e6c998dee827110c
orders.tracking_number|-|1Z999AA10123456784;1Z999AA10123456785;1Z999AA10123456786
orders.delivery_instructions|freeText|Leave at the door;Ring twice;Call before
orders.discount:float|-|0.1;0.25;0.05
orders.customer_email|email|a@example.com;b@example.com
products.name|-|Chai;Chang;Aniseed Syrup;Chef Anton's Gumbo Mix
products.sku|-|SKU-001-A;SKU-002-B;SKU-003-C
products.ean|-|4006381333931;5901234123457;9780201379624;4012345678901
products.description|-|A fine tea from the hills;Dark beer, 24 bottles;Sweet and salty sauce
products.weight:decimal|-|1.50;0.75;12.00
products.color|-|red;green;blue
products.url|-|https://shop.example.com/chai;https://shop.example.com/chang
products.version|-|1.2.3;1.2.4;2.0.0
products.unit_price:decimal|-|18.00;19.00;10.00
products.category_name|-|Beverages;Condiments;Seafood
products.image_path|-|/img/1.png;/img/2.png
products.quantity_per_unit|-|10 boxes x 20 bags;24 - 12 oz bottles;48 - 6 oz jars
employees.salary:decimal|income|52000;61000;47000
employees.hire_date:date|-|2010-01-01;2015-05-01;2020-09-01
employees.department|-|Sales;Engineering;Support
employees.manager_name|fullName|Nancy Davolio;Andrew Fuller;Janet Leverling
employees.religion|religion|catholic;protestant;muslim;none
employees.marital_status|maritalStatus|single;married;divorced
employees.nationality|nationality|German;French;Polish
employees.home_phone|phone|(206) 555-9857;(206) 555-9482
employees.extension|-|5467;3457;3355;5176
employees.photo:bytes|image|\\x89504e470d0a1a0a0000000d;\\xffd8ffe000104a464946
employees.reports_to:integer|-|2;5
employees.title_of_courtesy|gender|Mr.;Ms.;Mrs.;Dr.
employees.passport_no|passport|C01X00T47;L898902C3
employees.ethnicity|ethnicity|asian;hispanic;white
employees.job_title|-|Engineer;Accountant;Clerk
patients.mrn|insuranceNumber|MRN0012345;MRN0012346
patients.diagnosis_code|healthCode|E11.9;I10;J45.909;S72.001A
patients.diagnosis|health|Type 2 diabetes;Hypertension;Asthma
patients.blood_type|health|A+;O-;AB+
patients.name|fullName|Jane Doe;Max Power;Lena Meyer
patients.admitted_on:date|-|2024-01-01;2024-02-02
patients.ward|-|B2;C1;ICU
patients.insurance_number|insuranceNumber|A123456780;B987654321
patients.next_of_kin|fullName|Karl Meyer;Paula Power
patients.nhs_number|insuranceNumber,nationalId|943 476 5870;943 476 5919
devices.mac|macAddress|00:1a:2b:3c:4d:5e;00-1A-2B-3C-4D-5F
devices.imei|imei|490154203237518;352099001761481
devices.user_agent|userAgent|Mozilla/5.0 (X11; Linux);Mozilla/5.0 (Macintosh)
devices.model|-|Pixel 8;iPhone 15;Galaxy S24
devices.firmware_version|-|1.0.0.1;1.0.0.2;1.2.0.5
devices.battery:integer|-|90;55;100;12
vehicles.vin|vin|1M8GDM9AXKP042788;1HGCM82633A004352
vehicles.license_plate|licencePlate|B-AB 1234;M-XY 99
vehicles.make|-|Ford;BMW;Toyota
vehicles.mileage:integer|-|120000;45000;9000
logs.message|freeText|User logged in;Timeout after 30 s;Mail sent to bob@example.com
logs.level|-|info;warn;error
logs.host|-|web-01;web-02;db-01
logs.path|-|/api/v1/orders;/health;/login
logs.remote_addr:network|ipAddress|203.0.113.9;198.51.100.2
logs.payload:json|document|{"email":"a@example.com","n":1};{"email":"b@example.com","n":2}
logs.meta:json|-|{"retries":1,"queue":"mail"};{"retries":2,"queue":"sms"}
logs.request_id|-|req-1;req-2;req-3
api_clients.client_secret|secret|c2VjcmV0LXNlY3JldC0x;c2VjcmV0LXNlY3JldC0y
api_clients.name|-|Importer;Exporter;Nightly job
api_clients.api_key|secret|AKIAIOSFODNN7EXAMPLE;AKIAI44QH8DHBEXAMPLE
api_clients.rate_limit:integer|-|100;1000
settings.key|-|theme;page_size;language
settings.value|-|dark;50;de
files.checksum|-|9e107d9d372bb6826bd81d3542a419d6;e4d909c290d0fb1ca068ffaddf22cbd0
files.file_name|-|report.pdf;data.csv;photo.png
files.mime_type|-|application/pdf;text/csv
files.size_bytes:integer|-|1200;99999
actor.first_name|firstName|PENELOPE;NICK;ED;JENNIFER
actor.last_name|lastName|GUINESS;WAHLBERG;CHASE;DAVIS
film.title|-|ACADEMY DINOSAUR;ACE GOLDFINGER;ADAPTATION HOLES
film.rating|-|PG;G;NC-17;R
film.release_year:integer|-|2006;2007;2005
film.language_id:integer|-|1;2
film.special_features|-|Trailers,Deleted Scenes;Commentaries
address.address|streetAddress,postalAddress|47 MySakila Drive;28 MySQL Boulevard;23 Workhaven Lane
address.address2|streetAddress|
address.district|region|Alberta;QLD;Nagasaki
address.postal_code|postcode|35200;17886;83579
city.city|-|Abha;Abu Dhabi;Acua
country.country|-|Afghanistan;Algeria;Angola
staff.username|userName|Mike;Jon
staff.picture:bytes|image|\\x89504e470d0a1a0a0000000d
store.manager_staff_id:integer|-|1;2
artist.name|fullName|Audioslave;Alice In Chains;Miles Davis
album.title|-|For Those About To Rock;Balls to the Wall
track.composer|fullName|Angus Young, Malcolm Young;Steven Tyler
genre.name|-|Rock;Jazz;Metal
invoice.billing_address|streetAddress,postalAddress|Theodor-Heuss-Straße 34;Ullevålsveien 14
invoice.billing_state|region|AB;CA;NSW
invoice.total:decimal|-|1.98;3.96
territories.territory_description|-|Westboro;Bedford;Georgetown;Boston
us_states.state_name|-|Alabama;Alaska;Arizona
region.region_description|-|Eastern;Western;Northern
shippers.phone|phone|(503) 555-9831;(503) 555-3199
shippers.company_name|-|Speedy Express;United Package
tickets.subject|-|Cannot log in;Refund please;Broken link
tickets.priority|-|high;low;medium
tickets.assignee|fullName,userName|Jane Doe;Max Power;Lena Meyer;Anna Smith;John Brown
tickets.body|freeText|Please call me at +1 212 555 0199;My card 4111 1111 1111 1111 fails;thanks
events.c1|email|a@example.com;b@example.com;c@example.com;d@example.com
events.c2|iban|DE89370400440532013000;GB82WEST12345698765432;FR1420041010050500013M02606;NL91ABNA0417164300
events.c3|cardNumber|4111111111111111;5555555555554444;4012888888881881;4242424242424242
events.c4|ipAddress|203.0.113.5;198.51.100.7;192.0.2.200;203.0.113.77
events.c5|phone|+49 30 901820;+44 20 7946 0018;+1 212 555 2368;+33 1 42 68 53 00
events.c6|secret|eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc;eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI5OTk5In0.def
events.c7|-|alpha;beta;gamma;delta;epsilon
events.c8:integer|-|100231;100232;100233;100234;100235;100236;100237;100238;100239
events.c9|-|AA-1;AA-2;BB-1;BB-2
events.c10|-|2024-01-01;2024-01-02;2024-01-03;2024-01-04
events.type|-|click;view;purchase
events.duration_ms:integer|-|12;340;99
`;

export const LABELLED_COLUMNS: readonly LabelledColumn[] = LINES.trim()
  .split("\n")
  .map((line) => {
    const [place = "", label = "", ...rest] = line.split("|");
    const [table = "", column = ""] = place.split(".");
    const [name = "", kind = "text"] = column.split(":");
    const values = rest
      .join("|")
      .split(";")
      .filter((value) => value !== "");
    return { table, name, kind: kind as ColumnKind, label: label === "-" ? null : label.replaceAll(",", "|"), values };
  });

/** The columns of a table, for the neighbours of each. */
export const columnsBeside = (table: string): readonly string[] =>
  LABELLED_COLUMNS.filter((one) => one.table === table).map(({ name }) => name);
