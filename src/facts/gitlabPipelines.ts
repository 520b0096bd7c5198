import {
  entryOf,
  isNull,
  nodeAt,
  scalarOf,
  type YamlDocument,
  type YamlEntry,
  type YamlNode,
  type YamlScalar,
} from "../documents/yaml";
import type { SourceFile } from "../model/text";
import { directoryOf, resolvePath } from "./locations";

/** One file of a pipeline; what it includes of the same repository belongs to it. */
export interface GitlabFile {
  readonly source: SourceFile;
  readonly root: YamlNode;
  readonly jobs: readonly GitlabJob[];
}

/** A job, or a hidden one that others extend. */
export interface GitlabJob {
  readonly file: GitlabFile;
  readonly name: string;
  readonly entry: YamlEntry;
  readonly node: YamlNode;
}

/** Files that are read as one. */
export interface GitlabPipeline {
  readonly files: readonly GitlabFile[];
  /** Whether more is included from where nobody looked. */
  readonly isOpen: boolean;
}

/** https://docs.gitlab.com/ci/yaml/#global-keywords */
const notJobs =
  /^(?:default|include|stages|variables|workflow|image|services|before_script|after_script|cache|spec|pages:.*|<<)$/;

export function gitlabFile({ source, roots }: YamlDocument): GitlabFile | undefined {
  // Behind the header of a component stands the pipeline itself.
  const root = roots.findLast(({ kind }) => kind === "map");
  if (root?.kind !== "map") return undefined;
  const jobs: GitlabJob[] = [];
  const file = { source, root, jobs };
  for (const entry of root.entries) {
    const isJob = entry.value.kind === "map" && !notJobs.test(entry.key.text) && !entry.isMerged;
    if (isJob) jobs.push({ file, name: entry.key.text, entry, node: entry.value });
  }
  return file;
}

/** Each file that nobody includes, with what it includes; the rest stands alone and open. */
export function gitlabPipelines(files: readonly GitlabFile[]): readonly GitlabPipeline[] {
  const byPath = new Map(files.map((one) => [one.source.path, one]));
  const included = new Set<GitlabFile>();
  const mains = files.filter(({ source }) => /(?:^|\/)\.gitlab-ci\.ya?ml$/.test(source.path));
  const pipelines = mains.map((main): GitlabPipeline => {
    const found = new Set<GitlabFile>();
    let isOpen = false;
    const visit = (file: GitlabFile) => {
      if (found.has(file)) return;
      found.add(file);
      for (const path of includesOf(file)) {
        const next = path === undefined ? undefined : matching(path, directoryOf(main.source.path), byPath);
        if (!next || next.length === 0) isOpen = true;
        else next.forEach(visit);
      }
    };
    visit(main);
    for (const file of found) included.add(file);
    return { files: [...found], isOpen };
  });
  const others = files.filter((file) => !included.has(file));
  return [...pipelines, ...others.map((file) => ({ files: [file], isOpen: true }))];
}

/** The paths of included files; undefined for one of another project, a template or a component. */
function includesOf({ root }: GitlabFile): readonly (string | undefined)[] {
  const include = nodeAt(root, "include");
  const list = include?.kind === "list" ? include.items : include && !isNull(include) ? [include] : [];
  return list.map((one) => {
    const local = scalarOf(one)?.text ?? scalarOf(nodeAt(one, "local"))?.text;
    return local === undefined || /^https?:|\$/.test(local) ? undefined : local;
  });
}

function matching(path: string, directory: string, byPath: ReadonlyMap<string, GitlabFile>): readonly GitlabFile[] {
  const wanted = resolvePath(directory, path.replace(/^\//, ""));
  // Many wildcards would take long to try.
  if (wanted.split("*").length > 6) return [];
  if (!wanted.includes("*")) return [byPath.get(wanted) ?? []].flat();
  const pattern = wanted
    .split(/(\*\*|\*)/)
    .map((part) => (part === "**" ? ".*" : part === "*" ? "[^/]*" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")))
    .join("");
  return [...byPath].flatMap(([one, file]) => (new RegExp(`^${pattern}$`).test(one) ? [file] : []));
}

/** A job with what it extends, the nearest first. */
export interface Extended {
  readonly chain: readonly GitlabJob[];
  /** Whether some of it is not here. */
  readonly isOpen: boolean;
}

export function extended(job: GitlabJob, { files, isOpen }: GitlabPipeline): Extended {
  const chain: GitlabJob[] = [];
  let lacks = false;
  const visit = (one: GitlabJob) => {
    if (chain.includes(one) || chain.length > 32) return;
    chain.push(one);
    const written = nodeAt(one.node, "extends");
    const names = written?.kind === "list" ? written.items : written && !isNull(written) ? [written] : [];
    // Of several the last one counts most.
    for (const name of [...names].reverse()) {
      const base = jobNamed(scalarOf(name)?.text ?? "", files);
      if (base) visit(base);
      else lacks = true;
    }
  };
  visit(job);
  return { chain, isOpen: isOpen || lacks };
}

const jobNamed = (name: string, files: readonly GitlabFile[]) =>
  files.flatMap(({ jobs }) => jobs).find((one) => one.name === name);

/** What `default:` and the top level give to jobs that say nothing themselves. */
function defaultsOf({ files }: GitlabPipeline, key: string): readonly YamlNode[] {
  return files.flatMap(({ root }) => [nodeAt(root, "default", key) ?? [], nodeAt(root, key) ?? []].flat());
}

/** The lines that run for a job before and in its script, wherever they are written. */
export function linesOfJob(job: GitlabJob, pipeline: GitlabPipeline): readonly string[] {
  const { chain } = extended(job, pipeline);
  return ["before_script", "script", "after_script"].flatMap((key) => {
    const own = chain.map(({ node }) => nodeAt(node, key)).find((one) => one !== undefined);
    const lists = own ? [own] : key === "script" ? [] : defaultsOf(pipeline, key);
    return lists.flatMap((one) => scalarsIn(one, pipeline.files)).map(({ text }) => text);
  });
}

/** The scalars of a script, lists in lists and `!reference [JOB, KEY]` followed. */
export function scalarsIn(node: YamlNode, files: readonly GitlabFile[], depth = 0): readonly YamlScalar[] {
  if (node.kind === "scalar") return isNull(node) ? [] : [node];
  if (node.kind !== "list" || depth > 10) return [];
  if (node.tag === "!reference") {
    const [name = "", ...path] = node.items.map((one) => scalarOf(one)?.text ?? "");
    const target = nodeAt(jobNamed(name, files)?.node, ...path);
    return target ? scalarsIn(target, files, depth + 1) : [];
  }
  return node.items.flatMap((item) => scalarsIn(item, files, depth + 1));
}

/** The variables of a map for all that extend it, and what the top level gives, the nearest last. */
export function variableMaps(job: GitlabJob, pipeline: GitlabPipeline): readonly YamlNode[] {
  const { chain } = extended(job, pipeline);
  const top = pipeline.files.flatMap(({ root }) => nodeAt(root, "variables") ?? []);
  return [...top, ...chain.toReversed().flatMap(({ node }) => nodeAt(node, "variables") ?? [])];
}

/** The tokens that GitLab issues to a job, by their names. */
export function idTokensOf(job: GitlabJob, pipeline: GitlabPipeline): readonly YamlEntry[] {
  const { chain } = extended(job, pipeline);
  const maps = [...chain.flatMap(({ node }) => nodeAt(node, "id_tokens") ?? []), ...defaultsOf(pipeline, "id_tokens")];
  return maps.flatMap((one) => (one.kind === "map" ? one.entries : []));
}

/** A variable's value, also where it is written with a description. */
export function valueEntry(entry: YamlEntry): YamlEntry {
  const inner = entryOf(entry.value, "value");
  return inner ? { ...entry, value: inner.value } : entry;
}
