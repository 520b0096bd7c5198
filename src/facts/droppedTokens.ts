import type { ScriptDocument, ShellAssignment, ShellCommand } from "../documents/shell";
import type { Location, Piece, SourceFile, TextEdit } from "../model/text";
import { lineForm } from "./lineForms";
import { assignedBy, isForItself } from "./scriptFlow";

/** A script that asks STS for temporary keys and goes on without their token. */
export interface DroppedToken {
  readonly operation: string;
  readonly at: Location;
  /** Where the keys are asked for. */
  readonly askedAt: Location;
  readonly repair: readonly TextEdit[];
}

const operations =
  /^(?:assume-role(?:-with-(?:saml|web-identity))?|get-session-token|get-federation-token|get-role-credentials)$/;

/** A token that comes by another way, or a login tool that sets all three. */
const otherWay = /session_?token|security_?token|SessionToken|export-credentials|aws-vault|saml2aws|assume-role-arn/i;

/** The text without its comments decides, in a pipeline that of the job: whatever names the token may well hand it on. */
export function droppedTokenIn(
  { source, commands, shell }: ScriptDocument,
  text = source.text,
): DroppedToken | undefined {
  if (shell !== "sh" || otherWay.test(withoutComments(text))) return undefined;
  const asked = commands.find((command) => operationOf(command) !== undefined);
  if (!asked) return undefined;
  const { path } = source;
  const found = exported(commands, asked) ?? printed(commands, source) ?? configured(commands);
  if (!found) return undefined;
  return {
    operation: operationOf(asked) ?? "",
    at: { path, span: found.at },
    askedAt: { path, span: asked.at },
    repair: found.secret ? tokenLine(found.secret, source) : [],
  };
}

function operationOf({ name, words }: ShellCommand): string | undefined {
  if (!/(?:^|\/)aws$/.test(name)) return undefined;
  const service = words.findIndex(({ text }) => text === "sts" || text === "sso");
  const operation = words[service + 1]?.text;
  return service >= 0 && operation && operations.test(operation) ? operation : undefined;
}

interface Found {
  readonly at: DroppedToken["at"]["span"];
  readonly secret?: ShellAssignment;
}

/** `export AWS_ACCESS_KEY_ID=$(…)` and the secret beside it. */
function exported(commands: readonly ShellCommand[], asked: ShellCommand): Found | undefined {
  const after = commands.filter((command) => !isForItself(command) && command.span.end >= asked.span.start);
  const find = (name: string) =>
    after.flatMap(assignedBy).find((one) => one.name === name && one.value.text === undefined);
  const [id, secret] = [find("AWS_ACCESS_KEY_ID"), find("AWS_SECRET_ACCESS_KEY")];
  return id && secret ? { at: secret.nameSpan, secret } : undefined;
}

/** `export $(printf "AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s" …)`. */
function printed(commands: readonly ShellCommand[], { text }: SourceFile): Found | undefined {
  for (const { name, words } of commands) {
    if (name !== "printf" && name !== "echo" && name !== "jq") continue;
    const word = words.find(({ span }) => {
      const written = text.slice(span.start, span.end);
      return /AWS_ACCESS_KEY_ID=/.test(written) && /AWS_SECRET_ACCESS_KEY=/.test(written);
    });
    if (!word) continue;
    const start = text.indexOf("AWS_SECRET_ACCESS_KEY", word.span.start);
    return { at: { start, end: start + "AWS_SECRET_ACCESS_KEY".length } };
  }
  return undefined;
}

/** `aws configure set aws_secret_access_key "$X"`. */
function configured(commands: readonly ShellCommand[]): Found | undefined {
  const setter = (key: string) =>
    commands.find(({ name, words }) => {
      return (
        /(?:^|\/)aws$/.test(name) &&
        words[0]?.text === "configure" &&
        words[1]?.text === "set" &&
        words[2]?.text === key &&
        words[3]?.text === undefined
      );
    });
  const [id, secret] = [setter("aws_access_key_id"), setter("aws_secret_access_key")];
  const at = secret?.words[2]?.span;
  return id && at ? { at } : undefined;
}

/** A line like that of the secret, with the token's name in place of the secret's wherever it stands. */
function tokenLine(secret: ShellAssignment, source: SourceFile): readonly TextEdit[] {
  const form = lineForm(source.text, secret, "sh");
  const { start, end } = secret.value.span;
  const written = source.text.slice(start, end);
  const field = /SecretAccessKey|secretAccessKey/.exec(written);
  if (form?.lineEnd === undefined || !field) return [];
  const at = start + field.index;
  const name: Piece = field[0].startsWith("S") ? "SessionToken" : "sessionToken";
  const pieces: readonly Piece[] = [
    form.newline,
    form.indent,
    "AWS_SESSION_TOKEN=",
    { start, end: at },
    name,
    { start: at + field[0].length, end },
  ];
  return [{ path: source.path, span: { start: form.lineEnd, end: form.lineEnd }, pieces }];
}

function withoutComments(text: string): string {
  return text.replace(/(^|[ \t])#.*/gm, "$1");
}
