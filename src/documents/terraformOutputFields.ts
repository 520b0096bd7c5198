/** Whom and what an error names; every pattern is for text without white space, where breaks of lines do no harm. */
export interface OutputFields {
  /** As Terraform prints it: `provider["registry.terraform.io/hashicorp/aws"].east`, `module.eks.aws_iam_role.this[0]`. */
  readonly address?: string;
  readonly file?: string;
  readonly line?: number;
  readonly profile?: string;
  readonly role?: string;
  /** Who asked, where AWS says so, and for what. */
  readonly caller?: string;
  readonly action?: string;
  readonly region?: string;
  readonly requestId?: string;
  readonly clocks?: Clocks;
  /** The argument that Terraform does not take. */
  readonly argument?: string;
}

/** A signature's time and AWS's own. */
export interface Clocks {
  readonly isBehind: boolean;
  readonly minutes: number;
}

const arn = "arn:[a-z*-]+:[a-z0-9-]*:[a-z0-9-]*:[^:\\s\"',()]*:[^\\s\"',()\\\\]+";
const roleForms: readonly RegExp[] = [
  new RegExp(`IAMRole\\((${arn})\\)`),
  new RegExp(`[Tt]herole"(${arn})"`),
  new RegExp(`failedtoloadassumerole(?:for)?(${arn}),`),
  new RegExp(`onresource:(${arn}?)(?=because|withanexplicit|statuscode|Terraform|[\\n)]|$)`),
  /AssumeRole[^\n]{0,400}?(arn:aws[a-z-]*:(?:iam|sts)::\d{12}:role\/[\w+=,.@/-]+)/,
];

const profileForms: readonly RegExp[] = [
  /sharedconfigprofile,([^\n]+?)(?=with(?:provider|data|aws)|on[\w./-]+line\d|Error:|$|\n)/,
  /[Cc]onfig(?:uration)?profile\(([^\n]{1,200}?)\)couldnotbefound/,
  /partialcredentialsfoundforprofile([^\n]+?)(?=\n|$)/,
  /profile"([^"\n]{1,200})"isconfiguredtouseSSO/,
  /failedtogetprofile,([^\n]+?)(?=\n|$|statuscode)/,
  /source_?profile"([^"\n]{1,200})"/,
  /(?:shared)?credentials?profile[,:]([\w.@+/-]{1,200})/,
  /ofprofile([^\n,]{1,200}),/,
  /requiresrole_arn,profile([^\n]+?)(?=\n|$)/,
  /Profile'?([\w.@+/-]{1,200}?)'?(?:couldnotbefound|isconfigured|notfound)/,
];

const regionForms: readonly RegExp[] = [
  /\b(?:sts|s3|iam|ec2|dynamodb|portal\.sso|oidc|eks|kms)(?:-fips)?[.-]([a-z]{2,4}(?:-[a-z0-9]+){1,3})\.(?:amazonaws|api\.aws|c2s|sc2s)/,
  /Credential=[^/\n]*\/\d{8}\/([a-z0-9-]+)\//,
  /\/\d{8}\/([a-z]{2}(?:-[a-z]+)+-\d)\/\w+\/aws4_request/,
  /(?:nvalidAWSRegion|[Nn]otavalidregion):([a-z0-9-]+?)(?=[\n:]|$|with|on[\w./-]+line|statuscode)/,
  /aws\.region=([a-z]{2,4}(?:-[a-z]+){1,3}-\d)/,
  /Providedregion_name'([^'\n]{1,60})'/,
  /(?:STSisnotactivatedinthis|opt(?:ed)?-?in.{0,20})region[:(]+([a-z]{2}(?:-[a-z]+)+-\d)/,
];

const requestForm =
  /[Rr]eques ?t ?-?[Ii][Dd](?::|=|>)\[?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[A-Z0-9]{52}|[A-Z0-9]{16})/;

const clockForm =
  /Signature(expired|notyetcurrent):(\d{8}T\d{6}Z)is(?:nowearlier|stilllater)than(?:\d{8}T\d{6}Z)\((\d{8}T\d{6}Z)/;

const callerForm = new RegExp(
  `User:\\s?(${arn}?)\\s?isnotauthorizedtoperform:\\s?([a-zA-Z0-9-]+:[A-Z][A-Za-z]+?)(?=onresource|because|withanexplicit|[\\n]|$)`,
);

/** What an error names; `lines` as they stand, `text` the same without white space. */
export function fieldsIn(lines: readonly string[], text: string): OutputFields {
  const place = placeIn(lines, text);
  const address = addressIn(lines, text);
  const profile = profileIn(text);
  const role = firstMatch(roleForms, text)?.replace(/[.:]+$/, "");
  const caller = callerForm.exec(text);
  const region = regionIn(text);
  const requestId = requestForm.exec(text)?.[1];
  const clocks = clocksIn(text);
  const argument = /(?:argumentnamed|nsupportedargument;|configurationargument|Blocksoftype)"([\w-]{1,60})"/.exec(
    text,
  )?.[1];
  return {
    ...(address === undefined ? {} : { address }),
    ...place,
    ...(profile ? { profile } : {}),
    ...(role && /:role\//.test(role) ? { role } : {}),
    ...(caller?.[1] && caller[2] ? { caller: caller[1], action: caller[2] } : {}),
    ...(region === undefined ? {} : { region }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(clocks ? { clocks } : {}),
    ...(argument === undefined ? {} : { argument }),
  };
}

function firstMatch(forms: readonly RegExp[], text: string): string | undefined {
  for (const form of forms) {
    const found = form.exec(text)?.[1];
    if (found) return found;
  }
  return undefined;
}

/** What has no name's form is left out: it may be anything, a secret too. */
function profileIn(text: string): string | undefined {
  const found = firstMatch(profileForms, text)?.replace(/[.:,]+$/, "");
  const isName = found !== undefined && /^[\p{L}\p{N}_.@+/:=,#~-]{1,128}$/u.test(found);
  return isName && !/^[A-Za-z0-9/+]{40}$/.test(found) ? found : undefined;
}

/** `var.region` is no region, nor is what a mask has made of one. */
function regionIn(text: string): string | undefined {
  for (const form of regionForms) {
    const found = form.exec(text)?.[1];
    if (found && /^[a-z]{2,4}-[a-z0-9-]*\d[a-z0-9-]*$/.test(found)) return found;
  }
  return undefined;
}

/** `on main.tf line 12, in provider "aws":`; `on <empty> line 0` stands for a block that nobody wrote. */
function placeIn(lines: readonly string[], text: string): Pick<OutputFields, "file" | "line"> {
  for (const one of lines) {
    const found = /(?:^|[\s,])on (\S.*?\S) line (\d+)(?:[,:]|$)/.exec(one);
    if (found) return placed(found[1], found[2]);
  }
  const found = /(?:^|[\n,\]])on([^\s,:"]{1,400}?)line(\d+)(?:,in|:)/.exec(text);
  return found ? placed(found[1], found[2]) : {};
}

function placed(file = "", line = ""): Pick<OutputFields, "file" | "line"> {
  return file === "<empty>" || line === "0" ? {} : { file, line: Number(line) };
}

const providerForm = /provider\["[^"\n]{1,200}"\](?:\.[\w-]+)?/;
const resourceForm =
  /(?:module\.[\w-]+(?:\[(?:\d+|"[^"\n]{1,100}")\])?\.)*(?:data\.)?(?:aws|awscc|terraform|null|tls|random|local|template|kubernetes|helm|archive|external|http)_[a-z0-9_]+\.[\w-]+(?:\[(?:\d+|"[^"\n]{1,100}")\])?/;

const modules = "(?:module\\.[\\w-]+(?:\\[[^\\]\\n]{1,100}\\])?\\.)*";
const withForm = new RegExp(`with(${modules}${providerForm.source}|${resourceForm.source})(?=[,\\n]|$)`);
const bulletForm = new RegExp(
  `(?:^|\\n|error\\(s\\)occurred:)\\*?(${modules}provider\\.aws(?:\\.[\\w-]+)?|${resourceForm.source})(?=\\(|:(?!Reading|Read|Refreshing|Still|Creat(?:ing|ion)\\b|Modif|Destr))`,
  "g",
);

function addressIn(lines: readonly string[], text: string): string | undefined {
  const modern = withForm.exec(text)?.[1];
  // With the blanks that a key of for_each may hold, if it stands on one line.
  if (modern)
    return (
      lines.map((one) => /^with (.{1,400}?),?$/.exec(one)?.[1]).find((one) => one && squeezed(one) === modern) ?? modern
    );
  const bullet = [...text.matchAll(bulletForm)].at(-1)?.[1];
  if (bullet) return bullet;
  const inside = /in(provider|resource|data)"(\w+)"(?:"([\w-]+)")?/.exec(text);
  if (!inside) return undefined;
  const [, kind, type = "", name] = inside;
  if (kind === "provider") return undefined;
  return name === undefined ? undefined : `${kind === "data" ? "data." : ""}${type}.${name}`;
}

const squeezed = (text: string) => text.replace(/\s/g, "");

function clocksIn(text: string): Clocks | undefined {
  const found = clockForm.exec(text);
  if (!found) return undefined;
  const [, kind, signed = "", bound = ""] = found;
  const [from, to] = [timeOf(signed), timeOf(bound)];
  if (from === undefined || to === undefined) return undefined;
  return { isBehind: kind === "expired", minutes: Math.round(Math.abs(to - from) / 60_000) };
}

/** `20240501T100000Z` in milliseconds. */
function timeOf(stamp: string): number | undefined {
  const form = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp);
  if (!form) return undefined;
  const [, year, month, day, hour, minute, second] = form.map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
}
