/** Words for a street and what belongs to its number, in lower case. */
export const STREET_WORDS: ReadonlySet<string> = new Set(
  `street st road rd avenue ave av boulevard blvd lane ln drive dr court ct place pl square sq terrace way highway hwy parkway pkwy circle cir alley trail trl crescent close grove gardens mews row plaza loop route apt suite
  ste unit box broadway straße strasse str weg gasse platz allee ring damm ufer postfach rue avenue chemin impasse quai allée allee route cours faubourg lotissement calle avda avenida paseo plaza camino carretera ronda via viale
  piazza corso vicolo largo strada rua avenida travessa praça praca alameda estrada rodovia straat laan weg plein gracht kade ulica ul aleja al plac osiedle os gatan vägen vagen gata väg torg gade vej alle street's`.split(
    /\s+/,
  ),
);
