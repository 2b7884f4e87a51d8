/** Where benchmarks keep their coalitions: beside the checkout's caches, on ports of their own. */
import { join } from 'node:path';

export const benchDir = join(import.meta.dirname, '..', '..', '..', '.cache', 'bench');
export const benchPort = 7_300;
