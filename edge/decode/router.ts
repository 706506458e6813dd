/**
 * Which format a topic is in, by the site's config: the first route whose template fits. Topics that no route fits are in
 * the generic profile.
 */
import type { Format } from './decode.ts';
import { topicTemplate, type TopicTemplate } from './topic-template.ts';

/** One route: messages under these topics, of this broker, are in this format. */
export type Route = {
  readonly topic: string;
  /** The name of the external broker that they come from; absent: any, the gateway's own among them. */
  readonly broker?: string | undefined;
  /** The device, where neither topic nor payload names it. */
  readonly device?: string | undefined;
  /** What its scanners write in the place of FNC1. */
  readonly fnc1?: string | undefined;
  readonly format: Format | AsyncFormat;
};

/** A format that answers later, such as a mapping in its thread. */
export type AsyncFormat = (input: Parameters<Format>[0]) => Promise<ReturnType<Format>>;

/** A route that fits, and what its template names. */
export type Routed = {
  readonly format: Format | AsyncFormat;
  readonly names: Readonly<Record<string, string>>;
  readonly fnc1: string | undefined;
};

const TOPICS_REMEMBERED = 10_000;

export class Router {
  readonly #routes: readonly (Route & { readonly template: TopicTemplate })[];
  readonly #fallback: Routed;
  /** By topic and broker: a depot has as many topics as devices, and each comes again and again. */
  readonly #known = new Map<string, Routed>();

  constructor(routes: readonly Route[], fallback: Format) {
    this.#routes = routes.map((route) => ({ ...route, template: topicTemplate(route.topic) }));
    this.#fallback = { format: fallback, names: {}, fnc1: undefined };
  }

  find(topic: string, source: string | undefined): Routed {
    if (this.#routes.length === 0) return this.#fallback;
    // No topic has a NUL in it.
    const key = source === undefined ? topic : `${source}\0${topic}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = this.#search(topic, source);
    // Whoever makes up topics makes the memory start again, not grow.
    if (this.#known.size >= TOPICS_REMEMBERED) this.#known.clear();
    this.#known.set(key, found);
    return found;
  }

  #search(topic: string, source: string | undefined): Routed {
    for (const { template, broker, device, fnc1, format } of this.#routes) {
      if (broker !== undefined && broker !== source) continue;
      const names = template.match(topic);
      if (names === undefined) continue;
      return { format, fnc1, names: device === undefined ? names : { ...names, deviceId: device } };
    }
    return this.#fallback;
  }
}
