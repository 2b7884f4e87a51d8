/** The six nations of the coalition and their places on this machine. */
export interface Place {
  nation: string;
  /** English short name; screens word it in seven languages. */
  name: string;
  api: number;
  peers: number;
}

const names = [
  ['KR', 'Korea'],
  ['PH', 'Philippines'],
  ['KH', 'Cambodia'],
  ['LA', 'Laos'],
  ['VN', 'Viet Nam'],
  ['TH', 'Thailand'],
] as const;

export const nations: readonly string[] = names.map(([nation]) => nation);

/** Doors for peers begin this far behind the front page's port. */
export const FIRST_PEER_OFFSET = 11;

/** first: the front page; then six consoles; then six doors for peers. 0 lets the system choose. */
export function placesFrom(first: number): Place[] {
  return names.map(([nation, name], i) => ({
    nation,
    name,
    api: first === 0 ? 0 : first + 1 + i,
    peers: first === 0 ? 0 : first + FIRST_PEER_OFFSET + i,
  }));
}

export const consoleHost = (nation: string) => `${nation.toLowerCase()}.localhost`;
