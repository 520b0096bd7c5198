const ofKeys = /aws_|env[-_]file|\.aws\b|A[KS]IA[A-Z2-7]|(?:access|secret)_?key/i;

/** Whether a text names a key, the variables or the files that hold one; any other says nothing about credentials. */
export function namesKeys(text: string): boolean {
  return ofKeys.test(text);
}
