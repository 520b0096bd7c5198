import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { clearCommand, decidingVariables, type Shell, variablesToClear } from "../src/explain/clearCommand";
import { environmentOf } from "../src/facts/environment";

const two = ["AWS_ACCESS_KEY_ID", "AWS_PROFILE"];

test("each shell has its own way to forget a variable", () => {
  const commands: Readonly<Record<Shell, string>> = {
    bash: "unset AWS_ACCESS_KEY_ID AWS_PROFILE",
    fish: "set -e AWS_ACCESS_KEY_ID AWS_PROFILE",
    powershell: "Remove-Item -ErrorAction SilentlyContinue Env:AWS_ACCESS_KEY_ID, Env:AWS_PROFILE",
    cmd: 'set "AWS_ACCESS_KEY_ID=" & set "AWS_PROFILE="',
  };
  for (const [shell, command] of Object.entries(commands)) assert.equal(clearCommand(two, shell as Shell), command);
});

/** Runs a command in a shell that may be missing here, and prints what a program started afterwards would see. */
function seenAfter(shell: string, args: readonly string[], command: string): string | undefined {
  const env = { PATH: process.env.PATH ?? "", AWS_ACCESS_KEY_ID: "a", AWS_PROFILE: "b", AWS_REGION: "eu-west-1" };
  const { error, stdout } = spawnSync(shell, [...args, command], { env, encoding: "utf8" });
  return error ? undefined : stdout;
}

const shellsHere = [
  { name: "bash", args: ["--norc", "-c"], shell: "bash", show: "; env" },
  { name: "sh", args: ["-c"], shell: "bash", show: "; env" },
  { name: "zsh", args: ["-f", "-c"], shell: "bash", show: "; env" },
  { name: "fish", args: ["--no-config", "-c"], shell: "fish", show: "; env" },
  { name: "pwsh", args: ["-NoProfile", "-c"], shell: "powershell", show: "; Get-ChildItem Env: | % { $_.Name }" },
] as const;

for (const { name, args, shell, show } of shellsHere) {
  test(`${name} forgets the variables, those that are not set included, and keeps the others`, (context) => {
    const seen = seenAfter(name, args, `${clearCommand([...two, "AWS_ROLE_ARN"], shell)}${show}`);
    if (seen === undefined) return context.skip(`${name} is not here`);
    assert.match(seen, /AWS_REGION/);
    assert.doesNotMatch(seen, /AWS_ACCESS_KEY_ID|AWS_PROFILE/);
  });
}

test("what decides about credentials is cleared where it is set, and nothing else", () => {
  const environment = environmentOf(
    {
      AWS_PROFILE: "dev",
      AWS_SESSION_TOKEN: "",
      AWS_SECURITY_TOKEN: "old",
      AWS_REGION: "eu-west-1",
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://localhost/",
      AWS_CONFIG_FILE: "/etc/aws",
    },
    "this shell",
  );
  assert.deepEqual(variablesToClear(environment), ["AWS_PROFILE", "AWS_SECURITY_TOKEN"]);
  assert.ok(decidingVariables.includes("AWS_ACCESS_KEY_ID") && decidingVariables.includes("AWS_DEFAULT_PROFILE"));
});
