import { keyCauses } from "./keyCauses";
import { placeCauses } from "./placeCauses";
import { profileCauses } from "./profileCauses";
import { roleCauses } from "./roleCauses";
import { sourceCauses } from "./sourceCauses";

/** Everything that can be behind an error about credentials. */
export const causes = { ...keyCauses, ...sourceCauses, ...profileCauses, ...roleCauses, ...placeCauses };

export type CauseId = keyof typeof causes;
