import type { AwsFileRole, AwsIniDocument } from "../documents/awsIni";
import type { Document } from "../documents/document";
import type { TerraformDocument } from "../documents/terraform";
import type { CredentialSet, Setting } from "../model/credentials";
import type { SourceFile } from "../model/text";
import { awsTextOf } from "./awsTexts";
import { backendFlawsOf } from "./backendBlocks";
import type { Configurations } from "./configuration";
import { withEmulators } from "./emulators";
import { environmentSet, variableFor } from "./environment";
import { moduleScopes } from "./evaluateModules";
import type { AwsText, CommittedLiteral, Facts, Profile, ProfileReference, Workspace } from "./facts";
import { type HopLimit, hopLimitsIn } from "./hopLimits";
import { awsFilePaths, expandHome, resolvePath } from "./locations";
import { looseSecrets } from "./looseSecrets";
import { workspaceChains } from "./moduleChains";
import { moduleVersions } from "./moduleVersions";
import { namedFiles } from "./namedFiles";
import { type Places, placesOf } from "./places";
import { headersIn, profilesOf, sourceProfileReferences, ssoSessionsOf } from "./profiles";
import { type Memory, remembered } from "./remembered";
import { savedBackendsIn } from "./savedBackends";
import { serviceCalls } from "./serviceCalls";
import { terraformSets } from "./terraform";
import { terraformFiles } from "./terraformFiles";
import { outsideSets } from "./terraformOutside";
import { strandedProfiles } from "./terraformRuns";
import { usesOf } from "./uses";
import { variableFileKeys } from "./variableFileKeys";

type Parse = (source: SourceFile, role?: AwsFileRole) => Document | undefined;

/** Everything the files and the environment claim about credentials. */
export function collect(workspace: Workspace, parse: Parse, configurations: Configurations): Facts {
  const { environment, home } = workspace;
  const paths = awsFilePaths(environment, home);
  const terraform: TerraformDocument[] = [];
  const found: AwsIniDocument[] = [];
  const others: Document[] = [];
  const rest: SourceFile[] = [];
  for (const file of workspace.files) {
    const role = file.path === paths.credentials ? "credentials" : file.path === paths.config ? "config" : undefined;
    const document = parse(file, role);
    if (document?.kind === "awsIni") found.push(document);
    else if (document?.kind === "terraform") terraform.push(document);
    else if (document) others.push(document);
    else rest.push(file);
  }
  const known = (set: CredentialSet) => withEmulators(set, configurations.emulatorsIn(set.directory), environment);
  const files = terraformFiles(terraform);
  const { modules } = files;
  const scopes = moduleScopes(modules, environment, { home, terragrunt: files.terragrunt });
  const blocks = [
    ...[...modules].flatMap(([directory, documents]) =>
      remembered(moduleSets, scopes.sourcesOf(directory), () =>
        terraformSets(directory, documents, environment, scopes.scopeIn(directory)),
      ),
    ),
    ...outsideSets(files, environment, home),
  ].map(known);
  const named = namedFiles(blocks, workspace);
  for (const file of rest) {
    const role = named.find(({ path }) => path === file.path)?.role;
    const document = role && parse(file, role);
    if (document?.kind === "awsIni") found.push(document);
  }
  const awsTexts = found.map((document) => remembered(texts, [document], () => awsTextOf(document)));
  // What nobody can read says nothing.
  const aws = found.filter((_, index) => awsTexts[index]?.isReadable);
  const inForce = (path: string) => aws.find((document) => document.source.path === path);
  const shared = [inForce(paths.credentials), inForce(paths.config)] as const;
  const profiles = remembered(sharedProfiles, shared[0] ? shared : [shared[1]], () => profilesOf(...shared));
  const versions = moduleVersions(modules);
  const backends = backendFlawsOf(files, versions);
  const fromEnvironment = environmentSet(environment);
  const foreign = aws
    .filter((document) => ![paths.credentials, paths.config].includes(document.source.path))
    .flatMap(setsOf);
  const profileSets = [...[...profiles.values()].map((profile) => profile.set), ...foreign];
  const placed = placesOf([...others, ...found], { profiles, environment: fromEnvironment });
  const places = { ...placed, sets: placed.sets.map(known) };
  const given = terraform.flatMap((document) => variableFileKeys(document, environment));
  const sets = [...blocks, ...profileSets, ...(fromEnvironment ? [fromEnvironment] : []), ...places.sets, ...given];
  return {
    ...workspaceChains(workspace, modules, scopes),
    sets,
    profiles,
    profileReferences: [
      ...blockReferences(blocks, workspace),
      ...sourceProfileReferences(profiles),
      ...environmentReferences(workspace),
    ],
    strandedProfiles: strandedProfiles(blocks, places.pipelines.terraformRuns),
    regionReferences: sets.flatMap((set) =>
      set.endpoint === "other" || isTrue(set.settings.skipRegionValidation) || isSomeName(set)
        ? []
        : [set.settings.region, set.settings.stsRegion, set.settings.ssoRegion].filter((one) => one !== undefined),
    ),
    headers: aws.flatMap(headersIn),
    literals: [
      ...[...blocks, ...foreign, ...places.sets, ...given].flatMap((set) => committedLiterals(set, places)),
      ...terraform.flatMap(looseSecrets).map((one) => ({ ...one, staysOut: staysOut(one.setting, places) })),
    ],
    awsFiles: {
      read: workspace.awsFilesRead,
      credentialsPath: paths.credentials,
      configPath: paths.config,
      existing: found
        .map(({ source }) => source.path)
        .filter((path) => path === paths.credentials || path === paths.config),
    },
    awsTexts,
    ssoSessions: ssoSessionsOf(shared),
    places,
    savedBackends: others.flatMap(savedBackendsIn),
    hopLimits: [...modules.values()]
      .flat()
      .flatMap((document) => remembered(hopLimits, [document], () => hopLimitsIn(document))),
    uses: usesOf(blocks, fromEnvironment, environment, profiles),
    namedFiles: named,
    callsOf: (set) => serviceCalls(set, modules.get(set.directory) ?? []),
    versions,
    backendReferences: backends.references,
    droppedArguments: backends.dropped,
    environment,
    logins: workspace.logins ?? [],
    observations: workspace.observations ?? [],
    silenced: [],
    ruleIds: [],
    isPartial: workspace.isPartial === true,
    now: workspace.now,
  };
}

const moduleSets: Memory<readonly CredentialSet[]> = new WeakMap();
const texts: Memory<AwsText> = new WeakMap();
const sharedProfiles: Memory<ReadonlyMap<string, Profile>> = new WeakMap();
const hopLimits: Memory<readonly HopLimit[]> = new WeakMap();

/** What stands for a region where any word would do: other services have regions too. */
function isSomeName({ origin, settings: { region }, endpoint }: CredentialSet): boolean {
  if (origin.kind !== "variables") return false;
  return (
    endpoint !== "aws" || region?.value.kind !== "literal" || !/^[a-z]{2}-[a-z]{4,}-\d[a-z]?$/.test(region.value.text)
  );
}

/** The profiles of an AWS file that no process of this machine reads by itself, such as one in a repository. */
function setsOf(document: AwsIniDocument): readonly CredentialSet[] {
  const alone = document.role === "credentials" ? profilesOf(document, undefined) : profilesOf(undefined, document);
  return [...alone.values()].map((profile) => profile.set);
}

export function isTrue(setting: Setting | undefined): boolean {
  return setting?.value.kind === "literal" && setting.value.text === "true";
}

function blockReferences(blocks: readonly CredentialSet[], workspace: Workspace): readonly ProfileReference[] {
  const known = new Set(workspace.files.map((file) => file.path));
  return blocks.flatMap((set) => {
    const { profile, sharedCredentialsFiles, sharedConfigFiles } = set.settings;
    if (profile?.value.kind !== "literal") return [];
    const named = [sharedCredentialsFiles, sharedConfigFiles].filter((one) => one !== undefined);
    const decidable = named.every((setting) =>
      filesNamed(setting).every((path) => known.has(resolvePath(set.directory, expandHome(path, workspace.home)))),
    );
    return [
      {
        name: profile.value.text,
        at: profile.at,
        nameAt: profile.valueAt,
        by: "block" as const,
        spelling: profile.spelling,
        decidable: decidable && named.length === 0,
      },
    ];
  });
}

function filesNamed(setting: Setting): readonly string[] {
  const values = setting.value.kind === "list" ? setting.value.items : [setting.value];
  return values.flatMap((value) => (value.kind === "literal" ? [value.text] : [""]));
}

function environmentReferences({ environment }: Workspace): readonly ProfileReference[] {
  const variable = variableFor(environment, "profile");
  // A missing AWS_DEFAULT_PROFILE stops nobody (measured with Terraform 1.11).
  if (variable?.name !== "AWS_PROFILE") return [];
  const { path } = environment.source;
  return [
    {
      name: variable.value,
      at: { path, span: variable.nameSpan },
      nameAt: { path, span: variable.valueSpan },
      by: "environment",
      spelling: variable.name,
      decidable: true,
    },
  ];
}

/** Most repositories leave these out, and nobody knows where none of their ignore files was read. */
function staysOut({ valueAt: { path } }: Setting, { isIgnored }: Places): boolean {
  return isIgnored(path) ?? /(?:^|\/)\.env(?:rc|\.[^/]*)?$/.test(path);
}

function committedLiterals(set: CredentialSet, places: Places): readonly CommittedLiteral[] {
  // What an image holds is more than committed: `baked-in-credentials`.
  if (set.origin.kind === "variables" && set.origin.of === "image") return [];
  const { secretAccessKey, sessionToken } = set.settings;
  return [secretAccessKey, sessionToken]
    .flatMap((setting) => (setting ? [setting, ...(setting.candidates ?? [])] : []))
    .flatMap((setting) =>
      setting.value.kind === "secret" ? [{ setting, set, staysOut: staysOut(setting, places) }] : [],
    );
}
