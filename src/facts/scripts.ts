import type { ScriptDocument, ShellAssignment, ShellCommand, ShellPiece } from "../documents/shell";
import { assignmentIn } from "../documents/shellWords";
import type { CredentialSet, Misnamed, Setting, SettingName } from "../model/credentials";
import type { HostKey } from "./containers";
import { baseName } from "./envFiles";
import { lineForm } from "./lineForms";
import { directoryOf } from "./locations";
import { namedSecrets } from "./namedSecrets";
import { settingNamed } from "./names";
import { bringsMore, stretchesOf } from "./scriptFlow";
import { endpointOf, type Variables, variableSetting, variablesSet } from "./variables";

/** A script that stands in a pipeline's file. */
export interface PipelineScript {
  readonly script: ScriptDocument;
  /** In words that fit into a sentence. */
  readonly name: string;
  /** All that runs in the same place, where it is less than the file. */
  readonly around?: string;
  /** The keys that are there when it starts. */
  readonly host: HostKey;
}

/** What a script sets for the programs it runs; `changed` are values that the shell does not deliver as they are written. */
export function scriptSets(
  document: ScriptDocument,
  changed: ReadonlySet<ShellAssignment>,
  name = nameOf(document),
): readonly CredentialSet[] {
  const { source, commands, shell } = document;
  const isOpen = commands.some(bringsMore);
  const tokens = commands.flatMap(({ assignments }) =>
    assignments.filter(({ name }) => /^AWS_S(?:ESSION|ECURITY)_TOKEN$/.test(name)),
  );
  const endpoint = endpointOf(commands.flatMap(({ assignments }) => assignments));
  const place = {
    of: "script" as const,
    name,
    source,
    lineOf: (assignment: ShellAssignment) => lineForm(source.text, assignment, shell),
    endpoint,
  };
  const environments = stretchesOf(document).flatMap(({ assignments }) => {
    const known = assignments.map((one) => (changed.has(one) ? withoutText(one) : one));
    const hasToken = assignments.some((one) => tokens.includes(one));
    const set = variablesSet({ ...place, assignments: known, isOpen: isOpen || (!hasToken && tokens.length > 0) });
    return set ? { ...set, misnamed: [...set.misnamed, ...oldKeys(set, document)] } : [];
  });
  const others = commands.flatMap((command) => [...configuredBy(command, place), ...givenToTerraform(command, place)]);
  // A step's text is a part of its pipeline's.
  const isWhole = name === nameOf(document);
  return [...environments, ...others, ...(isWhole ? looseIn([...environments, ...others], place) : [])];
}

const nameOf = ({ source }: ScriptDocument) => `script ${baseName(source.path)}`;

/** Secrets that are no variable's and no argument's that is known: lines of a here-document, words of `echo`. */
function looseIn(found: readonly CredentialSet[], place: Place): readonly CredentialSet[] {
  const { source } = place;
  const secrets = found.flatMap(({ settings: { secretAccessKey, sessionToken } }) =>
    [secretAccessKey, sessionToken].flatMap((one) => (one ? [one, ...(one.candidates ?? [])] : [])),
  );
  const starts = new Set(secrets.map(({ valueAt }) => valueAt.span.start));
  return namedSecrets(source.text, { start: 0, end: source.text.length }).flatMap((one) => {
    const known = settingNamed(one.name, "environment") ?? settingNamed(one.name, "aws-file");
    return known && !starts.has(one.value.span.start) ? setOf(place, [[known, one]]) : [];
  });
}

/** Names that the AWS CLI does not know, in a script that calls it and never sets the ones it knows. */
function oldKeys(
  { settings: { accessKeyId } }: CredentialSet,
  { commands, source }: ScriptDocument,
): readonly Misnamed[] {
  if (accessKeyId?.spelling !== "AWS_ACCESS_KEY" || /AWS_ACCESS_KEY_ID|aws_access_key_id|AWS_PROFILE/.test(source.text))
    return [];
  const { nameAt } = accessKeyId;
  const exportsIt = commands.some(
    (one) => one.exports && one.assignments.some(({ nameSpan }) => nameSpan.start === nameAt.span.start),
  );
  if (!exportsIt || !commands.some(({ name }) => /(?:^|\/)aws$/.test(name))) return [];
  return [{ spelling: accessKeyId.spelling, expected: "AWS_ACCESS_KEY_ID", at: nameAt, nameAt }];
}

function withoutText(assignment: ShellAssignment): ShellAssignment {
  const { value } = assignment;
  const pieces: readonly ShellPiece[] = [{ kind: "other", quoted: false, span: value.span }];
  return { ...assignment, value: { ...value, pieces, text: undefined } };
}

type Place = Omit<Variables, "assignments" | "isOpen">;

/** `aws configure set aws_secret_access_key VALUE`. */
function configuredBy({ name, words }: ShellCommand, place: Place): readonly CredentialSet[] {
  const [configure, set, key, value] = words;
  if (!/(?:^|\/)aws$/.test(name) || configure?.text !== "configure" || set?.text !== "set" || !key || !value) return [];
  const known = settingNamed(key.text?.replace(/^profile\.[^.]+\./, "") ?? "", "aws-file");
  if (!known || !value.text) return [];
  return setOf(place, [
    [known, { name: key.text ?? "", nameSpan: key.span, value, span: { start: key.span.start, end: value.span.end } }],
  ]);
}

const terraform = /(?:^|\/)(?:terraform|tofu|terragrunt)$/;

/** `terraform init -backend-config=secret_key=…`, `-var secret_key=…`. */
function givenToTerraform({ name, words }: ShellCommand, place: Place): readonly CredentialSet[] {
  const { source } = place;
  if (!terraform.test(name)) return [];
  const settings = words.flatMap((word, index): [SettingName, ShellAssignment][] => {
    const first = word.pieces[0];
    const option = first?.kind === "text" ? /^--?(?:backend-config|var)=["']?/.exec(first.text)?.[0] : undefined;
    const isArgument = /^--?(?:backend-config|var)$/.test(words[index - 1]?.text ?? "");
    const isApart = first && option === source.text.slice(first.span.start, first.span.end);
    const assignment = isApart
      ? assignmentIn({ ...word, pieces: word.pieces.slice(1) })
      : option || isArgument
        ? assignmentIn(word, option?.length ?? 0)
        : undefined;
    const known =
      assignment && (settingNamed(assignment.name, "terraform") ?? settingNamed(assignment.name, "aws-file"));
    return known && assignment.value.text ? [[known, assignment]] : [];
  });
  return setOf(place, settings);
}

function setOf(place: Place, found: readonly (readonly [SettingName, ShellAssignment])[]): readonly CredentialSet[] {
  const variables = { ...place, assignments: [], isOpen: true, lineOf: () => undefined };
  const settings: Partial<Record<SettingName, Setting>> = {};
  for (const [name, assignment] of found) settings[name] = variableSetting(name, assignment, variables);
  const first = Object.values(settings)[0];
  if (!first) return [];
  const { of, name, source, endpoint } = place;
  return [
    {
      origin: { kind: "variables", of, name },
      at: first.nameAt,
      directory: directoryOf(source.path),
      settings,
      empty: {},
      misnamed: [],
      roles: [],
      endpoint: endpoint ?? "aws",
      isOpen: true,
    },
  ];
}
