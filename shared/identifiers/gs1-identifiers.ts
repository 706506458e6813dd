/**
 * The GS1 application identifiers (AIs) that a depot meets, as data (GS1 General Specifications, section 3; GS1 Barcode
 * Syntax Dictionary).
 *
 * A row is `[AI, format, name, required]`. The format is the parts of the value, one after the other:
 * - `N18` is exactly 18 digits, `N..8` up to 8, at least one; `X` is the characters of the GS1 set 82, `Y` of the set 39;
 * - a `c` behind it: the last digit is the GS1 check digit;
 * - `Z1` is a zero, `B1` is 0 or 1, `A2` is two capital letters;
 * - `D6` is YYMMDD where DD may be 00, for the last day of the month; `E6` is YYMMDD of a day; `T4` is HHMM;
 * - `P..35` is percent-encoded text; `G20` is a latitude and a longitude (AI 4309);
 * - a part in brackets may be absent.
 *
 * An AI that ends in `n` has ten: the digit says where the decimal point is. `required` is the AIs of which one must be
 * on the same thing, `+` where it takes both.
 */

type Row = readonly [ai: string, format: string, name: string, required?: string];

const OF_TRADE_ITEM = '01,02,03,8006,8026';

const ROWS: readonly Row[] = [
  ['00', 'N18c', 'sscc'],
  ['01', 'N14c', 'gtin'],
  ['02', 'N14c', 'contentGtin', '37'],
  ['03', 'N14c', 'madeToOrderGtin'],
  ['10', 'X..20', 'lot', OF_TRADE_ITEM],
  ['11', 'D6', 'productionDate', OF_TRADE_ITEM],
  ['12', 'D6', 'dueDate', '8020'],
  ['13', 'D6', 'packagingDate', OF_TRADE_ITEM],
  ['15', 'D6', 'bestBefore', OF_TRADE_ITEM],
  ['16', 'D6', 'sellBy', OF_TRADE_ITEM],
  ['17', 'D6', 'useBy', `${OF_TRADE_ITEM},255`],
  ['20', 'N2', 'variant', OF_TRADE_ITEM],
  ['21', 'X..20', 'serial', '01,03,8006'],
  ['22', 'X..20', 'consumerVariant', '01'],
  ['235', 'X..28', 'thirdPartySerial', '01'],
  ['240', 'X..30', 'additionalId', OF_TRADE_ITEM],
  ['241', 'X..30', 'customerPart', OF_TRADE_ITEM],
  ['242', 'N..6', 'madeToOrderVariant', '01,02,8006,8026'],
  ['243', 'X..20', 'packagingComponent', '01,03'],
  ['250', 'X..30', 'secondarySerial', '01+21,03+21,8006+21'],
  ['251', 'X..30', 'sourceReference', '01,03,8006'],
  ['253', 'N13c [X..17]', 'gdti'],
  ['254', 'X..20', 'glnExtension', '414'],
  ['255', 'N13c [N..12]', 'gcn'],
  ['30', 'N..8', 'count', '01,02'],
  ['310n', 'N6', 'netWeightKg', '01,02'],
  ['311n', 'N6', 'lengthM', '01,02'],
  ['312n', 'N6', 'widthM', '01,02'],
  ['313n', 'N6', 'heightM', '01,02'],
  ['314n', 'N6', 'areaM2', '01,02'],
  ['315n', 'N6', 'netVolumeL', '01,02'],
  ['316n', 'N6', 'netVolumeM3', '01,02'],
  ['320n', 'N6', 'netWeightLb', '01,02'],
  ['330n', 'N6', 'grossWeightKg', '00,01'],
  ['331n', 'N6', 'logisticLengthM', '00,01'],
  ['332n', 'N6', 'logisticWidthM', '00,01'],
  ['333n', 'N6', 'logisticHeightM', '00,01'],
  ['334n', 'N6', 'logisticAreaM2', '00,01'],
  ['335n', 'N6', 'logisticVolumeL', '00,01'],
  ['336n', 'N6', 'logisticVolumeM3', '00,01'],
  ['337n', 'N6', 'kgPerM2', '01'],
  ['340n', 'N6', 'grossWeightLb', '00,01'],
  ['37', 'N..8', 'contentCount', '00+02,00+8026'],
  ['390n', 'N..15', 'amount', '255,8020'],
  ['391n', 'N3 N..15', 'currencyAndAmount', '8020'],
  ['392n', 'N..15', 'price', '01'],
  ['393n', 'N3 N..15', 'currencyAndPrice', '01'],
  ['400', 'X..30', 'order'],
  ['401', 'X..30', 'ginc'],
  ['402', 'N17c', 'gsin'],
  ['403', 'X..30', 'route', '00'],
  ['410', 'N13c', 'shipToGln'],
  ['411', 'N13c', 'billToGln'],
  ['412', 'N13c', 'purchasedFromGln'],
  ['413', 'N13c', 'shipForGln'],
  ['414', 'N13c', 'gln'],
  ['415', 'N13c', 'payToGln', '8020'],
  ['416', 'N13c', 'productionGln'],
  ['417', 'N13c', 'partyGln'],
  ['420', 'X..20', 'shipToPostalCode'],
  ['421', 'N3 X..9', 'shipToCountryAndPostalCode'],
  ['422', 'N3', 'originCountry', OF_TRADE_ITEM],
  ['423', 'N3 [N3] [N3] [N3] [N3]', 'initialProcessingCountries', '01,02,03'],
  ['424', 'N3', 'processingCountry', '01,02,03'],
  ['425', 'N3 [N3] [N3] [N3] [N3]', 'disassemblyCountries', '01,02,03'],
  ['426', 'N3', 'fullProcessCountry', '01,02,03'],
  ['427', 'X..3', 'originSubdivision', '01+422,02+422,03+422'],
  ['4300', 'P..35', 'shipToCompany', '00'],
  ['4301', 'P..35', 'shipToName', '00'],
  ['4302', 'P..70', 'shipToAddress1', '00'],
  ['4303', 'P..70', 'shipToAddress2', '4302'],
  ['4304', 'P..70', 'shipToSuburb', '00'],
  ['4305', 'P..70', 'shipToLocality', '00'],
  ['4306', 'P..70', 'shipToRegion', '00'],
  ['4307', 'A2', 'shipToCountry', '00'],
  ['4308', 'X..30', 'shipToPhone', '00'],
  ['4309', 'G20', 'shipToPosition', '00'],
  ['4310', 'P..35', 'returnToCompany', '00'],
  ['4311', 'P..35', 'returnToName', '00'],
  ['4312', 'P..70', 'returnToAddress1', '00'],
  ['4313', 'P..70', 'returnToAddress2', '4312'],
  ['4314', 'P..70', 'returnToSuburb', '00'],
  ['4315', 'P..70', 'returnToLocality', '00'],
  ['4316', 'P..70', 'returnToRegion', '00'],
  ['4317', 'A2', 'returnToCountry', '00'],
  ['4318', 'X..20', 'returnToPostalCode', '00'],
  ['4319', 'X..30', 'returnToPhone', '00'],
  ['4320', 'P..35', 'service', '00'],
  ['4321', 'B1', 'dangerousGoods', '00'],
  ['4322', 'B1', 'authorityToLeave', '00'],
  ['4323', 'B1', 'signatureRequired', '00'],
  ['4324', 'D6 T4', 'deliverNotBefore', '00'],
  ['4325', 'D6 T4', 'deliverNotAfter', '00'],
  ['4326', 'E6', 'releaseDate', '00'],
  ['4330', 'N6 [X1]', 'temperatureMaxF', '00'],
  ['4331', 'N6 [X1]', 'temperatureMaxC', '00'],
  ['4332', 'N6 [X1]', 'temperatureMinF', '00'],
  ['4333', 'N6 [X1]', 'temperatureMinC', '00'],
  ['7001', 'N13', 'natoStockNumber', '01,02,8006,8026'],
  ['7002', 'X..30', 'meatCut', '01,02'],
  ['7003', 'E6 T4', 'expiryTime', '01,02,03'],
  ['7004', 'N..4', 'activePotency', '01+10,03+10'],
  ['7005', 'X..12', 'catchArea', '01,02'],
  ['7006', 'E6', 'firstFreezeDate', '01,02'],
  ['7007', 'E6 [E6]', 'harvestDate', '01,02'],
  ['7008', 'X..3', 'aquaticSpecies', '01,02'],
  ['7009', 'X..10', 'fishingGear', '01,02'],
  ['7010', 'X..2', 'productionMethod', '01,02,03'],
  ['7023', 'X..30', 'assemblyGiai'],
  ['7040', 'N1 X1 X1 X1', 'uicExtension'],
  ['7041', 'X..4', 'freightUnitType', '00'],
  ['8001', 'N4 N5 N3 N1 N1', 'rollDimensions', '01'],
  ['8002', 'X..20', 'mobilePhoneId'],
  ['8003', 'Z1 N13c [X..16]', 'grai'],
  ['8004', 'X..30', 'giai'],
  ['8005', 'N6', 'unitPrice', '01,02'],
  ['8006', 'N14c N4', 'itip'],
  ['8007', 'X..34', 'iban', '415'],
  ['8008', 'E6 N2 [N2] [N2]', 'productionTime', '01,02,03'],
  ['8009', 'X..50', 'sensorIndicator', '00,01,03'],
  ['8010', 'Y..30', 'cpid'],
  ['8011', 'N..12', 'cpidSerial', '8010'],
  ['8012', 'X..20', 'softwareVersion', '01,03,8006'],
  ['8013', 'X..25', 'gmn'],
  ['8017', 'N18c', 'gsrnp'],
  ['8018', 'N18c', 'gsrn'],
  ['8019', 'N..10', 'serviceRelationInstance', '8017,8018'],
  ['8020', 'X..25', 'paymentReference', '415'],
  ['8026', 'N14c N4', 'contentItip', '37'],
  ['8200', 'X..70', 'productUrl', '01'],
  ['90', 'X..30', 'internal90'],
  ...Array.from({ length: 9 }, (_, i): Row => [`9${i + 1}`, 'X..90', `internal9${i + 1}`]),
];

export type PartKind = 'N' | 'X' | 'Y' | 'Z' | 'B' | 'A' | 'D' | 'E' | 'T' | 'P' | 'G';

export type Part = {
  readonly kind: PartKind;
  readonly charactersMin: number;
  readonly charactersMax: number;
  readonly hasCheckDigit: boolean;
  readonly isOptional: boolean;
};

export type ApplicationIdentifier = {
  readonly ai: string;
  readonly name: string;
  readonly parts: readonly Part[];
  /** How many characters the AI and its value have together, where no FNC1 need follow; undefined where FNC1 ends it. */
  readonly predefinedCharacters: number | undefined;
  /** How many digits of the value are behind the decimal point; undefined for an AI that does not say. */
  readonly decimals: number | undefined;
  /** One of these must be there, each all of its AIs; empty when the AI stands alone. */
  readonly required: readonly (readonly string[])[];
};

/** By the AI's first two digits: GS1 General Specifications, section 7.8.5. */
const PREDEFINED_CHARACTERS: ReadonlyMap<string, number> = new Map([
  ['00', 20],
  ['01', 16],
  ['02', 16],
  ['03', 16],
  ['04', 18],
  ...['11', '12', '13', '14', '15', '16', '17', '18', '19'].map((ai): [string, number] => [ai, 8]),
  ['20', 4],
  ...['31', '32', '33', '34', '35', '36'].map((ai): [string, number] => [ai, 10]),
  ['41', 16],
]);

const IDENTIFIERS: ReadonlyMap<string, ApplicationIdentifier> = new Map(
  ROWS.flatMap((row) =>
    identifiersOf(row).map((found): [string, ApplicationIdentifier] => [found.ai, found]),
  ),
);

/** The application identifier `ai`; undefined when a depot does not meet it. */
export function identifierOf(ai: string): ApplicationIdentifier | undefined {
  return IDENTIFIERS.get(ai);
}

/** By the AI's digits with a 1 in front, so that `00` is not `000`: no text is made to look one up. */
const BY_NUMBER: (ApplicationIdentifier | undefined)[] = Array.from({ length: 20_000 });
/** How many digits an AI has, by its first two. */
const DIGITS_BY_PREFIX = new Uint8Array(100);
for (const [ai, identifier] of IDENTIFIERS) {
  BY_NUMBER[Number(`1${ai}`)] = identifier;
  DIGITS_BY_PREFIX[Number(ai.slice(0, 2))] = ai.length;
}

/** The application identifier that `text` has at `start`: the first two digits say how many there are. */
export function identifierAt(text: string, start: number): ApplicationIdentifier | undefined {
  const first = text.charCodeAt(start) - 48;
  const second = text.charCodeAt(start + 1) - 48;
  if (!(first >= 0 && first <= 9 && second >= 0 && second <= 9)) return undefined;
  let number = 100 + first * 10 + second;
  const end = start + (DIGITS_BY_PREFIX[number - 100] ?? 0);
  for (let i = start + 2; i < end; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    number = number * 10 + digit;
  }
  return BY_NUMBER[number];
}

function identifiersOf([ai, format, name, required]: Row): readonly ApplicationIdentifier[] {
  const rest = {
    name,
    parts: format.split(' ').map(partOf),
    predefinedCharacters: PREDEFINED_CHARACTERS.get(ai.slice(0, 2)),
    required: required?.split(',').map((both) => both.split('+')) ?? [],
  };
  if (!ai.endsWith('n')) return [{ ai, decimals: undefined, ...rest }];
  // Measures have up to five decimals, amounts of money up to nine.
  return Array.from({ length: ai.startsWith('39') ? 10 : 6 }, (_, decimals) => ({
    ai: `${ai.slice(0, -1)}${decimals}`,
    decimals,
    ...rest,
  }));
}

function partOf(text: string): Part {
  const isOptional = text.startsWith('[');
  const plain = isOptional ? text.slice(1, -1) : text;
  const hasCheckDigit = plain.endsWith('c');
  const isVariable = plain.includes('..');
  const charactersMax = Number.parseInt(plain.slice(isVariable ? 3 : 1), 10);
  return {
    kind: plain.charAt(0) as PartKind,
    charactersMin: isVariable ? 1 : charactersMax,
    charactersMax,
    hasCheckDigit,
    isOptional,
  };
}
