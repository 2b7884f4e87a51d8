/** Invented officers. They exist in the demonstration and in tests only; anybody may be any of them, and screens say so. */
import type { Officer } from '@tripoint/bureau/main';

/** Role, and the names of one officer a nation who holds it. All are made up. */
const posts: readonly { role: string; agency: 'none' | 'first' | 'second'; names: Readonly<Record<string, string>> }[] =
  [
    {
      role: 'desk-officer',
      agency: 'none',
      names: {
        KR: 'Han Seo-yun',
        PH: 'Lualhati Dimasupil',
        KH: 'Chan Romdoul',
        LA: 'Keo Dokchampa',
        VN: 'Lam Thu Van',
        TH: 'Ploy Saengdao',
      },
    },
    {
      role: 'analyst',
      agency: 'first',
      names: {
        KR: 'Baek Do-hyun',
        PH: 'Amihan Salonga-Cruz',
        KH: 'Sim Veasna',
        LA: 'Noy Phonsavat',
        VN: 'Dang Gia Han',
        TH: 'Anan Rungrot',
      },
    },
    {
      role: 'duty-lead',
      agency: 'none',
      names: {
        KR: 'Noh Ji-ho',
        PH: 'Bayani Quiambao',
        KH: 'Prak Sokunthea',
        LA: 'Bounmy Silavong',
        VN: 'Trinh Bao Long',
        TH: 'Kanya Thepwong',
      },
    },
    {
      role: 'unit-head',
      agency: 'second',
      names: {
        KR: 'Pyo Mi-rae',
        PH: 'Ligaya Macaraig',
        KH: 'Ouk Dara',
        LA: 'Vanh Inthavong',
        VN: 'Ho Kim Ngan',
        TH: 'Somsak Inthara',
      },
    },
    {
      role: 'administrator',
      agency: 'none',
      names: {
        KR: 'Gu Tae-oh',
        PH: 'Isagani Valerio',
        KH: 'Meas Bopha',
        LA: 'Sith Vongdala',
        VN: 'Ly Quoc Toan',
        TH: 'Duangjai Prom',
      },
    },
  ];

export interface InventedOfficer extends Officer {
  token: string;
}

/** Officers of one nation; `agencies` are two random compartment ids of that bureau. */
export function inventedOfficers(
  nation: string,
  agencies: { first: string; second: string },
  tokenOf: (officer: string) => string,
  hashOf: (token: string) => string,
): InventedOfficer[] {
  return posts.map(({ role, agency, names }) => {
    const id = `${nation.toLowerCase()}-${role}`;
    const token = tokenOf(id);
    return {
      id,
      name: names[nation] ?? id,
      roles: [role],
      agency: agency === 'none' ? null : agencies[agency],
      token,
      tokenHash: hashOf(token),
    };
  });
}
