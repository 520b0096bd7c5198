import type { FileFact, FileUse } from "../model/chain";

/** A file that a chain looked for, by path and use; `live/` reads those it does not have yet and asks again. */
export interface FileWish {
  readonly path: string;
  readonly use: FileUse;
}

export const wishKey = ({ path, use }: FileWish) => `${use} ${path}`;

/** The files beyond the workspace, as far as they were looked at. */
export interface ChainFiles {
  /** Undefined while nobody has looked; then the wish is kept. */
  look(path: string, use: FileUse): FileFact | undefined;
  readonly wishes: ReadonlyMap<string, FileWish>;
}

export function chainFiles(known: ReadonlyMap<string, FileFact>): ChainFiles {
  const wishes = new Map<string, FileWish>();
  return {
    wishes,
    look: (path, use) => {
      const wish = { path, use };
      const key = wishKey(wish);
      const fact = known.get(key);
      if (!fact) wishes.set(key, wish);
      return fact;
    },
  };
}
