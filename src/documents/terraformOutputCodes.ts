import { awsCodeIn, legacyCode } from "./terraformOutputAwsCodes";
import { awsHost, carriers, messages, network, outermost, type Phrase, sentences } from "./terraformOutputSentences";

/**
 * What an error is about, in one word: AWS's own code where there is one, else a word for what Terraform, its SDKs or the
 * AWS CLI say in a sentence.
 *
 * All of it is looked up in a text without white space, because terminals break lines anywhere, in the middle of words too.
 */

/** The code of an error whose paragraphs stand in lines without white space; undefined for what is none of these. */
export function codeIn(text: string): string | undefined {
  return (
    firstOf(outermost, text) ??
    awsCodeIn(text) ??
    legacyCode(text) ??
    firstOf(sentences, text) ??
    (awsHost.test(text) ? firstOf(network, text) : undefined) ??
    firstOf(messages, text) ??
    firstOf(carriers, text)
  );
}

/** Whether a text says why, and not only that something went wrong. */
export function hasReason(text: string): boolean {
  const squeezed = squeeze(text);
  const code = codeIn(squeezed);
  return code !== undefined && !carriers.some(([one]) => one === code);
}

/** A text without blanks and tabs; line breaks stay, for they part paragraphs here. */
export function squeeze(text: string): string {
  return text.replace(/[^\S\n]+/g, "");
}

function firstOf(phrases: readonly Phrase[], text: string): string | undefined {
  return phrases.find(([, pattern]) => pattern.test(text))?.[0];
}
