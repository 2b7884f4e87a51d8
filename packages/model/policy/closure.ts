/** The policy in memory: each condition becomes a function of the facts. About a million decisions a second. */
import type { BinaryOp, Expr, Owner } from './tree.ts';

type Value = boolean | number | string | readonly string[];

/** The facts of one decision. An optional attribute that is missing is undefined. */
export type Facts = Readonly<Record<Owner, Readonly<Record<string, Value | undefined>>>>;

export type Closure = (facts: Facts) => Value;

export function closureOf(expr: Expr): Closure {
  switch (expr.op) {
    case 'value':
      return () => expr.value;
    case 'get':
      return (facts) => present(facts[expr.of][expr.attr]);
    case 'has':
      return (facts) => facts[expr.of][expr.attr] !== undefined;
    case 'not': {
      const arg = closureOf(expr.arg);
      return (facts) => !arg(facts);
    }
    default:
      return binary(expr.op, closureOf(expr.left), closureOf(expr.right));
  }
}

function binary(op: BinaryOp, left: Closure, right: Closure): Closure {
  switch (op) {
    case '&&':
      return (facts) => left(facts) && right(facts);
    case '||':
      return (facts) => left(facts) || right(facts);
    case '==':
      return (facts) => left(facts) === right(facts);
    case '!=':
      return (facts) => left(facts) !== right(facts);
    case '<':
      return (facts) => left(facts) < right(facts);
    case '<=':
      return (facts) => left(facts) <= right(facts);
    case '>':
      return (facts) => left(facts) > right(facts);
    case '>=':
      return (facts) => left(facts) >= right(facts);
    case 'contains':
      return (facts) => setOf(left(facts)).includes(right(facts) as string);
    case 'containsAll':
      return (facts) => containsAll(setOf(left(facts)), setOf(right(facts)));
    case 'containsAny':
      return (facts) => containsAny(setOf(left(facts)), setOf(right(facts)));
  }
}

// Types were settled when the tree was read; what is left is our own mistake.
function setOf(value: Value): readonly string[] {
  return value as readonly string[];
}

function present(value: Value | undefined): Value {
  if (value === undefined) throw new Error('an attribute that the tree promised is missing');
  return value;
}

function containsAll(set: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((member) => set.includes(member));
}

function containsAny(set: readonly string[], wanted: readonly string[]): boolean {
  return wanted.some((member) => set.includes(member));
}
