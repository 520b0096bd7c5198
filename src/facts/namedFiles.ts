import type { AwsFileRole } from "../documents/awsIni";
import type { CredentialSet, Setting } from "../model/credentials";
import { isBlock } from "../model/describe";
import { wishKey } from "./chainFiles";
import type { NamedFile, Workspace } from "./facts";
import { expandHome, resolvePath } from "./locations";

/** The files that blocks name in place of the shared ones, as far as their paths are written out. */
export function namedFiles(sets: readonly CredentialSet[], workspace: Workspace): readonly NamedFile[] {
  const known = new Set(workspace.files.map(({ path }) => path));
  // A path is as seen from where Terraform is started, which for other files is elsewhere.
  return sets
    .filter((set) => isBlock(set) && !set.outside)
    .flatMap((set) => {
      const { sharedCredentialsFiles, sharedConfigFiles } = set.settings;
      return [...named(sharedCredentialsFiles, "credentials"), ...named(sharedConfigFiles, "config")].map(
        ({ setting, role, text }) => {
          const expanded = expandHome(text, workspace.home);
          const path = expanded === text ? resolvePath(set.directory, text) : expanded;
          return {
            set,
            setting,
            role,
            path,
            isThere: known.has(path) ? true : isThere(path, workspace),
            isOfOther: isOfOther(path, workspace.home),
          };
        },
      );
    });
}

function named(setting: Setting | undefined, role: AwsFileRole) {
  const each = setting ? (setting.items ?? [setting]) : [];
  return each.flatMap((one) => {
    const text = one.value.kind === "literal" ? one.value.text : "";
    // `~user` and `$X` are not expanded, and `//host` asks another machine.
    return /^(?:[\w.-]|\/(?!\/)|~\/|\$HOME\/|\$\{HOME\}\/)/.test(text) && !/[\\\0]/.test(text)
      ? [{ setting: one, role, text }]
      : [];
  });
}

/** Users of build machines and images; what stands in their homes is not for this one. */
const services =
  /^(?:admin|app|atlantis|circleci|coder|ec2-user|gitlab-runner|gitpod|jenkins|node|root|runner|runneradmin|terraform|ubuntu|user|username|vagrant|vscode|vsts)$/;

function isOfOther(path: string, home: string): boolean {
  const name = /^\/(?:home|Users)\/([\w.-]+)\//.exec(path)?.[1];
  return name !== undefined && !services.test(name) && !path.startsWith(`${home}/`);
}

function isThere(path: string, { known }: Workspace): boolean | undefined {
  const fact = known?.get(wishKey({ path, use: "text" }));
  return fact && fact.kind !== "absent";
}
