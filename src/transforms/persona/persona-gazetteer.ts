/**
 * Where personas live: a few large cities of each country, written down for standin from general knowledge of geography (no data set was copied).
 *
 * A country: alpha-2, alpha-3, calling code, what national numbers begin with, number; its locales of faker; its English name, its own name. A city: name;
 * state or region, with its code where one is in use; postcode; latitude; longitude, both of the centre. `#` is a digit, `!` a digit from 2, `?` a letter.
 * Numbers are of ranges for fiction where the country has some (US, CA, GB, DE, FR, AU, SE). A postcode begins as the city's do; not each is in use.
 */
export const GAZETTEER = `
US USA +1 - !##55501##: en en_US: United States: United States
New York;New York=NY;100##;40.71;-74.01
Los Angeles;California=CA;900##;34.05;-118.24
Chicago;Illinois=IL;606##;41.88;-87.63
Houston;Texas=TX;770##;29.76;-95.37
Philadelphia;Pennsylvania=PA;191##;39.95;-75.17
Phoenix;Arizona=AZ;850##;33.45;-112.07
Seattle;Washington=WA;981##;47.61;-122.33
Denver;Colorado=CO;802##;39.74;-104.99
Boston;Massachusetts=MA;0211#;42.36;-71.06
GB GBR +44 0 1632960###: en_GB: United Kingdom: United Kingdom
London;England;E1 #??;51.52;-0.07
Manchester;England;M1 #??;53.48;-2.24
Birmingham;England;B1 #??;52.48;-1.90
Leeds;England;LS1 #??;53.80;-1.55
Glasgow;Scotland;G1 #??;55.86;-4.25
Cardiff;Wales;CF10 #??;51.48;-3.18
Belfast;Northern Ireland;BT1 #??;54.60;-5.93
DE DEU +49 0 3023125###: de: Germany: Deutschland
Berlin;Berlin=BE;101##;52.52;13.40
Hamburg;Hamburg=HH;203##;53.55;9.99
München;Bayern=BY;803##;48.14;11.58
Köln;Nordrhein-Westfalen=NW;506##;50.94;6.96
Frankfurt am Main;Hessen=HE;603##;50.11;8.68
Stuttgart;Baden-Württemberg=BW;701##;48.78;9.18
Leipzig;Sachsen=SN;041##;51.34;12.37
FR FRA +33 0 63998####: fr: France: France
Paris;Île-de-France;7501#;48.86;2.35
Marseille;Provence-Alpes-Côte d'Azur;1301#;43.30;5.37
Lyon;Auvergne-Rhône-Alpes;6900#;45.76;4.84
Toulouse;Occitanie;31#00;43.60;1.44
Nantes;Pays de la Loire;44#00;47.22;-1.55
Strasbourg;Grand Est;67#00;48.57;7.75
ES ESP +34 - 91#######: es: Spain: España
Madrid;Comunidad de Madrid;280##;40.42;-3.70
Barcelona;Cataluña;080##;41.39;2.17
Valencia;Comunidad Valenciana;460##;39.47;-0.38
Sevilla;Andalucía;410##;37.39;-5.99
Zaragoza;Aragón;500##;41.65;-0.89
IT ITA +39 - 06########: it: Italy: Italia
Roma;Lazio;001##;41.90;12.50
Milano;Lombardia;201##;45.46;9.19
Napoli;Campania;801##;40.85;14.27
Torino;Piemonte;101##;45.07;7.69
Bologna;Emilia-Romagna;401##;44.49;11.34
NL NLD +31 0 20#######: nl: Netherlands: Nederland
Amsterdam;Noord-Holland;101# ??;52.37;4.90
Rotterdam;Zuid-Holland;301# ??;51.92;4.48
Utrecht;Utrecht;351# ??;52.09;5.12
Eindhoven;Noord-Brabant;561# ??;51.44;5.47
BE BEL +32 0 2#######: nl_BE fr_BE: Belgium: België
Brussel;Brussel;10#0;50.85;4.35
Antwerpen;Antwerpen;20#0;51.22;4.40
Gent;Oost-Vlaanderen;90#0;51.05;3.72
AT AUT +43 0 1#######: de_AT: Austria: Österreich
Wien;Wien;10#0;48.21;16.37
Graz;Steiermark;801#;47.07;15.44
Linz;Oberösterreich;402#;48.31;14.29
Salzburg;Salzburg;502#;47.81;13.04
CH CHE +41 0 44#######: de_CH fr_CH: Switzerland: Schweiz
Zürich;Zürich=ZH;800#;47.38;8.54
Basel;Basel-Stadt=BS;405#;47.56;7.59
Bern;Bern=BE;301#;46.95;7.44
PL POL +48 - 22#######: pl: Poland: Polska
Warszawa;Mazowieckie;00-0##;52.23;21.01
Kraków;Małopolskie;30-0##;50.06;19.94
Wrocław;Dolnośląskie;50-0##;51.11;17.04
Gdańsk;Pomorskie;80-1##;54.35;18.65
SE SWE +46 0 3139006##: sv: Sweden: Sverige
Stockholm;Stockholms län;111 ##;59.33;18.07
Göteborg;Västra Götalands län;411 ##;57.71;11.97
Malmö;Skåne län;211 ##;55.61;13.00
Uppsala;Uppsala län;753 ##;59.86;17.64
PT PRT +351 - 21#######: pt_PT: Portugal: Portugal
Lisboa;Lisboa;1100-###;38.72;-9.14
Porto;Porto;4000-###;41.15;-8.61
Coimbra;Coimbra;3000-###;40.21;-8.43
BR BRA +55 0 119########: pt_BR: Brazil: Brasil
São Paulo;São Paulo=SP;010##-###;-23.55;-46.63
Rio de Janeiro;Rio de Janeiro=RJ;200##-###;-22.91;-43.17
Brasília;Distrito Federal=DF;700##-###;-15.79;-47.88
Salvador;Bahia=BA;400##-###;-12.97;-38.50
Curitiba;Paraná=PR;800##-###;-25.43;-49.27
MX MEX +52 - 55########: es_MX: Mexico: México
Ciudad de México;Ciudad de México;060##;19.43;-99.13
Guadalajara;Jalisco;441##;20.66;-103.35
Monterrey;Nuevo León;640##;25.69;-100.32
CA CAN +1 - !##55501##: en_CA fr_CA: Canada: Canada
Toronto;Ontario=ON;M5V #?#;43.65;-79.38
Montréal;Quebec=QC;H2X #?#;45.50;-73.57
Vancouver;British Columbia=BC;V6B #?#;49.28;-123.12
Calgary;Alberta=AB;T2P #?#;51.04;-114.07
AU AUS +61 0 25550####: en_AU: Australia: Australia
Sydney;New South Wales=NSW;200#;-33.87;151.21
Melbourne;Victoria=VIC;300#;-37.81;144.96
Brisbane;Queensland=QLD;400#;-27.47;153.03
Perth;Western Australia=WA;600#;-31.95;115.86
IN IND +91 0 98########: en_IN: India: India
New Delhi;Delhi=DL;1100##;28.61;77.21
Mumbai;Maharashtra=MH;4000##;19.08;72.88
Bengaluru;Karnataka=KA;5600##;12.97;77.59
Chennai;Tamil Nadu=TN;6000##;13.08;80.27
JP JPN +81 0 3########: ja: Japan: 日本
千代田区;東京都;100-00##;35.69;139.75
横浜市;神奈川県;231-00##;35.44;139.64
大阪市;大阪府;530-00##;34.69;135.50
札幌市;北海道;060-00##;43.06;141.35
CN CHN +86 - 138########: zh_CN: China: 中国
北京市;北京市;1000##;39.90;116.41
上海市;上海市;2000##;31.23;121.47
广州市;广东省;5100##;23.13;113.26
成都市;四川省;6100##;30.57;104.07
KR KOR +82 0 10########: ko: South Korea: 대한민국
서울특별시;서울특별시;045##;37.57;126.98
부산광역시;부산광역시;475##;35.18;129.08
대구광역시;대구광역시;419##;35.87;128.60
RU RUS +7 8 900#######: ru: Russia: Россия
Москва;Москва;1010##;55.76;37.62
Санкт-Петербург;Санкт-Петербург;1910##;59.94;30.31
Новосибирск;Новосибирская область;6300##;55.03;82.92
Казань;Республика Татарстан;4200##;55.80;49.11
UA UKR +380 0 44#######: uk: Ukraine: Україна
Київ;Київ;010##;50.45;30.52
Харків;Харківська область;610##;49.99;36.23
Одеса;Одеська область;650##;46.48;30.72
Львів;Львівська область;790##;49.84;24.03
GR GRC +30 - 210#######: el: Greece: Ελλάδα
Αθήνα;Αττική;105 ##;37.98;23.73
Θεσσαλονίκη;Κεντρική Μακεδονία;546 ##;40.64;22.94
Ηράκλειο;Κρήτη;712 ##;35.34;25.14
TR TUR +90 0 212#######: tr: Turkey: Türkiye
İstanbul;İstanbul;343##;41.01;28.98
Ankara;Ankara;064##;39.93;32.86
İzmir;İzmir;352##;38.42;27.14
IL ISR +972 0 2#######: he: Israel: ישראל
ירושלים;מחוז ירושלים;94#####;31.77;35.21
תל אביב;מחוז תל אביב;64#####;32.09;34.78
חיפה;מחוז חיפה;31#####;32.79;34.99
SA SAU +966 0 11#######: ar: Saudi Arabia: السعودية
الرياض;منطقة الرياض;115##;24.71;46.68
جدة;منطقة مكة المكرمة;214##;21.49;39.19
المدينة المنورة;منطقة المدينة المنورة;423##;24.47;39.61
NP NPL +977 0 1#######: ne: Nepal: नेपाल
काठमाडौँ;बागमती;446##;27.72;85.32
पोखरा;गण्डकी;337##;28.21;83.99
विराटनगर;कोशी;566##;26.45;87.28
`;
