import { z } from 'zod';

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** An id as it is written here and nowhere otherwise: 32 hex digits in lower case, in five groups. */
export const uuidSchema = z.stringFormat('uuid', pattern);
