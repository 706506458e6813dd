/** Conditions on events, in the Common Expression Language (https://cel.dev). */
import { Environment, type ASTNode } from '@marcbachmann/cel-js';

import type { Event } from '#shared/event.ts';

/**
 * Holds for an event or not. A field that the event has not makes a condition about it not hold; `has(event.speedKmh)` asks
 * for it. Throws where the expression cannot be evaluated: the caller says what becomes of the event.
 */
export type Condition = (event: Event) => boolean;

/** What a condition costs is bounded by what it may say: a handful of steps, one loop over what a device sent. */
const SOURCE_CHARACTERS_MAX = 1000;
const LIMITS = {
  maxAstNodes: 200,
  maxDepth: 24,
  maxListElements: 200,
  maxMapEntries: 50,
  maxCallArguments: 4,
};

/** Loops over a list or a map. One within the other could take as long as a device likes. */
const LOOPS = new Set(['all', 'exists', 'exists_one']);
/**
 * What is not here has no bound, or no use: `matches` goes back over a text that a device chose for as long as it takes,
 * `cel.bind` doubles a text with every word, `split` makes a loop of a text.
 */
const FUNCTIONS = new Set(
  [
    [...LOOPS],
    ['has', 'size', 'string', 'int', 'double', 'bool', 'dyn', 'type'],
    ['startsWith', 'endsWith', 'contains', 'lowerAscii', 'upperAscii', 'trim'],
    ['indexOf', 'lastIndexOf', 'substring', 'timestamp', 'duration'],
    ['getFullYear', 'getMonth', 'getDate', 'getDayOfMonth', 'getDayOfWeek', 'getDayOfYear'],
    ['getHours', 'getMinutes', 'getSeconds', 'getMilliseconds'],
  ].flat(),
);

/** The fields of an event, and what CEL takes them for. */
const VARIABLES: Readonly<Record<string, string>> = {
  kind: 'string',
  deviceId: 'string',
  eventTimeMs: 'double',
  receiveTimeMs: 'double',
  timeQuality: 'string',
  utcOffsetMin: 'double',
  attributes: 'map<string, string>',
  data: 'string',
  parcelId: 'string',
  symbology: 'string',
  readPoint: 'string',
  location: 'string',
  bizStep: 'string',
  operator: 'string',
  action: 'string',
  deviceSeq: 'double',
  antenna: 'double',
  rssiDbm: 'double',
  readCount: 'double',
  presence: 'string',
  firstSeenMs: 'double',
  lat: 'double',
  lon: 'double',
  speedKmh: 'double',
  headingDeg: 'double',
  altitudeM: 'double',
  accuracyM: 'double',
  satellites: 'double',
  hdop: 'double',
  valid: 'bool',
  readings: 'map<string, dyn>',
  online: 'bool',
  batteryPct: 'double',
  event: 'map<string, dyn>',
};

const ENVIRONMENT = environment();

function environment(): Environment {
  // The numbers of an event are doubles, and people write whole ones.
  const made = new Environment({ limits: LIMITS })
    .registerOperator('double == int', (a: number, b: bigint) => a === Number(b))
    .registerOperator('double in list<int>', (a: number, list: readonly bigint[]) =>
      list.some((b) => a === Number(b)),
    );
  for (const [name, type] of Object.entries(VARIABLES)) made.registerVariable(name, type);
  return made;
}

/** The condition that the text says, or why it is none, to be read after "expected". */
export function compileCondition(source: string): Condition | { readonly fault: string } {
  if (source.length > SOURCE_CHARACTERS_MAX)
    return { fault: `a condition of at most ${SOURCE_CHARACTERS_MAX} characters` };
  try {
    const evaluate = ENVIRONMENT.parse(source);
    const fault = boundlessness(evaluate.ast, false);
    if (fault !== undefined) return { fault };
    const { valid, type, error } = evaluate.check();
    if (!valid) return { fault: faultOf(error) };
    if (type !== 'bool' && type !== 'dyn')
      return {
        fault: `a condition that is true or false, and this is of type ${type ?? 'unknown'}`,
      };
    return conditionOf(evaluate.ast, evaluate);
  } catch (error) {
    return { fault: faultOf(error) };
  }
}

/** What the library says, in one line, and where. */
function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return `a condition in CEL: ${String(error)}`;
  const { summary, range } = error as Error & { summary?: string; range?: { start: number } };
  const where = range === undefined ? '' : ` at character ${range.start + 1}`;
  return `a condition in CEL: ${summary ?? error.message}${where}`;
}

/** Why an expression might take long; `undefined`: it cannot. */
function boundlessness(node: ASTNode, isInLoop: boolean): string | undefined {
  let inLoop = isInLoop;
  if (node.op === 'call' || node.op === 'rcall') {
    const [name] = node.args;
    if (!FUNCTIONS.has(name)) return `a condition without ${name}(), which is not offered here`;
    if (LOOPS.has(name)) {
      if (isInLoop) return `a condition without ${name}() in another loop`;
      inLoop = true;
    }
  }
  for (const child of childrenOf(node)) {
    const fault = boundlessness(child, inLoop);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function childrenOf(node: ASTNode): ASTNode[] {
  const { args } = node;
  return Array.isArray(args) ? args.flat(2).filter(isNode) : isNode(args) ? [args] : [];
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value;
}

function conditionOf(ast: ASTNode, evaluate: (context: object) => unknown): Condition {
  const used = variablesOf(ast);
  const needed = neededBy(ast);
  return (event) => {
    const fields: Readonly<Record<string, unknown>> = event;
    // To tell by the field itself is far cheaper than by an error of the library.
    for (const name of needed) if (fields[name] === undefined) return false;
    const context: Record<string, unknown> = {};
    for (const name of used) context[name] = valueOf(event, name, fields);
    let result: unknown;
    try {
      result = evaluate(context);
    } catch (error) {
      if (isAbsence(error)) return false;
      throw error;
    }
    if (typeof result !== 'boolean') throw new TypeError(`it says ${String(result)}`);
    return result;
  };
}

function valueOf(event: Event, name: string, fields: Readonly<Record<string, unknown>>): unknown {
  if (name === 'event') return event;
  if (name === 'attributes') return event.attributes ?? NOTHING;
  if (name !== 'readings') return fields[name];
  if (event.kind !== 'reading') return NOTHING;
  return new Map(event.readings.map((reading) => [reading.name, reading.value]));
}

const NOTHING: ReadonlyMap<string, unknown> = new Map();

/** A field or a key that is not there. */
function isAbsence(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === 'unknown_variable' || error.code === 'no_such_key';
}

function variablesOf(ast: ASTNode): readonly string[] {
  const found = new Set<string>();
  const visit = (node: ASTNode): void => {
    if (node.op === 'id' && Object.hasOwn(VARIABLES, node.args)) found.add(node.args);
    childrenOf(node).forEach(visit);
  };
  visit(ast);
  return [...found];
}

/** These are there for every event, as nothing at least. */
const ALWAYS = new Set(['event', 'attributes', 'readings']);

/**
 * The fields without which the condition cannot hold: those of parts that must all hold, but for parts that may hold
 * whatever some field of theirs is.
 */
function neededBy(ast: ASTNode): readonly string[] {
  if (ast.op === '&&') return [...new Set(ast.args.flatMap(neededBy))];
  return isStrict(ast) ? variablesOf(ast).filter((name) => !ALWAYS.has(name)) : [];
}

/** Whether an expression has no value when a field in it has none. */
function isStrict(node: ASTNode): boolean {
  if (node.op === '||' || node.op === '&&' || node.op === '?:') return false;
  if ((node.op === 'call' || node.op === 'rcall') && isLazy(node.args[0])) return false;
  return childrenOf(node).every(isStrict);
}

function isLazy(name: string): boolean {
  return name === 'has' || LOOPS.has(name);
}
