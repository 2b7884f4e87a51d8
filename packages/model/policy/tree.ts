/**
 * Cedar's JSON form, read strictly into a small typed tree that the closure and the SQL predicate both walk.
 *
 * Refused, so that a bureau does not start on a policy it half understands: an operator, scope or attribute it does not
 * know; types that do not fit; an optional attribute read without a `has` in front of it (Cedar skips a policy that
 * errors, and a skipped forbid opens a door).
 */
import {
  ACTIONS,
  type Action,
  type Attribute,
  PRINCIPALS,
  type PrincipalKind,
  type Shape,
  type ValueType,
} from './shape.ts';

export class PolicyRefused extends Error {}

export type Owner = 'principal' | 'resource' | 'context';

export type Expr = { readonly type: ValueType } & (
  | { readonly op: 'value'; readonly value: boolean | number | string | readonly string[] }
  | { readonly op: 'get'; readonly of: Owner; readonly attr: string }
  | { readonly op: 'has'; readonly of: Owner; readonly attr: string }
  | { readonly op: 'not'; readonly arg: Expr }
  | { readonly op: BinaryOp; readonly left: Expr; readonly right: Expr }
);

export const BINARY = {
  '&&': { left: 'bool', right: 'bool' },
  '||': { left: 'bool', right: 'bool' },
  '==': 'scalars',
  '!=': 'scalars',
  '<': { left: 'long', right: 'long' },
  '<=': { left: 'long', right: 'long' },
  '>': { left: 'long', right: 'long' },
  '>=': { left: 'long', right: 'long' },
  contains: { left: 'texts', right: 'text' },
  containsAll: { left: 'texts', right: 'texts' },
  containsAny: { left: 'texts', right: 'texts' },
} as const;
export type BinaryOp = keyof typeof BINARY;

export type Policy = {
  readonly id: string;
  readonly effect: 'permit' | 'forbid';
  /** null: any principal. */
  readonly principal: PrincipalKind | null;
  readonly actions: readonly Action[];
  readonly condition: Expr;
};

type Reading = { readonly shape: Shape; readonly principal: PrincipalKind | null; readonly known: ReadonlySet<string> };

/** Reads `{id: policy}` in Cedar's JSON form. Throws `PolicyRefused` with the policy's id and the reason. */
export function readPolicies(json: unknown, shape: Shape): Policy[] {
  return Object.entries(objectOf(json)).map(([id, policy]) => {
    try {
      return readPolicy(id, objectOf(policy), shape);
    } catch (reason) {
      if (reason instanceof PolicyRefused) throw new PolicyRefused(`${id}: ${reason.message}`);
      throw reason;
    }
  });
}

function readPolicy(id: string, json: Record<string, unknown>, shape: Shape): Policy {
  only(json, ['effect', 'principal', 'action', 'resource', 'conditions', 'annotations']);
  if (json.effect !== 'permit' && json.effect !== 'forbid') refuse('unknown effect');
  const principal = readPrincipal(objectOf(json.principal));
  readResource(objectOf(json.resource));
  const clauses = arrayOf(json.conditions).map(objectOf);
  let condition: Expr = { op: 'value', type: 'bool', value: true };
  for (const clause of clauses) {
    const reading = { shape, principal, known: implied(condition, true) };
    const body = typed(readExpr(clause.body, reading), 'bool');
    if (clause.kind === 'when') condition = both(condition, body);
    else if (clause.kind === 'unless') condition = both(condition, { op: 'not', type: 'bool', arg: body });
    else refuse('unknown clause');
  }
  return {
    id,
    effect: json.effect as Policy['effect'],
    principal,
    actions: readActions(objectOf(json.action)),
    condition,
  };
}

function both(left: Expr, right: Expr): Expr {
  return left.op === 'value' ? right : { op: '&&', type: 'bool', left, right };
}

function readPrincipal(scope: Record<string, unknown>): PrincipalKind | null {
  if (scope.op === 'All') return null;
  const kind = PRINCIPALS.find((name) => name === scope.entity_type);
  if (scope.op !== 'is' || kind === undefined || 'in' in scope) refuse('unknown principal scope');
  return kind as PrincipalKind;
}

function readResource(scope: Record<string, unknown>): void {
  if (scope.op !== 'is' || scope.entity_type !== 'Item' || 'in' in scope) refuse('unknown resource scope');
}

function readActions(scope: Record<string, unknown>): readonly Action[] {
  if (scope.op === 'All') return ACTIONS;
  if (scope.op !== '==' && scope.op !== 'in') refuse('unknown action scope');
  const entities = 'entities' in scope ? arrayOf(scope.entities) : [scope.entity];
  return entities.map((entity) => {
    const { type, id } = objectOf(entity);
    const action = ACTIONS.find((name) => name === id);
    if (type !== 'Action' || action === undefined) refuse('unknown action');
    return action as Action;
  });
}

function readExpr(json: unknown, reading: Reading): Expr {
  const [op, body] = onlyEntry(objectOf(json));
  if (op === 'Value') return readValue(body);
  if (op === 'Set') return readSet(body);
  if (op === '.' || op === 'has') return readAttribute(op, objectOf(body), reading);
  if (op === '!') return { op: 'not', type: 'bool', arg: typed(readExpr(objectOf(body).arg, reading), 'bool') };
  if (Object.hasOwn(BINARY, op)) return readBinary(op as BinaryOp, objectOf(body), reading);
  return refuse(`unknown operator ${op}`);
}

function readBinary(op: BinaryOp, body: Record<string, unknown>, reading: Reading): Expr {
  const left = readExpr(body.left, reading);
  const known = new Set(reading.known);
  if (op === '&&') for (const key of implied(left, true)) known.add(key);
  if (op === '||') for (const key of implied(left, false)) known.add(key);
  const right = readExpr(body.right, { ...reading, known });
  const wanted = BINARY[op];
  if (wanted === 'scalars') {
    if (left.type === 'texts' || left.type !== right.type) refuse(`${op} on types that do not fit`);
  } else {
    typed(left, wanted.left);
    typed(right, wanted.right);
  }
  return { op, type: 'bool', left, right };
}

function readValue(value: unknown): Expr {
  if (typeof value === 'boolean') return { op: 'value', type: 'bool', value };
  if (typeof value === 'string') return { op: 'value', type: 'text', value };
  if (Number.isSafeInteger(value)) return { op: 'value', type: 'long', value: value as number };
  return refuse('unknown value');
}

function readSet(members: unknown): Expr {
  const value = arrayOf(members).map((member) => {
    const text = objectOf(member).Value;
    return typeof text === 'string' ? text : refuse('a set of anything but texts');
  });
  return { op: 'value', type: 'texts', value };
}

function readAttribute(op: '.' | 'has', body: Record<string, unknown>, reading: Reading): Expr {
  const of = objectOf(body.left).Var;
  const attr = typeof body.attr === 'string' ? body.attr : refuse('unknown path');
  if (of !== 'principal' && of !== 'resource' && of !== 'context') return refuse('an attribute of something unknown');
  const attribute = attributeOf(reading, of, attr);
  if (op === 'has') return { op: 'has', type: 'bool', of, attr };
  if (attribute.optional && !reading.known.has(`${of}.${attr}`)) refuse(`${of}.${attr} is read without has`);
  return { op: 'get', type: attribute.type, of, attr };
}

function attributeOf(reading: Reading, of: Owner, attr: string): Attribute {
  const owner = of === 'resource' ? 'Item' : of === 'context' ? 'context' : reading.principal;
  if (owner === null) return refuse('an attribute of any principal');
  const attribute = Object.hasOwn(reading.shape[owner] ?? {}, attr) ? reading.shape[owner]?.[attr] : undefined;
  return attribute ?? refuse(`unknown attribute ${owner}.${attr}`);
}

/** The optional attributes that are surely there once `expr` has come out as `truth`. */
function implied(expr: Expr, truth: boolean): ReadonlySet<string> {
  if (expr.op === 'has') return new Set(truth ? [`${expr.of}.${expr.attr}`] : []);
  if (expr.op === 'not') return implied(expr.arg, !truth);
  const joins = (expr.op === '&&' && truth) || (expr.op === '||' && !truth);
  return joins ? implied(expr.left, truth).union(implied(expr.right, truth)) : new Set();
}

function typed(expr: Expr, type: ValueType): Expr {
  return expr.type === type ? expr : refuse(`a ${expr.type} where a ${type} belongs`);
}

function onlyEntry(json: Record<string, unknown>): [string, unknown] {
  const [entry, ...more] = Object.entries(json);
  return entry === undefined || more.length > 0 ? refuse('not one expression') : entry;
}

function only(json: Record<string, unknown>, keys: readonly string[]): void {
  for (const key of Object.keys(json)) if (!keys.includes(key)) refuse(`unknown part ${key}`);
}

function objectOf(json: unknown): Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
    ? (json as Record<string, unknown>)
    : refuse('not an object');
}

function arrayOf(json: unknown): unknown[] {
  return Array.isArray(json) ? json : refuse('not a list');
}

function refuse(reason: string): never {
  throw new PolicyRefused(reason);
}
