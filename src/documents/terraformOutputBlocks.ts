import type { Span } from "../model/text";
import type { OutputLine } from "./terraformOutputLines";
import { nothingKnown, type Situation, situationAfter, situationAfterLog } from "./terraformOutputSituation";

/** One error of an output: its lines, and what the lines before it tell of where it happened. */
export interface OutputBlock {
  /** Paragraphs, each the lines of one thought; blank lines and bullets part them. */
  readonly paragraphs: readonly (readonly string[])[];
  readonly span: Span;
  /** `Error refreshing state: 1 error(s) occurred:`, under which old versions list what failed. */
  readonly heading: string;
  readonly situation: Situation;
  /** A line of a log, which says again what the error says. */
  readonly isLog: boolean;
}

/** Whether a text already says why; a block that does not is worth another paragraph. */
export type HasReason = (text: string) => boolean;

/** An error's first line, in the words of Terraform of any age, of Terragrunt and of the AWS CLI. */
const opener =
  /^(?:AWS )?Error:?(?: |$)|^(?:error|ERROR|fatal): ?|^(?:provider\.aws[\w.]*|(?:aws_|data\.|module\.)[\w.\-[\]"]+): [Ee]rror|^provider\.aws|^[\w.]*(?:Error|Exception|exceptions\.\w+): |^[Ee]rror (?:configuring|loading|refreshing|running|applying|inspecting|locking|acquiring|copying|initializing|migrating|reading|releasing|getting|creating|launching|retrieving|when|finding|using|calling|validating|asking|saving|uploading|executing) |^An error occurred(?: \(|$)|^A client error \(|^[Ff]ailed to (?:save|load|upload|persist|get|download|query|read|retrieve|open|lock|list|assume|refresh)\b|^Unable to (?:locate|parse|load|redirect|list|assume|find)\b|^The (?:config profile|SSO session|source[ _]profile|security token|role|provided token|AWS Access Key|request signature)\b|^Partial credentials found|^Token (?:has expired|for .{1,200} does not exist)|^Your session has expired|^Remote state S3 bucket |^Could not (?:load|assume|connect|find)\b|^Credentials could not be loaded|^Missing the following required SSO|^Infinite loop in credential|^You must specify a region|^SSL validation failed|^No (?:valid )?credential|^Credentials were refreshed|^Provided region_name|^Profile .{1,200} is configured to use SSO|^AssumeRoleTokenProvider/;

/** What can stand anywhere in a line and is an error of AWS's all the same. */
const inside =
  /An error occurred \([A-Z]|(?:api error |occurred \(|<Code>)[A-Z]|operation error [A-Za-z0-9 ]{1,40}: [A-Z]|https? response error|CredentialsError|CredentialsProviderError|Could not load credentials|\b(?:InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|IncompleteSignature(?:Exception)?|ExpiredToken(?:Exception)?|InvalidAccessKeyId|AuthFailure|RequestExpired|RequestTimeTooSkewed|NoCredentialProviders|InvalidIdentityToken|SSOProviderInvalidToken|InvalidSignatureException|AccessDenied(?:Exception)?)\b ?(?::|\(|$)|security token included in the request is|no EC2 IMDS role found|shared config profile, |[Nn]o valid credential sources|not authorized to perform: ?sts:|Not authorized to perform sts:|Error (?:loading SSO Token|when retrieving)|botocore\.exceptions\.\w+:|Unable to locate credentials|No OpenIDConnect provider found|Signature (?:expired|not yet current):|SSO session has expired|cached SSO token|[Pp]artial credentials found|[Nn]ot a valid region: |nvalid AWS Region: |MFA enabled, but |AssumeRoleTokenProvider/;

/** A block that old versions divide by bullets, each with the address of what failed. */
const bullet = /^\*$|^\* ?(?:(?:module|data|provider|aws_|null_|local\.|output\.)[\w.\-[\]"]*|[\w-]+\.[\w-]+)(?: ?:|$)/;

/** What Terraform prints while it works, and what nobody would print inside an error. */
const elsewhere =
  /^(?:[\w.\-[\]"']+: (?:Creating|Still |Reading|Read complete|Refreshing|Modif|Destr|Creation complete|Importing|Provisioning)|Releasing state lock|Acquiring state lock|Initializing |Terraform (?:has been|will|used)|\w[\w./-]*\.tftest\.hcl\.\.\.|(?:Failure|Success)! |\$ |❯ |PS [A-Z]:|##\[section|Plan: |```)/;

/** Paragraphs that belong to the error above, whatever stands between. */
const continued =
  /^(?:Error message: |with |on (?:<empty>|\S.*?) line \d|\d+: |Please see |for more |For (?:more|verbose)|providing credentials|See (?:https?:|also)|Errors?: \d|\*|- |There are a number|status code|caused by|Details?:|A Profile was|Configuration conflict|AWS Error:|The referenced|In addition|\(source code|Invalid AWS Region|invalid AWS Region|The "region"|An argument named|Variables may not|AWS account ID|The backend configuration|IAM Role|The role|Exactly one|Only one|Blocks of type|error:|User:|RequestID)/;

/** Lines that begin another thought without a blank line before them. */
const divides =
  /^(?:with (?:provider\[|module\.|data\.|\w+_\w+\.)|on (?:<empty>|\S.*?) line \d|\* ?|Errors?: \d|(?:AWS )?Error: )/;

const mostLines = 120;
const mostParagraphs = 14;

/** The errors of an output, in order. */
export function outputBlocks(lines: readonly OutputLine[], hasReason: HasReason): readonly OutputBlock[] {
  const collector = new Collector(hasReason);
  for (const line of lines) collector.take(line);
  return collector.end();
}

interface Open {
  readonly paragraphs: string[][];
  isBoxed: boolean;
  readonly heading: string;
  readonly situation: Situation;
  readonly isLog: boolean;
  start: number;
  end: number;
  lines: number;
  /** The last line outside of the box was blank. */
  isAfterBlank: boolean;
}

class Collector {
  readonly #blocks: OutputBlock[] = [];
  readonly #hasReason: HasReason;
  #open: Open | undefined;
  #boxBegins = false;
  #heading = "";
  #situation: Situation = nothingKnown;

  constructor(hasReason: HasReason) {
    this.#hasReason = hasReason;
  }

  take(line: OutputLine): void {
    if (line.isLog) {
      this.#close();
      this.#situation = situationAfterLog(this.#situation, line.text);
      if (inside.test(line.text)) this.#single(line);
      return;
    }
    if (line.edge) {
      this.#close();
      this.#boxBegins = line.edge === "top";
      return;
    }
    if (line.text === "") {
      this.#blank(line);
      return;
    }
    const open = this.#open;
    if (open && this.#belongs(open, line)) {
      this.#append(open, line);
      return;
    }
    this.#close();
    this.#situation = situationAfter(this.#situation, line.text);
    if (opener.test(line.text) || bullet.test(line.text) || this.#boxBegins || inside.test(line.text)) {
      this.#begin(line);
    } else if (/^\d+ error\(?s?\)? occurred:/.test(line.text)) {
      this.#heading ||= line.text;
    }
  }

  end(): readonly OutputBlock[] {
    this.#close();
    return this.#blocks;
  }

  #belongs(open: Open, { text, boxed, span }: OutputLine): boolean {
    if (open.lines >= mostLines || open.paragraphs.length > mostParagraphs) return false;
    if (bullet.test(text) && !boxed) return false;
    // A box that copying has joined into one line begins in the middle of it.
    // A box's top that was not copied with it leaves its first line outside.
    if (boxed && span.start >= open.end) return !(/^Error: /.test(text) && !this.#waits(open));
    if (boxed) return true;
    if (open.isAfterBlank || !open.isBoxed) {
      if (elsewhere.test(text)) return false;
      if (/^(?:AWS )?Error: /.test(text)) return this.#waits(open);
    }
    if (!open.isAfterBlank) return !/^An error occurred(?: \(|$)|^Error (?!using profile)[a-z]+ing /.test(text);
    if (opener.test(text) && !continued.test(text)) return false;
    // The rest of a line that was too long for the terminal, and so has lost the box around it.
    return open.isBoxed || continued.test(text) || this.#waits(open);
  }

  /** Whether the reason is still to come. */
  #waits({ paragraphs }: Open): boolean {
    return !this.#hasReason(paragraphs.map((lines) => lines.join(" ")).join("\n"));
  }

  #begin(line: OutputLine): void {
    const { span, text, boxed } = line;
    // A heading announces bullets; anything else that begins ends it.
    if (!bullet.test(text) && !text.startsWith("*")) this.#heading = "";
    this.#open = {
      paragraphs: [[text]],
      isBoxed: boxed,
      heading: this.#heading,
      situation: this.#situation,
      isLog: false,
      start: span.start,
      end: span.end,
      lines: 1,
      isAfterBlank: false,
    };
    this.#boxBegins = false;
  }

  #append(open: Open, { text, span, boxed }: OutputLine): void {
    const last = open.paragraphs.at(-1);
    const isNew = open.isAfterBlank || divides.test(text);
    if (last && !isNew) last.push(text);
    else open.paragraphs.push([text]);
    open.isAfterBlank = false;
    open.isBoxed ||= boxed;
    open.end = span.end;
    open.lines++;
  }

  #blank({ boxed }: OutputLine): void {
    const open = this.#open;
    if (!open) return;
    open.isAfterBlank = true;
    if (!boxed && open.isBoxed) this.#close();
  }

  #single({ text, span }: OutputLine): void {
    this.#blocks.push({ paragraphs: [[text]], span, heading: "", situation: this.#situation, isLog: true });
  }

  #close(): void {
    const open = this.#open;
    this.#open = undefined;
    if (!open) return;
    const { paragraphs, heading, situation, isLog, start, end } = open;
    const words = paragraphs.flat().join("").replace(/\s/g, "");
    if (/error\(s\)occurred:$/.test(words)) this.#heading ||= words;
    this.#blocks.push({ paragraphs, heading, situation, isLog, span: { start, end } });
  }
}
