import type { UnknownReason } from "../../model/credentials";
import { Exchange, NoAnswer, type Outgoing, type Received, within } from "../exchange";
import type { Route } from "../route";

/** What fetching keys needs of this machine. */
export interface SourceWorld {
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  now(): Date;
  /** The text of a regular file of the user's own. */
  read(path: string): string | undefined;
  /** Replaces the text of a file that only its owner may read. */
  replace(path: string, text: string): void;
  /** The way out of this machine, where no host of ours decides it. */
  readonly route?: Route;
}

export interface SourceOptions {
  /** Asked instead of the service's own host, because the user named it in person. */
  readonly endpoint?: string;
  readonly signal?: AbortSignal;
}

export interface Exchanged {
  readonly host: string;
  readonly clockSkewSeconds?: number;
  readonly received: Received | { readonly reason: UnknownReason };
}

const deadlineMs = 10_000;

/** One request to a host, with the manners of every other one. */
export async function exchanged(
  world: SourceWorld,
  target: URL,
  outgoing: Outgoing,
  signal: AbortSignal | undefined,
): Promise<Exchanged> {
  const exchange = new Exchange(target, () => world.now(), world.route);
  const result = await within(exchange, { deadlineMs, signal }, async () => {
    try {
      return await exchange.send(outgoing);
    } catch (error) {
      return { reason: error instanceof NoAnswer ? error.reason : ("network" as const) };
    }
  });
  const { clockSkewSeconds } = exchange;
  return {
    host: target.host,
    ...(clockSkewSeconds === undefined ? {} : { clockSkewSeconds }),
    received: typeof result === "string" ? { reason: result } : result,
  };
}
