import { languageOf, parseDocument } from "./documents";
import type { AwsFileRole } from "./documents/awsIni";
import type { Document } from "./documents/document";
import { parseJsonc } from "./documents/jsonc";
import { collect } from "./facts/collect";
import { Configurations, readConfiguration, twins } from "./facts/configuration";
import { environmentPath } from "./facts/environment";
import type { Facts, Workspace } from "./facts/facts";
import { Suppressions } from "./facts/suppressions";
import type { Chain } from "./model/chain";
import type { CredentialSet } from "./model/credentials";
import { isBlock } from "./model/describe";
import type { Finding } from "./model/finding";
import type { SourceFile } from "./model/text";
import { rules } from "./rules";
import { pageOf, type Rule } from "./rules/rule";

/** What one look at a workspace brings. */
export interface Report {
  readonly facts: Facts;
  /** By path and place. */
  readonly findings: readonly Finding[];
  /** What is wrong with configurations, in the form of findings; what could be understood of them holds. */
  readonly configurationProblems: readonly Finding[];
  /** Which credentials one of `facts.sets` comes to, and why; worked out when it is first asked for. */
  readonly chainOf: (set: CredentialSet) => Chain;
  /** The modules' own provider blocks, backends and remote states. */
  readonly blocks: readonly CredentialSet[];
}

/** The provider as Terraform makes it up where no block configures it: everything comes from outside. */
export const implicitProvider: CredentialSet = {
  origin: { kind: "provider", address: "aws" },
  at: { path: environmentPath, span: { start: 0, end: 0 } },
  directory: "",
  settings: {},
  empty: {},
  misnamed: [],
  roles: [],
  endpoint: "aws",
};

/** The blocks of a directory that is a module of its own right, else all; without any, the provider that Terraform makes up. */
export function blocksIn({ blocks }: Pick<Report, "blocks">, directory?: string): readonly CredentialSet[] {
  const here = blocks.filter((set) => set.directory === directory);
  if (here.length > 0) return here;
  return blocks.length > 0 ? blocks : [implicitProvider];
}

/** A rule's manual page in short; undefined for what is no rule. */
export interface Manual {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly remedy: string;
  readonly page: string;
}

export function manualOf(id: string): Manual | undefined {
  const rule = rules.find((one) => one.id === id);
  return rule && { id, title: rule.title, why: rule.why, remedy: rule.remedy, page: pageOf(id) };
}

/** Whether a file is worth reading, by its path. */
export function isUnderstood(path: string): boolean {
  return languageOf(path) !== undefined;
}

/** Documents by the very object of their file, so that a file that did not change is not parsed again. */
const parsed = new WeakMap<SourceFile, Map<string, Document | undefined>>();

/** What a file is made of; `role` overrules its path. Undefined for what is neither Terraform's nor AWS's. */
export function documentOf(source: SourceFile, role?: AwsFileRole): Document | undefined {
  const byRole = parsed.get(source) ?? new Map<string, Document | undefined>();
  parsed.set(source, byRole);
  const key = role ?? "";
  if (!byRole.has(key)) byRole.set(key, parseDocument(source, role));
  return byRole.get(key);
}

/** The one way in: files, environment and observations to findings. Pure: the same workspace gives the same report. */
export function analyze(workspace: Workspace): Report {
  const suppressions = new Suppressions();
  const { configurations, problems } = configurationsOf(workspace);
  const parse = (source: SourceFile, role?: AwsFileRole) => {
    const document = documentOf(source, role);
    if (document) suppressions.add(document);
    return document;
  };
  const facts = collect(workspace, parse, configurations);
  const findings: Finding[] = [];
  const places = new Set<string>();
  const run = (rule: Rule, known: Facts) => {
    for (const problem of rule.check(known)) {
      const finding = { severity: rule.severity, ...problem, rule: rule.id };
      if (suppressions.hides(finding)) continue;
      const { path } = finding.at;
      const level = configurations.levelOf(rule.id, path);
      // A value that several sets share is wrong once.
      const place = `${rule.id} ${path}:${finding.at.span.start}-${finding.at.span.end}`;
      if (level === "off" || configurations.excludes(path) || places.has(place)) continue;
      places.add(place);
      findings.push(level === "on" ? finding : { ...finding, severity: level });
    }
  };
  for (const rule of rules) if (!rule.looksBack) run(rule, facts);
  const silenced = suppressions.silenced();
  for (const rule of rules) if (rule.looksBack) run(rule, { ...facts, silenced, ruleIds });
  return {
    facts,
    findings: findings.sort(byPlace),
    configurationProblems: problems,
    chainOf: facts.chainOf,
    blocks: facts.sets.filter((set) => isBlock(set) && !set.outside),
  };
}

/** Files that blocks read in place of the shared ones and that are not in the workspace; mostly there are none. */
export function filesWanted(workspace: Workspace): readonly string[] {
  if (!workspace.files.some(({ text }) => /shared_(?:credentials|config)_files?\b/.test(text))) return [];
  return filesUnseen(collect(workspace, documentOf, new Configurations([])));
}

/** The same of a workspace that was looked at. */
export function filesUnseen({ namedFiles }: Facts): readonly string[] {
  return [...new Set(namedFiles.flatMap(({ path, isThere }) => (isThere === undefined ? path : [])))];
}

const ruleIds = rules.map(({ id }) => id);

/** The workspace's configurations, the user's settings over them. */
function configurationsOf({ files, settings }: Workspace) {
  const found = files.flatMap((source) => {
    const document = documentOf(source);
    return document?.kind === "jsonc" && document.dialect === "configuration"
      ? [readConfiguration(document, ruleIds)]
      : [];
  });
  const own = settings && readConfiguration(parseJsonc(settings.source, "configuration"), ruleIds);
  const configurations = new Configurations(
    found.map(({ configuration }) => configuration),
    own ? (settings?.roots ?? []).map((directory) => ({ ...own.configuration, directory })) : [],
  );
  const read = own ? [...found, own] : found;
  return { configurations, problems: [...read.flatMap(({ problems }) => problems), ...twins(found)] };
}

function byPlace(a: Finding, b: Finding): number {
  if (a.at.path !== b.at.path) return a.at.path < b.at.path ? -1 : 1;
  return a.at.span.start - b.at.span.start || (a.rule < b.rule ? -1 : 1);
}
