import { spawn } from "node:child_process";
import type { Fetching } from "../../model/fetching";
import { Secret } from "../../model/secret";
import { dateIn, jsonIn, textIn } from "./json";
import { unavailable } from "./unavailable";

/** What Terraform's SDK waits. https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/credentials/processcreds#pkg-constants */
const deadlineMs = 60_000;
const maxOutput = 64 * 1024;

export interface ProcessOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where it is started: never in a workspace, where the names of programs may be somebody else's. */
  readonly directory: string;
  readonly now: Date;
  readonly signal?: AbortSignal;
  readonly limitMs?: number;
}

/**
 * Runs a `credential_process` by the shell, as Terraform does, and reads the keys it prints. What else it prints is
 * dropped: it may hold them too. Only for commands of the user's own files that the user agreed to.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
export async function fetchProcess(command: string, options: ProcessOptions): Promise<Fetching> {
  const ended = await run(command, options);
  if (ended === "cancelled") return { status: "unknown", reason: "cancelled" };
  if (typeof ended === "string") return unavailable(failures[ended]);
  if (ended.code !== 0) return unavailable(`The credential_process ended with exit code ${ended.code}.`);
  const json = jsonIn(ended.output);
  if (!json) return unavailable("The credential_process printed no JSON.");
  if (json.Version !== 1) return unavailable("The credential_process printed no Version 1.");
  const [id, secret] = [textIn(json.AccessKeyId), textIn(json.SecretAccessKey)];
  if (!id || !secret) return unavailable("The credential_process printed no AccessKeyId or no SecretAccessKey.");
  const expires = dateIn(json.Expiration);
  if (expires && expires <= options.now) return unavailable("The credential_process printed keys that have expired.");
  const token = textIn(json.SessionToken);
  return {
    status: "fetched",
    keys: {
      accessKeyId: id,
      secretAccessKey: new Secret(secret),
      ...(token ? { sessionToken: new Secret(token) } : {}),
    },
    ...(expires ? { expires } : {}),
  };
}

type Failure = "timeout" | "too-much" | "not-started";
type Ended = { readonly code: number | string; readonly output: string } | Failure | "cancelled";

const failures: Readonly<Record<Failure, string>> = {
  timeout: "The credential_process took too long and was ended.",
  "too-much": "The credential_process printed more than keys and was ended.",
  "not-started": "The credential_process could not be started.",
};

function run(
  command: string,
  { environment, directory, signal, limitMs = deadlineMs }: ProcessOptions,
): Promise<Ended> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve("cancelled");
    const isWindows = process.platform === "win32";
    const [shell, flag] = isWindows ? ["cmd.exe", "/C"] : ["/bin/sh", "-c"];
    // A group of its own, so that what the shell started ends with it.
    const child = spawn(shell, [flag, command], {
      cwd: directory,
      env: environment,
      stdio: ["ignore", "pipe", "ignore"],
      detached: !isWindows,
      windowsHide: true,
      windowsVerbatimArguments: isWindows,
    });
    const end = (ended: Ended) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
      resolve(ended);
    };
    const stop = (ended: Ended) => {
      try {
        if (child.pid !== undefined && !isWindows) process.kill(-child.pid, "SIGKILL");
        else child.kill("SIGKILL");
      } catch {}
      child.stdout.destroy();
      end(ended);
    };
    const cancel = () => stop("cancelled");
    const timer = setTimeout(() => stop("timeout"), limitMs);
    signal?.addEventListener("abort", cancel, { once: true });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.length > maxOutput) stop("too-much");
    });
    child.on("error", () => end("not-started"));
    child.on("close", (code, by) => end({ code: code ?? by ?? "unknown", output }));
  });
}
