/** How a desk writes down what may be asked, answered and refused. Knows no transport and no desk. */
export * from './refusals.ts';
export * from './route.ts';
export * from './sentences.ts';
export { uuidSchema } from './uuid.ts';
