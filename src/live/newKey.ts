import { accessKeyIdShape, secretKeyShape } from "../aws/accessKey";
import type { NewKey } from "../model/newKey";
import { Secret } from "../model/secret";
import { dateIn, jsonIn, objectIn, textIn } from "./sources/json";

/**
 * The key in what `aws iam create-access-key`, `aws sts assume-role`, `get-session-token` or a `credential_process`
 * printed; undefined where there is none.
 */
export function newKeyIn(text: string): NewKey | undefined {
  const json = jsonIn(text.replace(/^\ufeff/, "").trim());
  const made = objectIn(json?.AccessKey) ?? objectIn(json?.Credentials) ?? json;
  const id = textIn(made?.AccessKeyId);
  const secret = textIn(made?.SecretAccessKey);
  if (!made || id === undefined || secret === undefined) return undefined;
  const token = textIn(made.SessionToken);
  const [createdAt, expires] = [dateIn(made.CreateDate), dateIn(made.Expiration)];
  return {
    keys: {
      accessKeyId: id,
      secretAccessKey: new Secret(secret),
      ...(token === undefined ? {} : { sessionToken: new Secret(token) }),
    },
    idShape: accessKeyIdShape(id),
    secretShape: secretKeyShape(secret),
    characters: { plusOrSlash: /[+/]/.test(secret), leadingSlash: secret.startsWith("/") },
    ...(createdAt ? { createdAt } : {}),
    ...(expires ? { expires } : {}),
    ...(made.Status === "Inactive" ? { isInactive: true } : {}),
  };
}
