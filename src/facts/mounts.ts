import type { Location, TextEdit } from "../model/text";
import type { Container } from "./containers";
import type { Profile } from "./facts";

/** AWS files that a container gets and its programs do not find. */
export interface UnreachableFiles {
  readonly kind: "closed-home" | "other-home" | "no-files" | "no-login";
  readonly container: string;
  readonly at: Location;
  /** Who runs in the container, where that matters. */
  readonly user?: string;
  /** The profile whose files are missing. */
  readonly profile?: string;
  readonly repair: readonly TextEdit[];
}

/** Images of AWS's and Terraform's own programs, which run as root and bring no AWS files along. */
const ofTools =
  /^(?:(?:docker\.io\/|public\.ecr\.aws\/)?(?:hashicorp\/terraform|amazon\/aws-cli|aws-cli\/aws-cli|alpine\/terragrunt|opentofu\/opentofu)|ghcr\.io\/opentofu\/opentofu)(?::|@|$)/;

export function unreachableFiles(
  container: Container,
  imageUser: string | undefined,
  profiles: ReadonlyMap<string, Profile>,
): UnreachableFiles | undefined {
  if (container.set?.endpoint === "emulator") return undefined;
  return wrongHome(container, imageUser) ?? withoutFiles(container) ?? withoutLogin(container, profiles);
}

const awsPath = /^(\/(?:[^/]+\/)*?)\.aws(?:\/(config|credentials))?\/?$/;

function wrongHome(container: Container, imageUser: string | undefined): UnreachableFiles | undefined {
  const { name, source, user, image, assignments, volumes } = container;
  const mount = volumes.find(({ source: from, target }) => /\.aws(?:\/|$)/.test(from) && awsPath.test(target));
  const home = mount && awsPath.exec(mount.target)?.[1];
  if (!mount || !home) return undefined;
  const written = user?.text ?? imageUser ?? (image && ofTools.test(image) ? "root" : undefined);
  const who = written === undefined ? undefined : accountOf(written);
  if (who === undefined) return undefined;
  const at = { path: source.path, span: mount.targetAt };
  const tail = mount.target.slice(home.length);
  // Nobody but root may look into /root, whatever a variable says.
  if (home === "/root/" && who !== "root") {
    const pieces = /^[a-z][\w-]*$/.test(who) ? [`/home/${who}/${tail}`] : undefined;
    return { kind: "closed-home", container: name, at, user: who, repair: pieces ? [{ ...at, pieces }] : [] };
  }
  const isNamed = assignments.some((one) => /^(?:HOME|AWS_SHARED_CREDENTIALS_FILE|AWS_CONFIG_FILE)$/.test(one.name));
  if (who !== "root" || !/^\/home\//.test(home) || isNamed) return undefined;
  return { kind: "other-home", container: name, at, user: who, repair: [{ ...at, pieces: [`/root/${tail}`] }] };
}

/** A user of a container by name or number; undefined where only whoever starts it knows. */
function accountOf(written: string): string | undefined {
  const user = written.split(":")[0] ?? "";
  if (/^(?:root|0)$/.test(user)) return "root";
  if (/^\$\(id -un?\)$/.test(user)) return "the caller's own user";
  return /^(?:[1-9]\d*|[a-z_][\w.-]*)$/.test(user) ? user : undefined;
}

/** A profile is named, and neither keys nor files come along. */
function withoutFiles({
  name,
  source,
  image,
  set,
  assignments,
  volumes,
  isOpen,
}: Container): UnreachableFiles | undefined {
  const profile = set?.settings.profile;
  if (!profile || isOpen || !image || !ofTools.test(image)) return undefined;
  const { accessKeyId, webIdentityTokenFile } = set.settings;
  if (accessKeyId || webIdentityTokenFile || profile.candidates) return undefined;
  const brings = volumes.some(
    ({ source: from, target }) =>
      /\.aws\b|^~\/?$|^\$\{?HOME\}?\/?$/.test(from) || /\.aws\b|^\/root\/?$|^\/home\/[^/]+\/?$/.test(target),
  );
  if (
    brings ||
    assignments.some((one) => /^(?:AWS_SHARED_CREDENTIALS_FILE|AWS_CONFIG_FILE|AWS_CONTAINER_\w+)$/.test(one.name))
  )
    return undefined;
  const known = profile.value.kind === "literal" ? profile.value.text : undefined;
  return {
    kind: "no-files",
    container: name,
    at: { path: source.path, span: profile.nameAt.span },
    ...(known === undefined ? {} : { profile: known }),
    repair: [],
  };
}

/** The config file alone: the logins of SSO lie beside it. */
function withoutLogin(
  { name, source, set, volumes }: Container,
  profiles: ReadonlyMap<string, Profile>,
): UnreachableFiles | undefined {
  const config = volumes.find(({ source: from }) => /\.aws\/config$/.test(from));
  const isWhole = volumes.some(({ source: from }) => /\.aws\/?$|\.aws\/(?:sso|login|cli)\b/.test(from));
  if (!config || isWhole) return undefined;
  const named = set?.settings.profile;
  const wanted = named === undefined ? "default" : named.value.kind === "literal" ? named.value.text : undefined;
  const profile = wanted === undefined ? undefined : profiles.get(wanted);
  const { ssoSession, ssoStartUrl, accessKeyId } = profile?.set.settings ?? {};
  if (!profile || accessKeyId || !(ssoSession ?? ssoStartUrl)) return undefined;
  return {
    kind: "no-login",
    container: name,
    at: { path: source.path, span: config.at },
    profile: profile.name,
    repair: [],
  };
}
