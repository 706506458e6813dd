import { contractOf, isContract, isTestCode, stageOf } from '../paths.ts';
import type { Rule, Violation } from '../rule.ts';

/** Every stage has a contract file of its name, which begins with its promises and explains each export. */
export const contracts: Rule = (files) => {
  const paths = new Set(files.map(({ path }) => path));
  const stages = new Set(
    files.filter(({ path }) => !isTestCode(path)).map(({ path }) => stageOf(path)),
  );
  const violations: Violation[] = [];
  for (const stage of stages) {
    if (stage === undefined || paths.has(contractOf(stage))) continue;
    violations.push({
      path: contractOf(stage),
      line: 1,
      message: 'the contract of this stage is missing',
    });
  }
  for (const { path, startsWithDocComment, exportedSymbols } of files) {
    if (!isContract(path)) continue;
    if (!startsWithDocComment) {
      violations.push({
        path,
        line: 1,
        message: 'a contract begins with a doc comment: what it promises',
      });
    }
    for (const { name, line, documented } of exportedSymbols) {
      if (!documented) violations.push({ path, line, message: `${name} has no doc comment` });
    }
  }
  return violations;
};
