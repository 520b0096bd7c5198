import type { ChainRole } from "../model/chain";
import type { Answer, Keys, Reply } from "../model/credentials";
import type { Fetching, FetchReply } from "../model/fetching";
import { Secret } from "../model/secret";
import { identityOf, keysOf, roleRefusalOf } from "./stsAnswers";
import { askSts, type StsPlace } from "./stsClient";
import type { RoleQuestion } from "./world";

export interface IdentityQuestion extends StsPlace {
  readonly keys: Keys;
}

const identityBody = "Action=GetCallerIdentity&Version=2011-06-15";

/** Asks STS whose keys these are. */
export function getCallerIdentity(question: IdentityQuestion): Promise<Reply> {
  return askSts<Answer>(question, question.keys, {
    action: "GetCallerIdentity",
    isBody: (body) => body === identityBody,
    send: async (client, { GetCallerIdentityCommand }) => {
      const { Account, Arn, UserId } = await client.send(new GetCallerIdentityCommand({}));
      const identity = identityOf(Account, Arn, UserId);
      return identity && { status: "valid", identity };
    },
    refused: (answer) => answer,
  });
}

/** Terraform names its sessions by the clock; a name of ours says in the role's account who was there. */
const defaultSessionName = "callerid";

/** What Terraform's SDK asks for where nobody says how long: the least there is. */
const defaultSeconds = 900;

/** Asks STS for the temporary keys of a role. */
export function assumeRole({ role, ...question }: RoleQuestion & StsPlace): Promise<FetchReply> {
  const { policy, policyArns, tags, transitiveTagKeys, sourceIdentity } = role.session ?? {};
  return askSts<Fetching>(question, question.keys, {
    action: "AssumeRole",
    isBody: (body) => new URLSearchParams(body).get("Action") === "AssumeRole",
    send: async (client, { AssumeRoleCommand }) => {
      const { Credentials } = await client.send(
        new AssumeRoleCommand({
          RoleArn: role.roleArn,
          RoleSessionName: role.sessionName ?? defaultSessionName,
          DurationSeconds: role.duration ?? defaultSeconds,
          ...(role.externalId === undefined ? {} : { ExternalId: role.externalId }),
          ...(policy === undefined ? {} : { Policy: policy }),
          ...(policyArns ? { PolicyArns: policyArns.map((arn) => ({ arn })) } : {}),
          ...(tags ? { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) } : {}),
          ...(transitiveTagKeys ? { TransitiveTagKeys: [...transitiveTagKeys] } : {}),
          ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
        }),
      );
      return keysOf(Credentials);
    },
    refused: roleRefusalOf,
  });
}

export interface WebIdentityQuestion extends StsPlace {
  readonly token: Secret;
  readonly role: ChainRole;
}

/** Trades an identity provider's token for the keys of a role; nothing is signed. */
export function assumeRoleWithWebIdentity({ role, token, ...place }: WebIdentityQuestion): Promise<FetchReply> {
  const { policy, policyArns } = role.session ?? {};
  const nobody: Keys = { accessKeyId: "unsigned", secretAccessKey: new Secret("unsigned") };
  return askSts<Fetching>(place, nobody, {
    action: "AssumeRoleWithWebIdentity",
    isBody: (body) => new URLSearchParams(body).get("Action") === "AssumeRoleWithWebIdentity",
    send: async (client, { AssumeRoleWithWebIdentityCommand }) => {
      const { Credentials } = await client.send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: role.roleArn,
          RoleSessionName: role.sessionName ?? defaultSessionName,
          DurationSeconds: role.duration ?? defaultSeconds,
          WebIdentityToken: token.reveal(),
          ...(policy === undefined ? {} : { Policy: policy }),
          ...(policyArns ? { PolicyArns: policyArns.map((arn) => ({ arn })) } : {}),
        }),
      );
      return keysOf(Credentials);
    },
    refused: roleRefusalOf,
  });
}
