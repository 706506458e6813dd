import { contractOf, isTestCode, packageOf, resolveImport, stageOf, topOf } from '../paths.ts';
import type { Rule } from '../rule.ts';

/** Which folders of the project the files of a folder may import, beside itself. `scripts/` may import all. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  edge: ['shared', 'proto'],
  cloud: ['shared', 'proto'],
  proto: ['shared'],
  shared: [],
};

/** The one package that the wire format is made with. */
const PROTO_PACKAGE = 'protobufjs';

/**
 * Imports point one way: edge and cloud know shared and proto, never each other; a stage knows its neighbours by
 * their contracts; only what composes knows implementations: `edge.ts`, `cloud.ts`, `main.ts`, commands, the
 * `…-worker.ts` that a thread begins with, which nobody can hand its parts to, and `config.ts`, which puts the
 * schemas of the stages' sections together.
 */
export const direction: Rule = (files) =>
  files.flatMap(({ path, imports }) =>
    imports.flatMap(({ text, line }) => {
      const message = reasonAgainst(path, text);
      return message === undefined ? [] : [{ path, line, message: `${text}: ${message}` }];
    }),
  );

function reasonAgainst(from: string, specifier: string): string | undefined {
  const top = topOf(from);
  const allowed = MAY_IMPORT[top];
  if (allowed === undefined) return undefined;

  const to = resolveImport(from, specifier);
  if (to === undefined) return packageReason(from, specifier);
  if (topOf(to) !== top && !allowed.includes(topOf(to)))
    return `${top} does not import ${topOf(to)}`;
  if (topOf(to) !== top && !specifier.startsWith('#')) return `is written #${to}`;
  if (isTestCode(from)) return undefined;
  if (isTestCode(to)) return 'is for tests only';
  return topOf(to) === top ? stageReason(from, to) : undefined;
}

function packageReason(from: string, specifier: string): string | undefined {
  if (topOf(from) !== 'proto' || isTestCode(from) || specifier.startsWith('node:'))
    return undefined;
  return packageOf(specifier) === PROTO_PACKAGE ? undefined : `proto imports ${PROTO_PACKAGE} only`;
}

/** Why a file may not import another of its own side. */
function stageReason(from: string, to: string): string | undefined {
  const stage = stageOf(to);
  if (isComposition(from) || stageOf(from) === stage) return undefined;
  if (stage === undefined) return 'a stage does not know what is above it';
  return to === contractOf(stage) ? undefined : `of ${stage} others know ${contractOf(stage)} only`;
}

const COMPOSITIONS = [
  /^(?:edge\/edge|cloud\/cloud|(?:edge|cloud)\/(?:main|config))\.ts$/u,
  /^(?:edge|cloud)\/(?:commands\/.+|.+-command)\.ts$/u,
  /-worker\.ts$/u,
];

function isComposition(path: string): boolean {
  return COMPOSITIONS.some((pattern) => pattern.test(path));
}
