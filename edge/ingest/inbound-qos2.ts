/**
 * QoS 2 messages between their PUBLISH and their PUBREL, by session and packet identifier: what makes a second
 * copy a copy.
 *
 * ```
 *            first copy            settled()             PUBREL
 *   unknown ───────────► settling ──────────► accepted ─────────► unknown
 *                          │ settled(error)                          ▲
 *                          └─────────────────────────────────────────┘
 * ```
 *
 * Kept in memory: a restart forgets it, and a copy that comes after it counts as a message of its own.
 */

/** Of one session, unless it is said otherwise. Clients keep far fewer on their way. */
const SESSION_PACKETS_MAX = 1000;
/** Of all sessions. Beyond it the session that was opened longest ago is forgotten. */
const PACKETS_MAX = 100_000;

/** Called when the message is settled, with the error when it could not be. */
type Answer = (error?: Error) => void;

type State = { answers: Answer[] | undefined; released: boolean };

type Session = Map<number, State>;

export class InboundQos2 {
  readonly #sessions = new Map<string, Session>();
  readonly #sessionPacketsMax: number;
  #packets = 0;

  constructor(sessionPacketsMax = SESSION_PACKETS_MAX) {
    this.#sessionPacketsMax = sessionPacketsMax;
  }

  /**
   * Takes a copy of a message. For the first copy it returns what to call when the message is settled; for
   * another one `again`, when there are too many `full`. `answer` is called for every copy once it is settled.
   */
  enter(clientId: string, packetId: number, answer: Answer): Answer | 'again' | 'full' {
    const session = this.#sessionOf(clientId);
    const known = session.get(packetId);
    if (known !== undefined) {
      if (known.answers === undefined) answer();
      else known.answers.push(answer);
      return 'again';
    }
    if (session.size >= this.#sessionPacketsMax) return 'full';
    const state: State = { answers: [answer], released: false };
    session.set(packetId, state);
    this.#packets++;
    if (this.#packets > PACKETS_MAX) this.#forgetOldest(clientId);
    return (error) => {
      const answers = state.answers ?? [];
      state.answers = undefined;
      if ((error !== undefined || state.released) && session.get(packetId) === state) {
        this.#delete(clientId, session, packetId);
      }
      for (const each of answers) each(error);
    };
  }

  /** Whether a copy of the message was accepted, and no PUBREL has come for it. */
  isAccepted(clientId: string, packetId: number): boolean {
    const state = this.#sessions.get(clientId)?.get(packetId);
    return state !== undefined && state.answers === undefined;
  }

  /** A PUBREL has come. */
  release(clientId: string, packetId: number): void {
    const session = this.#sessions.get(clientId);
    const state = session?.get(packetId);
    if (session === undefined || state === undefined) return;
    // A PUBREL before our PUBREC is not MQTT; the identifier must still not stay taken for ever.
    if (state.answers === undefined) this.#delete(clientId, session, packetId);
    else state.released = true;
  }

  /** The identifier stands for another message from now on. What still settles of the old one is answered all the same. */
  discard(clientId: string, packetId: number): void {
    const session = this.#sessions.get(clientId);
    if (session?.has(packetId) === true) this.#delete(clientId, session, packetId);
  }

  /** The session has ended. */
  forget(clientId: string): void {
    this.#packets -= this.#sessions.get(clientId)?.size ?? 0;
    this.#sessions.delete(clientId);
  }

  #sessionOf(clientId: string): Session {
    const known = this.#sessions.get(clientId);
    if (known !== undefined) return known;
    const session: Session = new Map();
    this.#sessions.set(clientId, session);
    return session;
  }

  #delete(clientId: string, session: Session, packetId: number): void {
    session.delete(packetId);
    if (this.#sessions.get(clientId) !== session) return;
    this.#packets--;
    if (session.size === 0) this.#sessions.delete(clientId);
  }

  #forgetOldest(except: string): void {
    for (const clientId of this.#sessions.keys()) {
      if (clientId === except) continue;
      this.forget(clientId);
      return;
    }
  }
}
