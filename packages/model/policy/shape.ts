/** What the policy may ask about, and of which type: the TypeScript twin of policy.cedarschema (a test holds them equal). */

export type ValueType = 'bool' | 'text' | 'long' | 'texts';

export type Attribute = { readonly type: ValueType; readonly optional?: true };

export type Shape = Readonly<Record<string, Readonly<Record<string, Attribute>>>>;

export const ACTIONS = ['read', 'list', 'acknowledge', 'file', 'amend', 'share'] as const;

/** What somebody wants to do with an item. */
export type Action = (typeof ACTIONS)[number];

export const PRINCIPALS = ['Officer', 'Machine'] as const;
export type PrincipalKind = (typeof PRINCIPALS)[number];

const text = { type: 'text' } as const;
const texts = { type: 'texts' } as const;
const bool = { type: 'bool' } as const;

export const shape = {
  Officer: {
    nation: text,
    officer: text,
    agency: { type: 'text', optional: true },
    roles: texts,
    compartments: texts,
    accreditedNations: texts,
  },
  Machine: { purpose: text },
  Item: {
    kind: text,
    says: text,
    own: bool,
    state: text,
    agency: { type: 'text', optional: true },
    handling: texts,
    conditions: texts,
    namedOfficers: texts,
    pap: text,
    recipients: texts,
    expiresDay: { type: 'long', optional: true },
  },
  context: { today: { type: 'long' } },
} as const satisfies Shape;

export type ItemAttribute = keyof typeof shape.Item;
