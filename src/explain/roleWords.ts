import { accountOfIdentity } from "../aws/arns";
import { explainCode, explainUnknown, type Meaning } from "../aws/errors";
import type { Chain, ChainRole } from "../model/chain";
import type { Identity, Observation, RoleWalk } from "../model/credentials";
import type { RoleRefusal } from "../model/fetching";

/** The role that the answer is about; undefined where it is about the keys that a walk ended with. */
export function roleAsked({ walk, answer }: Observation, { roles }: Chain): ChainRole | undefined {
  return walk && answer.status !== "valid" ? roles[walk.assumed] : undefined;
}

/** How the identity came about, or that a role was left out; empty where no role is assumed. */
export function roleSentence({ roles }: Chain, walk: RoleWalk | undefined): string {
  if (roles.length === 0) return "";
  const arns = roles.map(({ roleArn }) => roleArn).join(" and then ");
  if (walk) return `It assumed ${arns} with the keys of ${walk.base.arn}.`;
  const [first] = roles;
  if (first?.operation === "AssumeRoleWithWebIdentity" && !roles[1]) return "";
  const unknown = roles.flatMap((role) => role.unknown ?? []);
  const because =
    unknown.length > 0
      ? `, because ${unknown.join(" and ")} ${unknown.length === 1 ? "is" : "are"} not known here`
      : "";
  const were = roles.length === 1 ? "the role itself was" : "these roles were";
  return `With it Terraform will assume ${arns}; ${were} not asked for${because}.`;
}

/** What a role's refusal means, by AWS's words, the caller and what was sent. */
export function roleRefusalWords(
  code: string,
  role: ChainRole,
  { base, assumed, refusal }: RoleWalk,
  { roles }: Chain,
): Meaning {
  const caller = roles[assumed - 1]?.roleArn ?? base.arn;
  if (refusal) return reasons[refusal](role, caller);
  if (code !== "AccessDenied") return explainCode(code);
  return isSameRole(base, assumed, role) ? selfAssumption(role, caller) : notAuthorized(role, caller);
}

export function unansweredRole(
  { roleArn }: ChainRole,
  { base }: RoleWalk,
  reason: Parameters<typeof explainUnknown>[0],
) {
  const { meaning, next } = explainUnknown(reason);
  return {
    meaning: `The keys are good, as ${base.arn}; whether they may assume ${roleArn} is not known. ${meaning}`,
    next,
  };
}

/** A session of a role that asks for the same role once more; its ARN leaves the role's path out. */
function isSameRole({ arn, account }: Identity, assumed: number, { roleArn }: ChainRole): boolean {
  const [, name] = /:assumed-role\/([^/]+)\//.exec(arn) ?? [];
  const [, wantedAccount, wantedName] = /:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(roleArn) ?? [];
  return assumed === 0 && name !== undefined && name === wantedName && account === wantedAccount;
}

const selfAssumption = ({ roleArn }: ChainRole, caller: string): Meaning => ({
  meaning: `The keys are a session of ${roleArn} already (${caller}). Since 2023 a role may only assume itself where its trust policy says so.`,
  next: [
    "Leave the role out where the keys are its own already.",
    "Or let the role's trust policy name the role itself as a principal.",
  ],
});

/** AWS says the same of a missing permission, a trust policy, an external id, an MFA condition and a role that is not there. */
function notAuthorized({ roleArn, externalId }: ChainRole, caller: string): Meaning {
  const [account, own] = [accountOfIdentity(roleArn), accountOfIdentity(caller)];
  const isAcross = account !== undefined && account !== own;
  return {
    meaning: `${caller} may not assume ${roleArn}, or there is no such role. The keys themselves are good.`,
    next: [
      `Check that the role exists under exactly this name in account ${account ?? "of the ARN"}.`,
      `Check that the role's trust policy names ${caller}, or its account, as a principal.`,
      isAcross
        ? `Check that a policy of the caller allows sts:AssumeRole on the role: across accounts (${own} to ${account}) both sides have to allow it.`
        : "Check that a policy of the caller allows sts:AssumeRole on the role, where the trust policy names only the account.",
      ...conditionSteps(externalId),
    ],
  };
}

/** What to look at in the conditions of a trust policy. */
const conditionSteps = (externalId: string | undefined): readonly string[] => [
  externalId === undefined
    ? "If the trust policy has a condition on sts:ExternalId, set the external id; none was sent."
    : `Compare the external id that was sent (${externalId}) with the trust policy's condition on sts:ExternalId.`,
  "If the trust policy asks for aws:MultiFactorAuthPresent, the keys need a session made with a code: Terraform asks for none.",
];

const reasons: Readonly<Record<RoleRefusal, (role: ChainRole, caller: string) => Meaning>> = {
  "explicit-deny": ({ roleArn }, caller) => ({
    meaning: `A policy denies ${caller} in so many words to assume ${roleArn}.`,
    next: [
      "Look for a Deny on sts:AssumeRole in the caller's policies, in the role's trust policy and in the organization's service control policies.",
      "Where the Deny has a condition, such as MFA or a source network, check whether the caller meets it.",
    ],
  }),
  "no-permission": ({ roleArn }, caller) => ({
    meaning: `No policy of ${caller} allows it to assume ${roleArn}.`,
    next: [
      "Allow sts:AssumeRole on the role's ARN in a policy of the caller.",
      "Check the caller's permissions boundary and the organization's service control policies as well.",
    ],
  }),
  "no-trust": ({ roleArn, externalId }, caller) => ({
    meaning: `The trust policy of ${roleArn} does not allow ${caller} to assume it.`,
    next: [
      "Name the caller, or its account, as a principal in the role's trust policy.",
      ...conditionSteps(externalId),
    ],
  }),
  "root-cannot": () => ({
    meaning: "The keys are the account's root user's, and roles cannot be assumed by root users.",
    next: ["Use the keys of an IAM user or of a session, and delete the root user's keys."],
  }),
  "too-long": ({ roleArn, duration }) => ({
    meaning: `${duration === undefined ? "The duration" : `A session of ${duration} seconds`} is outside what ${roleArn} allows: at least 900 seconds, and at most the role's maximum session duration, which is an hour unless somebody raised it.`,
    next: ["Ask for a shorter session, or raise the role's maximum session duration."],
  }),
  "too-long-for-a-chain": ({ duration }) => ({
    meaning: `One role assumes another here, and such a session lasts an hour at most${duration === undefined ? "" : `; ${duration} seconds were asked for`}. The role's own maximum does not help.`,
    next: ["Ask for 3600 seconds or less."],
  }),
  "malformed-arn": ({ roleArn }) => ({
    meaning: `${roleArn} is not the ARN of a role.`,
    next: [
      "Write arn:aws:iam::ACCOUNT:role/NAME, with the twelve digits of the account, the role's path and its name.",
    ],
  }),
  "malformed-external-id": () => ({
    meaning: "The external id has a form that STS does not take.",
    next: ["Use 2 to 1224 letters, digits and the characters _+=,.@:/-"],
  }),
  "malformed-session-name": () => ({
    meaning: "The session's name has a form that STS does not take.",
    next: ["Use 2 to 64 letters, digits and the characters _+=,.@-"],
  }),
};
