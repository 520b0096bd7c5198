import { describeSet, subjectOf } from "../model/describe";
import { fakeKeyId, fakeSecrets, type Rule } from "./rule";

export const rule: Rule = {
  id: "hardcoded-key-id",
  title: "An access key id written out in a file",
  severity: "info",
  why: "A key id alone opens nothing. But it names the key for as long as the history lasts, and has to be changed here whenever the key is rotated.",
  remedy: "Use a profile, or take the id from where the secret key comes from.",
  silence:
    "Beside a secret key that is written out as well, which `hardcoded-secret` reports; documented examples; emulators and other services' endpoints.",
  links: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/securing_access-keys.html"],
  examples: {
    "the secret from a variable": {
      "main.tf": `
provider "aws" {
  access_key = "${fakeKeyId}"
  #             ^^^^^^^^^^^^^^^^^^^^ hardcoded-key-id
  secret_key = var.secret_key
}
`,
    },
    "both written out": {
      "main.tf": `
provider "aws" {
  access_key = "${fakeKeyId}"
  secret_key = "${fakeSecrets[0]}"
  #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hardcoded-secret
}
`,
    },
  },
  *check({ sets, places }) {
    // There it is `static-keys-in-ci`.
    const seen = new Set(places.pipelines.staticKeys.map(({ at }) => `${at.path}:${at.span.start}`));
    for (const set of sets) {
      const { accessKeyId, secretAccessKey } = set.settings;
      const { origin, endpoint } = set;
      if (origin.kind === "profile" || origin.kind === "environment" || endpoint !== "aws") continue;
      if (origin.kind === "variables" && origin.of === "image") continue;
      if (!accessKeyId || secretAccessKey?.value.kind !== "reference") continue;
      // The other half is written out as well, as what stands in for it.
      if (origin.kind === "variables" && secretAccessKey.candidates) continue;
      const kind = accessKeyId.shape?.kind;
      const place = `${accessKeyId.valueAt.path}:${accessKeyId.valueAt.span.start}`;
      if ((kind !== "long-term-key-id" && kind !== "temporary-key-id") || seen.has(place)) continue;
      seen.add(place);
      yield {
        message: `The access key id of ${describeSet(set)} is written out here.`,
        at: accessKeyId.at,
        related: accessKeyId.usedAt ? [{ message: `${subjectOf(set)} uses it here.`, at: accessKeyId.usedAt }] : [],
      };
    }
  },
};
