import { AssertionError } from '#shared/assert.ts';

import type { Completeness, Queries } from '../api.ts';

const NOON_MS = Date.UTC(2026, 10, 23, 12);

export const COMPLETENESS: Completeness = {
  completeUntilMs: NOON_MS - 60_000,
  heldBackBy: [{ gateway: 'gw-2', site: 'bremen', completeUntilMs: NOON_MS - 60_000 }],
};

/** A read model that knows nothing, except what a test says it does. */
export function fakeQueries(overrides: Partial<Queries> = {}): Queries {
  return {
    ping: () => Promise.resolve(),
    completeness: () => Promise.resolve(COMPLETENESS),
    parcel: () => Promise.resolve(undefined),
    parcelEvents: () => Promise.resolve([]),
    lastPosition: () => Promise.resolve(undefined),
    positions: () => Promise.resolve([]),
    gateway: () => Promise.resolve(undefined),
    gateways: () => Promise.resolve([]),
    ...overrides,
  };
}

/** A read model that must not be asked. */
export function noQueries(): Queries {
  const refuse = (): Promise<never> =>
    Promise.reject(new AssertionError('the read model was asked'));
  return {
    ping: refuse,
    completeness: refuse,
    parcel: refuse,
    parcelEvents: refuse,
    lastPosition: refuse,
    positions: refuse,
    gateway: refuse,
    gateways: refuse,
  };
}
