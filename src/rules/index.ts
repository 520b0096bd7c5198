import { rule as accountMismatch } from "./account-mismatch";
import { rule as backendProviderMismatch } from "./backend-provider-mismatch";
import { rule as backendVariable } from "./backend-variable";
import { rule as bakedInCredentials } from "./baked-in-credentials";
import { rule as canaryKey } from "./canary-key";
import { rule as ciSessionTokenMissing } from "./ci-session-token-missing";
import { rule as clockSkewed } from "./clock-skewed";
import { rule as containerMountUnreachable } from "./container-mount-unreachable";
import { rule as containerTokenNotPassed } from "./container-token-not-passed";
import { rule as credentialProcessBroken } from "./credential-process-broken";
import { rule as credentialsAfterTerraform } from "./credentials-after-terraform";
import { rule as credentialsFilePermissions } from "./credentials-file-permissions";
import { rule as customEndpoint } from "./custom-endpoint";
import { rule as deprecatedSharedCredentialsFile } from "./deprecated-shared-credentials-file";
import { rule as droppedBackendArgument } from "./dropped-backend-argument";
import { rule as droppedSessionToken } from "./dropped-session-token";
import { rule as duplicateKey } from "./duplicate-key";
import { rule as duplicateSection } from "./duplicate-section";
import { rule as endpointLeftover } from "./endpoint-leftover";
import { rule as environmentOverridesProfile } from "./environment-overrides-profile";
import { rule as expiredCredentials } from "./expired-credentials";
import { rule as expiringCredentials } from "./expiring-credentials";
import { rule as gitlabOidcIncomplete } from "./gitlab-oidc-incomplete";
import { rule as hardcodedKeyId } from "./hardcoded-key-id";
import { rule as hardcodedSecret } from "./hardcoded-secret";
import { rule as imdsHopLimit } from "./imds-hop-limit";
import { rule as incompleteEndpointList } from "./incomplete-endpoint-list";
import { rule as iniSyntax } from "./ini-syntax";
import { rule as legacyVariableName } from "./legacy-variable-name";
import { rule as loginSessionUnsupported } from "./login-session-unsupported";
import { rule as malformedKeyId } from "./malformed-key-id";
import { rule as malformedRoleArn } from "./malformed-role-arn";
import { rule as malformedSecret } from "./malformed-secret";
import { rule as mangledValue } from "./mangled-value";
import { rule as mfaRoleInTerraform } from "./mfa-role-in-terraform";
import { rule as oidcPermissionMissing } from "./oidc-permission-missing";
import { rule as oidcShadowed } from "./oidc-shadowed";
import { rule as optInRegion } from "./opt-in-region";
import { rule as outdatedAction } from "./outdated-action";
import { rule as partialKeys } from "./partial-keys";
import { rule as partitionMismatch } from "./partition-mismatch";
import { rule as placeholderKey } from "./placeholder-key";
import { rule as profileAndKeys } from "./profile-and-keys";
import { rule as profileNotFound } from "./profile-not-found";
import { rule as profileOverridesEnvironment } from "./profile-overrides-environment";
import { rule as profileWithoutCredentials } from "./profile-without-credentials";
import { rule as providerVersion } from "./provider-version";
import { rule as quotedReference } from "./quoted-reference";
import { rule as readDifferently } from "./read-differently";
import { rule as rejectedCredentials } from "./rejected-credentials";
import { rule as repositoryRunsCode } from "./repository-runs-code";
import { rule as roleChainingDuration } from "./role-chaining-duration";
import { rule as rootIdentity } from "./root-identity";
import type { Rule } from "./rule";
import { rule as secretInInitCache } from "./secret-in-init-cache";
import { rule as sessionWithoutMfa } from "./session-without-mfa";
import { rule as sharedFileMissing } from "./shared-file-missing";
import { rule as sourceProfileBroken } from "./source-profile-broken";
import { rule as specialCharacterAtRisk } from "./special-character-at-risk";
import { rule as splitAcrossFiles } from "./split-across-files";
import { rule as ssoIncomplete } from "./sso-incomplete";
import { rule as staleInitCache } from "./stale-init-cache";
import { rule as staticKeysInCi } from "./static-keys-in-ci";
import { rule as staticKeysShadowSso } from "./static-keys-shadow-sso";
import { rule as swappedIdAndSecret } from "./swapped-id-and-secret";
import { rule as temporaryKeyWithoutToken } from "./temporary-key-without-token";
import { rule as tokenOnPermanentKey } from "./token-on-permanent-key";
import { rule as tokenOnlyInEnvironment } from "./token-only-in-environment";
import { rule as uncheckedCertificates } from "./unchecked-certificates";
import { rule as unexpectedAccount } from "./unexpected-account";
import { rule as unknownRegion } from "./unknown-region";
import { rule as unquotedShellValue } from "./unquoted-shell-value";
import { rule as unreadableEncoding } from "./unreadable-encoding";
import { rule as unusedSuppression } from "./unused-suppression";
import { rule as validationSkipped } from "./validation-skipped";
import { rule as webIdentityIncomplete } from "./web-identity-incomplete";
import { rule as webIdentityShadowed } from "./web-identity-shadowed";
import { rule as wrongArgumentName } from "./wrong-argument-name";
import { rule as wrongSectionPrefix } from "./wrong-section-prefix";

/** Every rule, in the order of their ids. */
export const rules: readonly Rule[] = [
  accountMismatch,
  backendProviderMismatch,
  backendVariable,
  bakedInCredentials,
  canaryKey,
  ciSessionTokenMissing,
  clockSkewed,
  containerMountUnreachable,
  containerTokenNotPassed,
  credentialProcessBroken,
  credentialsAfterTerraform,
  credentialsFilePermissions,
  customEndpoint,
  deprecatedSharedCredentialsFile,
  droppedBackendArgument,
  droppedSessionToken,
  duplicateKey,
  duplicateSection,
  endpointLeftover,
  environmentOverridesProfile,
  expiredCredentials,
  expiringCredentials,
  gitlabOidcIncomplete,
  hardcodedKeyId,
  hardcodedSecret,
  imdsHopLimit,
  incompleteEndpointList,
  iniSyntax,
  legacyVariableName,
  loginSessionUnsupported,
  malformedKeyId,
  malformedRoleArn,
  malformedSecret,
  mangledValue,
  mfaRoleInTerraform,
  oidcPermissionMissing,
  oidcShadowed,
  optInRegion,
  outdatedAction,
  partialKeys,
  partitionMismatch,
  placeholderKey,
  profileAndKeys,
  profileNotFound,
  profileOverridesEnvironment,
  profileWithoutCredentials,
  providerVersion,
  quotedReference,
  readDifferently,
  rejectedCredentials,
  repositoryRunsCode,
  roleChainingDuration,
  rootIdentity,
  secretInInitCache,
  sessionWithoutMfa,
  sharedFileMissing,
  sourceProfileBroken,
  specialCharacterAtRisk,
  splitAcrossFiles,
  ssoIncomplete,
  staleInitCache,
  staticKeysInCi,
  staticKeysShadowSso,
  swappedIdAndSecret,
  temporaryKeyWithoutToken,
  tokenOnPermanentKey,
  tokenOnlyInEnvironment,
  uncheckedCertificates,
  unexpectedAccount,
  unknownRegion,
  unquotedShellValue,
  unreadableEncoding,
  unusedSuppression,
  validationSkipped,
  webIdentityIncomplete,
  webIdentityShadowed,
  wrongArgumentName,
  wrongSectionPrefix,
];
