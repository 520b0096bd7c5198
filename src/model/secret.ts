const inspect = Symbol.for("nodejs.util.inspect.custom");
const masked = "********";

/** A secret key or session token. Prints as asterisks everywhere; only `live/` may `reveal()` it. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  /** Whether two secrets are the same text; says nothing else about either. */
  equals(other: Secret): boolean {
    return this.#text === other.#text;
  }

  toString(): string {
    return masked;
  }

  toJSON(): string {
    return masked;
  }

  [inspect](): string {
    return masked;
  }
}
