import type { AwsIniDocument } from "../documents/awsIni";
import type { Facts } from "../facts/facts";
import { settingNamed } from "../facts/names";
import type { SettingName } from "../model/credentials";
import type { Span } from "../model/text";
import { type SectionKind, type WrittenSection, writtenSections } from "./awsFileSections";
import { hostOf, noCredentials, sourceOfSet, sourceWords } from "./sourceWords";

/** One line of an AWS file's outline. */
export interface OutlineEntry {
  readonly kind: SectionKind;
  readonly name: string;
  /** How it gets credentials, where it leads, what it configures; never a secret. */
  readonly detail: string;
  readonly nameSpan: Span;
  readonly span: Span;
}

/** With the facts, a profile without credentials of its own shows those that it has in the other file. */
export function awsFileOutline(document: AwsIniDocument, facts?: Facts): readonly OutlineEntry[] {
  const profiles = facts?.awsFiles.existing.includes(document.source.path) ? facts.profiles : undefined;
  return writtenSections(document).map((section) => {
    const { kind, name, nameSpan, span } = section;
    const own = detailOf(section);
    const whole = kind === "profile" && own === noCredentials ? profiles?.get(name) : undefined;
    return { kind, name: name || "[]", detail: whole ? sourceOfSet(whole.set) : own, nameSpan, span };
  });
}

function detailOf({ kind, settings }: WrittenSection): string {
  const texts = new Map<SettingName, string>();
  for (const { name, text, parent } of settings) {
    const known = settingNamed(name, "aws-file");
    if (known && text !== "" && parent === undefined) texts.set(known, text);
  }
  switch (kind) {
    case "profile":
      return sourceWords((name) => texts.get(name));
    case "sso-session":
      return [hostOf(texts.get("ssoStartUrl")), texts.get("ssoRegion")].filter(Boolean).join(", ");
    case "services":
      return settings
        .filter((one) => one.parent === undefined)
        .map((one) => one.name)
        .join(", ");
    case "other":
      return "never read";
  }
}
