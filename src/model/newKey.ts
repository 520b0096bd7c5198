import type { KeyShape, Keys } from "./credentials";

/** A key as the command that made it printed it, before anybody uses it. */
export interface NewKey {
  readonly keys: Keys;
  readonly idShape: KeyShape;
  readonly secretShape: KeyShape;
  readonly createdAt?: Date;
  readonly expires?: Date;
  /** IAM made it, or made it inactive. */
  readonly isInactive?: true;
  /** What some places would read differently. */
  readonly characters: { readonly plusOrSlash: boolean; readonly leadingSlash: boolean };
}
