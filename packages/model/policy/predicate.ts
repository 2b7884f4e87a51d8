/**
 * The policy in SQL: the same tree as the closure, as a predicate over an item's columns.
 *
 * Who asks is known when the predicate is made, so everything that does not touch the item is settled here and only the
 * rest reaches the database. No text of a viewer or of the policy stands in the SQL: all values are parameters.
 */
import { closureOf, type Facts } from './closure.ts';
import type { BinaryOp, Expr } from './tree.ts';

export type SqlValue = string | number | readonly string[];

/** `sql` numbers its parameters $1, $2, … in the order of `params`. It is TRUE or FALSE, never NULL. */
export type Predicate = { readonly sql: string; readonly params: readonly SqlValue[] };

/** Where each attribute of an item stands: trusted SQL such as `item.state`, written by us. */
export type Columns = Readonly<Record<string, string>>;

/** SQL in pieces, its parameters in their places: numbered only when everything that fell away has fallen away. */
type Piece = string | { readonly value: SqlValue; readonly type: string };
export type Fragment = readonly Piece[];

/** What is already decided, or the SQL that decides it row by row. */
export type Partial = boolean | Fragment;

const SQL_TYPES = { text: 'text', long: 'bigint', texts: 'text[]' } as const;

const COMPARE = { '==': '=', '!=': '<>', '<': '<', '<=': '<=', '>': '>', '>=': '>=' } as const;

/** A condition over `columns`, given who asks and when (`facts` without a resource): settled, or SQL that may be NULL. */
export function conditionOf(expr: Expr, columns: Columns, facts: Facts): Partial {
  if (!touchesItem(expr)) return closureOf(expr)(facts) as boolean;
  switch (expr.op) {
    case '&&':
    case '||':
      return junction(expr.op, conditionOf(expr.left, columns, facts), () => conditionOf(expr.right, columns, facts));
    case 'not': {
      const arg = conditionOf(expr.arg, columns, facts);
      return typeof arg === 'boolean' ? !arg : ['NOT ', ...arg];
    }
    case 'has':
      return [`(${columnOf(columns, expr.attr)} IS NOT NULL)`];
    case 'get':
      return [columnOf(columns, expr.attr)];
    case 'value':
      throw new Error('a value touches no item');
    default:
      return comparison(expr.op, operandOf(expr.left, columns, facts), operandOf(expr.right, columns, facts));
  }
}

/** Numbers the parameters; equal texts share one. */
export function predicateOf(fragment: Fragment): Predicate {
  const params: SqlValue[] = [];
  const numbered = fragment.map((piece) => {
    if (typeof piece === 'string') return piece;
    const known = params.indexOf(piece.value);
    const at = known >= 0 ? known : params.push(piece.value) - 1;
    return `$${at + 1}::${piece.type}`;
  });
  return { sql: numbered.join(''), params };
}

// The right side is written only when it can matter: an attribute of the viewer may be missing otherwise.
function junction(op: '&&' | '||', left: Partial, writeRight: () => Partial): Partial {
  const settling = op === '||';
  if (left === settling) return settling;
  const right = writeRight();
  if (typeof left === 'boolean') return right;
  if (typeof right === 'boolean') return right === settling ? settling : left;
  return ['(', ...left, op === '&&' ? ' AND ' : ' OR ', ...right, ')'];
}

function comparison(op: Exclude<BinaryOp, '&&' | '||'>, left: Fragment, right: Fragment): Fragment {
  if (op === 'contains') return ['(', ...right, ' = ANY(', ...left, '))'];
  if (op === 'containsAll') return ['(', ...left, ' @> ', ...right, ')'];
  if (op === 'containsAny') return ['(', ...left, ' && ', ...right, ')'];
  return ['(', ...left, ` ${COMPARE[op]} `, ...right, ')'];
}

function operandOf(expr: Expr, columns: Columns, facts: Facts): Fragment {
  if (expr.type === 'bool') {
    const condition = conditionOf(expr, columns, facts);
    return typeof condition === 'boolean' ? [String(condition).toUpperCase()] : condition;
  }
  if (expr.op === 'get' && expr.of === 'resource') return [columnOf(columns, expr.attr)];
  return [{ value: closureOf(expr)(facts) as SqlValue, type: SQL_TYPES[expr.type] }];
}

function columnOf(columns: Columns, attr: string): string {
  const column = columns[attr];
  if (column === undefined) throw new Error(`no column for ${attr}`);
  return column;
}

function touchesItem(expr: Expr): boolean {
  if (expr.op === 'value') return false;
  if (expr.op === 'get' || expr.op === 'has') return expr.of === 'resource';
  return expr.op === 'not' ? touchesItem(expr.arg) : touchesItem(expr.left) || touchesItem(expr.right);
}
