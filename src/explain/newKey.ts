import { accountOfKeyId, canaryAccounts, evidentFlaw } from "../aws/accessKey";
import { explainCode, explainUnknown } from "../aws/errors";
import type { Probe, Reply } from "../model/credentials";
import type { NewKey } from "../model/newKey";

/** One thing that was looked at. */
export interface KeyCheck {
  readonly id: "form" | "token" | "end" | "account" | "places" | "live";
  readonly result: "passed" | "failed" | "unknown" | "skipped";
  /** One sentence, or a few. */
  readonly because: string;
  readonly next?: readonly string[];
}

/** IAM tells all its parts of a new key within this time; mostly within seconds. */
const settlingMs = 120_000;

/** What can be told of a key without asking anybody. */
export function checksOf(key: NewKey, now: Date): readonly KeyCheck[] {
  const form = formCheck(key);
  if (form.result === "failed") return [form];
  return [form, tokenCheck(key), ...endCheck(key, now), accountCheck(key), placesCheck(key)];
}

function formCheck({ idShape, secretShape, isInactive }: NewKey): KeyCheck {
  const flaws: string[] = [];
  if (idShape.kind === "documented" || secretShape.kind === "documented") {
    const next = ["Take the answer of the command that made your own key."];
    return { id: "form", result: "failed", because: "It is an example of AWS's documentation, and no key.", next };
  } else {
    if (idShape.kind === "malformed") flaws.push(`The key id ${idShape.flaw}.`);
    else if (idShape.kind !== "long-term-key-id" && idShape.kind !== "temporary-key-id")
      flaws.push("The key id has not the form of AWS's: 20 capitals and digits that begin with AKIA or ASIA.");
    if (secretShape.kind === "malformed") flaws.push(`The secret key ${secretShape.flaw}.`);
    else if (secretShape.kind === "mangled")
      flaws.push(`The secret key holds ${secretShape.by} that do not belong to it.`);
    else if (secretShape.kind !== "secret-key")
      flaws.push("The secret key has not the form of AWS's: 40 letters, digits, + and /.");
  }
  if (isInactive) flaws.push("It was made inactive, and IAM refuses it until it is activated.");
  return flaws.length > 0
    ? {
        id: "form",
        result: "failed",
        because: flaws.join(" "),
        next: ["Copy the whole answer once more, or make another key and delete this one."],
      }
    : { id: "form", result: "passed", because: "Key id and secret key have the form that AWS issues." };
}

function tokenCheck({ keys, idShape }: NewKey): KeyCheck {
  const flaw = evidentFlaw(keys);
  if (flaw === "no-token") {
    const next = ["Take the SessionToken of the same answer along."];
    return { id: "token", result: "failed", because: "The key is temporary and no session token goes with it.", next };
  }
  if (flaw === "needless-token") {
    const because = "The key is a long-term one, and AWS refuses it with a session token.";
    return { id: "token", result: "failed", because, next: ["Leave the session token out."] };
  }
  const because =
    idShape.kind === "temporary-key-id"
      ? "The key is temporary: key id, secret key and session token go together, all three."
      : "The key is a long-term one: it goes without a session token.";
  return { id: "token", result: "passed", because };
}

function endCheck({ expires }: NewKey, now: Date): readonly KeyCheck[] {
  if (!expires) return [];
  const when = expires.toISOString();
  return expires > now
    ? [{ id: "end", result: "passed", because: `It is good until ${when}.` }]
    : [{ id: "end", result: "failed", because: `It ended at ${when}.`, next: ["Get new temporary keys."] }];
}

function accountCheck({ keys }: NewKey): KeyCheck {
  const account = accountOfKeyId(keys.accessKeyId);
  if (account === undefined) {
    return { id: "account", result: "skipped", because: "The account cannot be read in this key id." };
  }
  if (canaryAccounts.has(account)) {
    const because = `It belongs to account ${account}, a known issuer of honeytokens: using it raises an alarm.`;
    return { id: "account", result: "failed", because, next: ["Do not use this key. Ask whoever gave it to you."] };
  }
  return { id: "account", result: "passed", because: `It belongs to account ${account}.` };
}

const harmless = "AWS files, Terraform, environment variables, env files, Docker, Compose, YAML and CI secrets";

/** Where the text of the secret would be read as something else. */
function placesCheck({ characters }: NewKey): KeyCheck {
  if (!characters.plusOrSlash) {
    return {
      id: "places",
      result: "passed",
      because: "The secret key is letters and digits alone, and goes anywhere.",
    };
  }
  const next = [
    "In a URL (user:secret@host) and in a form: write + as %2B and / as %2F, there and nowhere else.",
    "In sed's s/…/…/: take another delimiter.",
    ...(characters.leadingSlash
      ? ["As an argument in Git Bash on Windows: set MSYS_NO_PATHCONV=1, or what begins with / becomes a path."]
      : []),
  ];
  const because = `The secret key holds + or /, which is as it should be, and means nothing in ${harmless}: put it there as it is.`;
  return { id: "places", result: "passed", because, next };
}

/** What AWS says of it; a key that was just made may not be known yet. */
export function liveCheck({ createdAt }: NewKey, reply: Reply, atHome: Probe | undefined, now: Date): KeyCheck {
  const { answer } = reply;
  if (answer.status === "valid") {
    const { account, arn } = answer.identity;
    return { id: "live", result: "passed", because: `AWS knows it: account ${account} as ${arn}.` };
  }
  if (answer.status === "unknown") {
    const { meaning, next } = explainUnknown(answer.reason);
    return { id: "live", result: "unknown", because: meaning, next };
  }
  const age = createdAt && now.getTime() - createdAt.getTime();
  if (answer.code === "InvalidClientTokenId" && age !== undefined && age < settlingMs) {
    return {
      id: "live",
      result: "unknown",
      because: `AWS does not know it yet. It was made ${Math.max(0, Math.round(age / 1000))} seconds ago, and IAM takes some seconds to tell all its parts.`,
      next: ["Ask again in a minute: only a key that is unknown then is dead."],
    };
  }
  if (answer.code === "InvalidClientTokenId" && atHome?.answer.status === "valid") {
    const because = `It is good in ${atHome.region}, as account ${atHome.answer.identity.account}; the region that was asked does not know it.`;
    return {
      id: "live",
      result: "failed",
      because,
      next: ["Enable the region for the account, or ask STS elsewhere."],
    };
  }
  const { meaning, next } = explainCode(answer.code);
  return { id: "live", result: "failed", because: `AWS refused it: ${answer.code}. ${meaning}`, next };
}
