import { rule as hardcodedSecret } from "./hardcoded-secret";
import { rule as malformedKeyId } from "./malformed-key-id";
import { rule as malformedSecret } from "./malformed-secret";
import { rule as mangledValue } from "./mangled-value";
import { rule as partialKeys } from "./partial-keys";
import { rule as placeholderKey } from "./placeholder-key";
import { rule as profileNotFound } from "./profile-not-found";
import type { Rule } from "./rule";
import { rule as swappedIdAndSecret } from "./swapped-id-and-secret";
import { rule as temporaryKeyWithoutToken } from "./temporary-key-without-token";
import { rule as tokenOnPermanentKey } from "./token-on-permanent-key";
import { rule as unknownRegion } from "./unknown-region";
import { rule as wrongArgumentName } from "./wrong-argument-name";
import { rule as wrongSectionPrefix } from "./wrong-section-prefix";

/** Every rule, in the order of their ids. */
export const rules: readonly Rule[] = [
  hardcodedSecret,
  malformedKeyId,
  malformedSecret,
  mangledValue,
  partialKeys,
  placeholderKey,
  profileNotFound,
  swappedIdAndSecret,
  temporaryKeyWithoutToken,
  tokenOnPermanentKey,
  unknownRegion,
  wrongArgumentName,
  wrongSectionPrefix,
];
