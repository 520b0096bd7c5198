import { createHmac, randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Reply } from "../model/credentials";
import type { IdentityRequest } from "./world";

type Ask = (request: IdentityRequest) => Promise<Reply>;

/** Milliseconds of a clock that nobody sets, and a sleep that rejects when it is cut short. */
export interface Clock {
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const realClock: Clock = { now: () => performance.now(), sleep: (ms, signal) => pause(ms, undefined, { signal }) };

/** For about five seconds after a wrong signature, AWS refuses right ones of the same key id too. */
const grudgeMs = 6_000;
const maxAtOnce = 2;
const cancelled: Reply = { host: "", answer: { status: "unknown", reason: "cancelled" } };

/** One request that several callers may wait for; it ends when the last of them leaves. */
interface Shared {
  readonly reply: Promise<Reply>;
  readonly abort: AbortController;
  callers: number;
}

/**
 * `ask` with manners: two requests at once, one for all who ask the same at the same time, and none with a changed
 * secret key while AWS may still hold the last one against its key id.
 */
export function throttle(ask: Ask, clock: Clock = realClock): Ask {
  const ours = randomBytes(32);
  const digest = (parts: readonly (string | undefined)[]) =>
    createHmac("sha256", ours).update(JSON.stringify(parts)).digest("base64");
  const shared = new Map<string, Shared>();
  const sent = new Map<string, { readonly secret: string; readonly at: number }>();
  const send = limited(ask);

  /** Whether the key id was just sent with another secret, in which case it is no longer. */
  async function letGrudgePass(id: string, secret: string, signal: AbortSignal): Promise<boolean> {
    for (let changed = false; ; changed = true) {
      const last = sent.get(id);
      const left = last && last.secret !== secret ? last.at + grudgeMs - clock.now() : 0;
      sent.set(id, left > 0 && last ? last : { secret, at: clock.now() });
      if (left <= 0) return changed;
      await clock.sleep(left, signal);
    }
  }

  async function askPatiently(request: IdentityRequest & { signal: AbortSignal }): Promise<Reply> {
    const { keys, signal } = request;
    const id = digest([keys.accessKeyId]);
    const secret = digest([keys.secretAccessKey.reveal()]);
    const attempt = async () => {
      const reply = await send(request);
      sent.set(id, { secret, at: clock.now() });
      return reply;
    };
    try {
      const changed = await letGrudgePass(id, secret, signal);
      const reply = await attempt();
      if (!changed || reply.answer.status !== "rejected" || reply.answer.code !== "SignatureDoesNotMatch") return reply;
      // Somebody else may have sent a wrong one in the meantime.
      await clock.sleep(grudgeMs, signal);
      return await attempt();
    } catch (error) {
      if (signal.aborted) return cancelled;
      throw error;
    }
  }

  function start(key: string, request: IdentityRequest): Shared {
    const abort = new AbortController();
    abort.signal.addEventListener("abort", () => shared.delete(key), { once: true });
    const reply = askPatiently({ ...request, signal: abort.signal }).finally(() => {
      if (!abort.signal.aborted) shared.delete(key);
    });
    const one = { reply, abort, callers: 0 };
    shared.set(key, one);
    return one;
  }

  return async (request) => {
    const { keys, region, endpoint, signal } = request;
    if (signal?.aborted) return cancelled;
    const secrets = [keys.secretAccessKey.reveal(), keys.sessionToken?.reveal()];
    const key = digest([keys.accessKeyId, ...secrets, region, endpoint]);
    return join(shared.get(key) ?? start(key, request), signal);
  };
}

/** Waits for a reply until the caller's own signal says that it no longer does. */
function join(one: Shared, signal: AbortSignal | undefined): Promise<Reply> {
  one.callers++;
  return new Promise((resolve, reject) => {
    const leave = () => {
      if (--one.callers === 0) one.abort.abort();
      resolve(cancelled);
    };
    signal?.addEventListener("abort", leave, { once: true });
    one.reply.then(resolve, reject).finally(() => signal?.removeEventListener("abort", leave));
  });
}

/** At most `maxAtOnce` under way; the others wait in order. */
function limited(ask: Ask): (request: IdentityRequest & { signal: AbortSignal }) => Promise<Reply> {
  const waiting: (() => void)[] = [];
  let underWay = 0;
  const turn = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const go = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(go), 1);
        reject(signal.reason);
      };
      waiting.push(go);
      signal.addEventListener("abort", leave, { once: true });
    });
  return async (request) => {
    request.signal.throwIfAborted();
    if (underWay < maxAtOnce) underWay++;
    else await turn(request.signal);
    try {
      return await ask(request);
    } finally {
      const next = waiting.shift();
      // Who comes next takes over the place.
      if (next) next();
      else underWay--;
    }
  };
}
