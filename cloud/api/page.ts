import { z } from 'zod';

/** `{"items": […], "next": cursor|null}` */
export function pageShape<T extends z.ZodType>(
  item: T,
): { items: z.ZodArray<T>; next: z.ZodNullable<z.ZodString> } {
  return {
    items: z.array(item),
    next: z
      .string()
      .nullable()
      .meta({ description: 'The `cursor` of the next page; null on the last.' }),
  };
}

export type Page<T> = { items: T[]; next: string | null };

/** One more than the limit is asked for, to know whether there is a next page. */
export function pageOf<T>(
  found: readonly T[],
  limit: number,
  cursorOf: (item: T) => string,
): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: last !== undefined && found.length > limit ? cursorOf(last) : null };
}
