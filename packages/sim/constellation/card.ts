/** What is known of a running bureau from outside: the entries of constellation.json. */
export interface BureauCard {
  nation: string;
  /** Loopback address of the API. */
  url: string;
  /** Address for a browser. */
  console: string;
  pid: number;
  officers: { name: string; role: string; token: string }[];
}

export function tokenOf(card: BureauCard, role: string): string {
  const officer = card.officers.find((one) => one.role === role);
  if (!officer) throw new Error(`no ${role} in ${card.nation}`);
  return officer.token;
}
