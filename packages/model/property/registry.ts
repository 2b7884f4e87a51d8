import { type PropertyType, type PropertyTypeName, propertyTypeNames } from './property-type.ts';
import { textType } from './text.ts';

/** One object per property type; the entity table names them. */
export const propertyTypes: Readonly<Record<PropertyTypeName, PropertyType>> = Object.fromEntries(
  propertyTypeNames.map((name) => [name, { ...textType, name }]),
) as Record<PropertyTypeName, PropertyType>;

/** The type of that name, or undefined for a name of a newer version. */
export function propertyType(name: string): PropertyType | undefined {
  return Object.hasOwn(propertyTypes, name) ? propertyTypes[name as PropertyTypeName] : undefined;
}
