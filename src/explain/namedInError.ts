import type { Explanation } from "./explainOutput";

/** What an error itself names: the line of a file, the profile, the role, the region. */
export function namedInError(
  { error: { file, line, profile, role, region, requestId }, keysFrom }: Explanation,
  nameOf: (file: string) => string = String,
): readonly string[] {
  return [
    file === undefined ? undefined : `${nameOf(file)}:${line}`,
    profile === undefined ? undefined : `profile ${profile}`,
    role === undefined ? undefined : `role ${role}`,
    keysFrom === undefined ? undefined : `signed with ${keysFrom}, as the log says`,
    region === undefined ? undefined : `region ${region}`,
    requestId === undefined ? undefined : `request ${requestId}`,
  ].filter((one) => one !== undefined);
}
