import { entryOf, isNull, itemsOf, nodeAt, scalarOf, type YamlEntry, type YamlNode } from "../documents/yaml";
import type { Location, Span, TextEdit } from "../model/text";
import {
  extended,
  type GitlabFile,
  type GitlabJob,
  type GitlabPipeline,
  idTokensOf,
  linesOfJob,
  scalarsIn,
  variableMaps,
} from "./gitlabPipelines";
import { yamlLine } from "./lineForms";
import { addFirst } from "./yamlEdits";

/** Something that is missing between GitLab's token and AWS's role. */
export interface IncompleteOidc {
  readonly kind: /** The token has no audience, and GitLab refuses the file. */
    | "audience"
    /** Nothing takes the token to where AWS's programs look. */
    | "unused"
    /** A token file and no role. */
    | "role"
    /** A variable that GitLab no longer sets. */
    | "removed"
    /** A token that nobody asks GitLab for. */
    | "undeclared";
  readonly job: string;
  readonly token: string;
  readonly at: Location;
  readonly repair: readonly TextEdit[];
}

const fileVariable = "AWS_WEB_IDENTITY_TOKEN_FILE";

export function incompleteOidc(pipeline: GitlabPipeline): readonly IncompleteOidc[] {
  const { files } = pipeline;
  return [
    ...files.flatMap(withoutAudience),
    ...files.flatMap(({ jobs }) => jobs.flatMap((job) => removedToken(job) ?? undeclaredToken(job, pipeline) ?? [])),
    ...unusedTokens(pipeline),
    ...withoutRole(pipeline),
  ];
}

/** https://docs.gitlab.com/ci/yaml/#id_tokens */
function withoutAudience({ source, root, jobs }: GitlabFile): readonly IncompleteOidc[] {
  const owners = [
    { name: "every job", node: nodeAt(root, "default") },
    ...jobs.map(({ name, node }) => ({ name: `job ${name}`, node })),
  ];
  const seen = new Set<number>();
  return owners.flatMap(({ name, node }) => {
    const tokens = nodeAt(node, "id_tokens");
    if (tokens?.kind !== "map") return [];
    return tokens.entries.flatMap(({ key, value, isMerged }) => {
      const lacks = value.kind === "map" ? value.entries.every((one) => one.key.text !== "aud") : isNull(value);
      if (!lacks || isMerged || seen.has(key.span.start)) return [];
      seen.add(key.span.start);
      const line = yamlLine(
        source.text,
        { nameSpan: key.contentSpan, span: { ...key.span, end: key.span.end + 1 } },
        ": ",
      );
      const audience = [line?.newline ?? "\n", line?.indent ?? "", "  aud: https://gitlab.com"];
      const repair =
        isNull(value) && line?.lineEnd !== undefined
          ? [{ path: source.path, span: { start: line.lineEnd, end: line.lineEnd }, pieces: audience }]
          : [];
      return [{ kind: "audience" as const, job: name, token: key.text, at: at(source, key.contentSpan), repair }];
    });
  });
}

const at = ({ path }: { readonly path: string }, span: Span): Location => ({ path, span });

const removed = /\$(?:CI_JOB_JWT(?:_V[12])?\b|\{CI_JOB_JWT(?:_V[12])?\})/g;

/** `CI_JOB_JWT` and its kin are gone since GitLab 17.0. https://docs.gitlab.com/update/deprecations/#old-versions-of-json-web-tokens-are-deprecated */
function removedToken(job: GitlabJob): IncompleteOidc | undefined {
  const { source } = job.file;
  const places = ownScalars(job).flatMap(({ contentSpan, text }): Span[] => {
    if (!/aws|web.identity/i.test(text)) return [];
    const { start, end } = contentSpan;
    return [...source.text.slice(start, end).matchAll(removed)].map(({ index, 0: word }) => ({
      start: start + index,
      end: start + index + word.length,
    }));
  });
  const [first] = places;
  if (!first) return undefined;
  const own = nodeAt(job.node, "id_tokens");
  const known = own?.kind === "map" ? own.entries[0]?.key.text : undefined;
  const asked = known === undefined && !own ? addFirst(source, job.node, idTokens("AWS_ID_TOKEN")) : [];
  const canRepair = known !== undefined || asked.length > 0;
  const replaced = places.map((span) => ({ ...at(source, span), pieces: [`\${${known ?? "AWS_ID_TOKEN"}}`] }));
  return {
    kind: "removed",
    job: `job ${job.name}`,
    token: source.text.slice(first.start, first.end).replace(/[${}]/g, ""),
    at: at(source, first),
    repair: canRepair ? [...asked, ...replaced] : [],
  };
}

const idTokens = (name: string) => ["id_tokens:", `  ${name}:`, "    aud: https://gitlab.com"];

const ownScalars = ({ node }: GitlabJob) =>
  ["before_script", "script"].flatMap((key) => nodeAt(node, key) ?? []).flatMap((one) => scalarsIn(one, []));

/** `--web-identity-token $NAME`, where nothing gives NAME a value. */
function undeclaredToken(job: GitlabJob, pipeline: GitlabPipeline): IncompleteOidc | undefined {
  const { source } = job.file;
  if (extended(job, pipeline).isOpen) return undefined;
  for (const { contentSpan } of ownScalars(job)) {
    const text = source.text.slice(contentSpan.start, contentSpan.end);
    const match = /--web-identity-token[ =]+["']?(\$\{?([A-Z]\w*)\}?)/.exec(text);
    const [, written = "", name = ""] = match ?? [];
    if (!match || name === "" || isGiven(name, pipeline)) continue;
    const start = contentSpan.start + match.index + match[0].length - written.length;
    const repair = nodeAt(job.node, "id_tokens") ? [] : addFirst(source, job.node, idTokens(name));
    return {
      kind: "undeclared",
      job: `job ${job.name}`,
      token: name,
      at: at(source, { start, end: start + written.length }),
      repair,
    };
  }
  return undefined;
}

/** Whether any file declares, sets or reads the name; a runner's own variables begin with `CI`. */
function isGiven(name: string, { files }: GitlabPipeline): boolean {
  const given = new RegExp(
    `(?:^|[^$\\w{])${name}(?:[ \\t]*:|=)|\\bread\\b.*\\b${name}\\b|id_tokens\\s*:[\\s\\S]*\\b${name}\\b`,
    "m",
  );
  return /^CI_/.test(name) || files.some(({ source }) => given.test(source.text));
}

/** A token for AWS that no script mentions. */
function unusedTokens(pipeline: GitlabPipeline): readonly IncompleteOidc[] {
  const seen = new Set<YamlEntry>();
  return pipeline.files
    .flatMap(({ jobs }) => jobs)
    .flatMap((job) => {
      if (job.name.startsWith(".") || extended(job, pipeline).isOpen) return [];
      const lines = linesOfJob(job, pipeline);
      if (lines.length === 0 || lines.some(runsMore)) return [];
      const names = variableMaps(job, pipeline).flatMap((one) => (one.kind === "map" ? one.entries : []));
      const isForRole = names.some(({ key }) => key.text === fileVariable || key.text === "AWS_ROLE_ARN");
      return idTokensOf(job, pipeline).flatMap((token): IncompleteOidc[] => {
        const name = token.key.text;
        const isForAws =
          isForRole || /aws/i.test(name) || audiencesOf(token.value).some((one) => /amazonaws/.test(one));
        const file = fileOf(token, pipeline);
        if (!isForAws || !file || seen.has(token) || isMentioned(name, token, pipeline)) return [];
        seen.add(token);
        return [
          {
            kind: "unused",
            job: `job ${job.name}`,
            token: name,
            at: at(file.source, token.key.contentSpan),
            repair: [],
          },
        ];
      });
    });
}

/** Scripts and programs that take variables from the environment themselves. */
const runsMore = (line: string) =>
  /\.sh\b|\bsource\b|(?:^|[;&|]\s*)\.\s|\bmake\b|\btask\b|\bjust\b|python|node\b|go run|\benv\b|credential/i.test(line);

const audiencesOf = (token: YamlNode) => {
  const aud = nodeAt(token, "aud");
  return [aud, ...itemsOf(aud)].flatMap((one) => scalarOf(one)?.text ?? []);
};

const fileOf = ({ key }: YamlEntry, { files }: GitlabPipeline) =>
  files.find(({ source }) => source.text.slice(key.contentSpan.start, key.contentSpan.end) === key.text);

function isMentioned(name: string, { key }: YamlEntry, { files }: GitlabPipeline): boolean {
  // No script can name a variable that is not one.
  if (!/^[A-Za-z_]\w*$/.test(name)) return true;
  const word = new RegExp(`\\b${name}\\b`, "g");
  return files.some(({ source }) =>
    [...source.text.matchAll(word)].some(({ index }) => {
      const isDeclaration =
        index === key.contentSpan.start || /^\s*["']?\s*:/.test(source.text.slice(index + name.length));
      return !isDeclaration;
    }),
  );
}

/** A token file among the variables, and no word of a role in any file. */
function withoutRole(pipeline: GitlabPipeline): readonly IncompleteOidc[] {
  const { files, isOpen } = pipeline;
  if (isOpen || files.some(({ source }) => /role/i.test(source.text))) return [];
  return files.flatMap(({ source, root, jobs }) =>
    [{ name: "the pipeline", node: root }, ...jobs.map(({ name, node }) => ({ name: `job ${name}`, node }))].flatMap(
      ({ name, node }): IncompleteOidc[] => {
        const entry = entryOf(nodeAt(node, "variables"), fileVariable);
        if (!entry) return [];
        const line = yamlLine(source.text, { nameSpan: entry.key.contentSpan, span: entry.span }, ": ");
        const pieces = [
          line?.newline ?? "\n",
          line?.indent ?? "",
          "AWS_ROLE_ARN: arn:aws:iam::<account id>:role/<role name>",
        ];
        const repair =
          line?.lineEnd === undefined
            ? []
            : [{ path: source.path, span: { start: line.lineEnd, end: line.lineEnd }, pieces }];
        return [{ kind: "role", job: name, token: fileVariable, at: at(source, entry.key.contentSpan), repair }];
      },
    ),
  );
}
