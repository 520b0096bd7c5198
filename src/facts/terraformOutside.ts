import { backendArguments } from "../aws/arguments";
import type { Block, TerraformDocument } from "../documents/terraform";
import type { CredentialSet } from "../model/credentials";
import { type Environment, environmentEndpoint } from "./environment";
import { scopeOf } from "./evaluate";
import { directoryOf } from "./locations";
import { configSet, credentialSet, localNamesOfAws, providerSet, terraformSets } from "./terraform";
import type { TerraformFiles } from "./terraformFiles";
import { fieldsOf, type Within } from "./terraformSettings";

/** The credential sets that stand in no module of their own: in tests, Terragrunt's files and given backend files. */
export function outsideSets(files: TerraformFiles, environment: Environment, home: string): readonly CredentialSet[] {
  const inputs = { home };
  const within = (document: TerraformDocument, values: readonly TerraformDocument[] = []): Within => ({
    directory: directoryOf(document.source.path),
    document,
    scope: scopeOf([document], environment, new Set(), { ...inputs, given: values }),
    endpoint: environmentEndpoint(environment),
  });
  const tests = files.tests.flatMap((document) => {
    const values = blocksOf(document, "variables").map(({ body }) => ({ ...document, body }));
    const names = localNamesOfAws(files.modules.get(moduleOfTest(document)) ?? []);
    return blocksOf(document, "provider")
      .filter((block) => names.has(block.labels[0]?.text ?? ""))
      .map((block) => ({ ...providerSet(block, within(document, values)), outside: "test" as const }));
  });
  const terragrunt = files.terragrunt.flatMap((document) => {
    const here = within(document);
    const states = blocksOf(document, "remote_state").flatMap(
      (block) => configSet(block, { kind: "backend", type: "s3" }, block.typeSpan, here) ?? [],
    );
    const generated = (document.generated ?? []).flatMap((one) =>
      terraformSets(here.directory, [one], environment, here.scope),
    );
    return [...states, ...generated].map((set) => ({ ...set, outside: "terragrunt" as const }));
  });
  const given = files.backendConfigs.map((document) => {
    const here = within(document);
    const at = document.body.attributes[0]?.nameSpan ?? { start: 0, end: 0 };
    const origin = { kind: "backend", type: "s3" } as const;
    const set = credentialSet(origin, at, fieldsOf(document.body, here), [], backendArguments, here);
    return { ...set, outside: "backend-config" as const };
  });
  const replaced = [...files.replaced].flatMap(([directory, { documents, module }]) => {
    const scope = scopeOf(module, environment, new Set(), { ...inputs, directory });
    return terraformSets(directory, documents, environment, scope).map((set) => ({
      ...set,
      outside: "replaced" as const,
    }));
  });
  return [...tests, ...terragrunt, ...given, ...replaced];
}

const blocksOf = ({ body }: TerraformDocument, type: string): readonly Block[] =>
  body.blocks.filter((block) => block.type === type);

/** Tests stand beside the module or in `tests/` below it. */
function moduleOfTest({ source }: TerraformDocument): string {
  const directory = directoryOf(source.path);
  return directory === "tests" ? "" : directory.replace(/\/tests$/, "");
}
