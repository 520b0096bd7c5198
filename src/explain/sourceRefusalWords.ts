import { explainCode, type Meaning } from "../aws/errors";
import type { Chain } from "../model/chain";

/** Why a place that keeps keys gave none. */
export function sourceRefusalWords(code: string, { winner, roles: [role] }: Chain): Meaning {
  const source = winner?.fetch;
  if (source?.kind === "sso" && (code === "ForbiddenException" || code === "AccessDeniedException")) {
    return {
      meaning: `The SSO login is good, and the permission set ${source.roleName} in account ${source.accountId} is not assigned to its user.`,
      next: [
        `Compare sso_account_id and sso_role_name of profile ${source.profile} with what the access portal shows.`,
        "Ask an administrator of IAM Identity Center to assign the permission set.",
      ],
    };
  }
  if (source?.kind === "sso" && (code === "ResourceNotFoundException" || code === "InvalidRequestException")) {
    return {
      meaning: `IAM Identity Center knows no permission set ${source.roleName} in account ${source.accountId}.`,
      next: [
        `Compare sso_account_id, sso_role_name and sso_region of profile ${source.profile} with the access portal.`,
      ],
    };
  }
  if (source?.kind === "web-identity" && code === "AccessDenied" && role) {
    return {
      meaning: `The trust policy of ${role.roleArn} does not let this token in, or there is no such role.`,
      next: [
        "Check that the role exists under exactly this name.",
        "Compare the conditions on sub and aud in the role's trust policy with the token's claims.",
        "Check that the trust policy allows sts:AssumeRoleWithWebIdentity to the identity provider.",
      ],
    };
  }
  return explainCode(code);
}
