/**
 * Units as devices and their codecs write them, as UN/ECE Recommendation 20 common codes
 * (https://unece.org/trade/uncefact/cl-recommendations). `g` is standard gravity, which the list has no short code for.
 */
const CODES: ReadonlyMap<string, string> = new Map([
  ['°c', 'CEL'],
  ['℃', 'CEL'],
  ['c', 'CEL'],
  ['degc', 'CEL'],
  ['celsius', 'CEL'],
  ['°f', 'FAH'],
  ['℉', 'FAH'],
  ['f', 'FAH'],
  ['degf', 'FAH'],
  ['fahrenheit', 'FAH'],
  ['k', 'KEL'],
  ['kelvin', 'KEL'],
  ['%', 'P1'],
  ['%rh', 'P1'],
  ['percent', 'P1'],
  ['pa', 'PAL'],
  ['hpa', 'A97'],
  ['mbar', 'MBR'],
  ['kpa', 'KPA'],
  ['bar', 'BAR'],
  ['mmhg', 'HN'],
  ['inhg', 'F79'],
  ['psi', 'PS'],
  ['v', 'VLT'],
  ['mv', '2Z'],
  ['a', 'AMP'],
  ['ma', '4K'],
  ['w', 'WTT'],
  ['kw', 'KWT'],
  ['va', 'D46'],
  ['wh', 'WHR'],
  ['kwh', 'KWH'],
  ['hz', 'HTZ'],
  ['lx', 'LUX'],
  ['lux', 'LUX'],
  ['m', 'MTR'],
  ['cm', 'CMT'],
  ['mm', 'MMT'],
  ['km', 'KMT'],
  ['m/s', 'MTS'],
  ['km/h', 'KMH'],
  ['mph', 'HM'],
  ['kn', 'KNT'],
  ['kg', 'KGM'],
  ['s', 'SEC'],
  ['min', 'MIN'],
  ['h', 'HUR'],
  ['°', 'DD'],
  ['ppm', '59'],
  ['ppb', '61'],
  ['µg/m³', 'GQ'],
  ['μg/m³', 'GQ'],
  ['ug/m3', 'GQ'],
  ['db', '2N'],
  ['l', 'LTR'],
  ['m³', 'MTQ'],
  ['m3', 'MTQ'],
  ['rpm', 'RPM'],
]);

const SYMBOL_CHARACTERS_MAX = 16;

/** The common code of a unit that is written out; `undefined` when it is not known. */
export function unitCodeOf(symbol: unknown): string | undefined {
  if (typeof symbol !== 'string' || symbol.length > SYMBOL_CHARACTERS_MAX) return undefined;
  return CODES.get(symbol.trim().toLowerCase());
}
