import { consumers } from "../aws/chain";
import type { ChainProblem, ChainRegion, Spot } from "../model/chain";
import { type ChainContext, type RunBlock, stop, variableIn } from "./chainBlock";
import type { Written } from "./chainKeys";
import { filled, type SharedConfig, type SharedPaths, sharedConfigForGo } from "./chainProfiles";
import { isWord } from "./chainValues";
import { resolvePath } from "./locations";

export const terraform = consumers.terraform;

export interface Settings {
  readonly block: RunBlock;
  readonly context: ChainContext;
  /** An argument's text; undefined where it is absent, null or empty. */
  readonly word: (name: string) => Written | undefined;
}

export function wordOf(value: Parameters<typeof isWord>[0]): Written | undefined {
  return isWord(value) && value.text !== "" ? { text: value.text, spot: value.spot } : undefined;
}

export interface ProfileChoice {
  readonly name: string;
  readonly by: "argument" | "variable" | "default";
  /** Terraform stops when it does not exist. */
  readonly mustExist: boolean;
  readonly spot: Spot;
}

export function profileChoice({ word, context }: Settings): ProfileChoice {
  const argument = word("profile");
  const named = variableIn(context, terraform.profileVariables);
  const mustExist = argument !== undefined || Boolean(context.environment.get("AWS_PROFILE"));
  if (argument) return { name: argument.text, by: "argument", mustExist, spot: argument.spot };
  if (named) return { name: named.text, by: "variable", mustExist, spot: named.spot };
  return { name: "default", by: "default", mustExist: false, spot: {} };
}

export function regionOf({ word, context, block }: Settings, named: Written | undefined): ChainRegion | undefined {
  const via = (one: Written): "arg" | "block" => (one.spot.argument ? "arg" : "block");
  const argument = word("sts_region") ?? word("region");
  if (argument) return { name: argument.text, via: via(argument), ...argument.spot };
  const fromEnvironment = variableIn(context, terraform.regionVariables);
  if (fromEnvironment) return { name: fromEnvironment.text, via: "env", ...fromEnvironment.spot };
  // The backend does not take the profile's region.
  if (block.dialect === "provider" && named) return { name: named.text, via: "profile", ...named.spot };
  return undefined;
}

export function profileRegion(settings: Settings, { name }: ProfileChoice): Written | undefined {
  if (settings.block.dialect === "backend") return undefined;
  const paths = sharedPaths(settings);
  if ("problem" in paths) return undefined;
  return filled(sharedOf(paths, settings).profiles.get(name), "region");
}

/** A path as `os.ExpandEnv` and go-homedir read it; undefined where only another user's home would do. */
export function expandedPath(path: string, context: ChainContext): string | undefined {
  const expanded = path.replace(/\$(?:\{([^}]*)\}|(\w+)|([*#$@!?-]))/g, (_, braced, plain, special) =>
    special === undefined ? (context.environment.get(braced ?? plain) ?? "") : "",
  );
  if (!expanded.startsWith("~")) return expanded;
  return expanded === "~" || expanded.startsWith("~/") ? `${context.home}${expanded.slice(1)}` : undefined;
}

/** Of the variables that a path may name, an analysis knows only those that are about AWS or Terraform. */
function namesUnseen(path: string, { environment, isCallKnown }: ChainContext): boolean {
  if (isCallKnown) return false;
  return [...path.matchAll(/\$(?:\{([^}]*)\}|(\w+))/g)].some(
    ([, braced, plain]) => !environment.has(braced ?? plain ?? ""),
  );
}

/** A path as the system opens it: an empty one names nothing. */
export function openedPath(path: string, { directory, home }: ChainContext): readonly string[] {
  if (path.startsWith(`${home}/`)) return [path];
  return path === "" ? [] : [resolvePath(directory, path)];
}

export function sharedPaths(settings: Settings): SharedPaths | { readonly problem: ChainProblem } {
  const { block, context } = settings;
  let isUnknown = false;
  const isBackend = block.dialect === "backend";
  const given = (argument: string, name: string | undefined): readonly Written[] | undefined => {
    const value = block.values.get(argument);
    if (value?.kind === "unknown") isUnknown = true;
    if (value?.kind === "list") {
      if (value.items.some((one) => one.kind === "unknown")) isUnknown = true;
      const words = value.items.flatMap((one) => (isWord(one) ? [{ text: one.text, spot: one.spot }] : []));
      // The backend's argument is a set, which comes out sorted.
      return isBackend ? [...words].sort((a, b) => (a.text < b.text ? -1 : 1)) : words;
    }
    const named = isBackend && name !== undefined ? variableIn(context, [name]) : undefined;
    return named && [named];
  };
  const deprecated = block.values.get("shared_credentials_file");
  if (deprecated?.kind === "unknown") isUnknown = true;
  const credentials =
    given("shared_credentials_files", "AWS_SHARED_CREDENTIALS_FILE") ??
    (isWord(deprecated) ? [{ text: deprecated.text, spot: deprecated.spot }] : []);
  const config = given("shared_config_files", "AWS_SHARED_CONFIG_FILE") ?? [];
  const opened = { credentials: [] as string[], config: [] as string[] };
  for (const [role, written] of [
    ["credentials", credentials],
    ["config", config],
  ] as const) {
    for (const { text, spot } of written) {
      if (namesUnseen(text, context)) isUnknown = true;
      const path = expandedPath(text, context);
      if (path === undefined) return { problem: stop("invalid_value", `${text} names another user's home.`, spot) };
      opened[role].push(...openedPath(path, context));
    }
  }
  const usual = (name: string, file: string) =>
    openedPath(context.environment.get(name) || `${context.home}/.aws/${file}`, context);
  return {
    credentials: credentials.length > 0 ? opened.credentials : usual("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
    config: config.length > 0 ? opened.config : usual("AWS_CONFIG_FILE", "config"),
    ...(isUnknown ? { isUnknown } : {}),
  };
}

export interface Shared extends SharedConfig {
  readonly readsLogins: boolean;
}

export function sharedOf(paths: SharedPaths, { block, context }: Settings): Shared {
  const readsLogins = block.dialect === "provider" || context.backendsReadLogins;
  return { ...sharedConfigForGo(paths, context.files), readsLogins };
}

export function isTrue({ values }: RunBlock, name: string): boolean {
  const value = values.get(name);
  return isWord(value) && value.text === "true";
}

export const isUnknown = (value: { readonly kind: string } | undefined) => value?.kind === "unknown";
