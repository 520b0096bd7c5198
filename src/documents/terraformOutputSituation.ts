/** What Terraform was doing when an error came. */
export interface Situation {
  /** `run` reads and changes resources; `plan` has failed as a whole, or a test has. */
  readonly phase: "unknown" | "modules" | "backend" | "providers" | "run" | "plan";
  /** The `terraform_remote_state` whose reading has begun and not ended. */
  readonly remoteState?: string;
}

export const nothingKnown: Situation = { phase: "unknown" };

const phases: readonly (readonly [Situation["phase"], RegExp])[] = [
  ["modules", /^Initializing ?(?:modules|child ?modules)/],
  ["backend", /^Initializing ?(?:the ?backend|HCP ?Terraform|Terraform ?Cloud|remote ?state ?for ?the ?s3 ?backend)/],
  ["providers", /^Initializing ?provider ?plugins|^- (?:Finding|Installing|Reusing|Using previously-installed) /],
  ["plan", /^Planning ?failed|\.tftest\.(?:hcl|json)\.\.\. |^run ?"[^"]+"\.\.\. ?/],
  [
    "run",
    /^(?:Refreshing Terraform state|Plan: |Terraform used the selected|[\w.\-[\]"']+: ?(?:Refreshing|Reading|Read complete|Creating|Creation|Still |Destroying|Modifying))/,
  ],
];

const remoteStateRead =
  /(?:^|\.)data\.terraform_remote_state\.([\w-]+)[^:]*: ?(Reading|Refreshing|Read complete|(?:R[a-z]{0,8})?$)/;

/** What a line that is no error tells of it. */
export function situationAfter(before: Situation, line: string): Situation {
  const remote = remoteStateRead.exec(line);
  // A narrow terminal has put it on a line of its own.
  if (before.remoteState !== undefined && line.startsWith("Read complete")) return { phase: "run" };
  if (remote) return remote[2] === "Read complete" ? { phase: "run" } : { phase: "run", remoteState: remote[1] ?? "" };
  const phase = phases.find(([, pattern]) => pattern.test(line))?.[0];
  return phase ? { ...before, phase } : before;
}

/** The same of a line of the log, which names the part of Terraform that wrote it. */
export function situationAfterLog(before: Situation, line: string): Situation {
  if (/\bbackend-s3[.:]/.test(line)) return { ...before, phase: "backend" };
  return /\bprovider\.terraform-provider-aws/.test(line) ? { ...before, phase: "run" } : before;
}
