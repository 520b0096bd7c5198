import assert from "node:assert/strict";
import { test } from "node:test";
import { isUnderstood } from "../src/analyzer";
import { placesPattern } from "../src/vscode/patterns";

const names = placesPattern.slice("**/{".length, -1).split(",");
const stand = (name: string) => `work/${name.replace("compose*", "compose.x").replace(".*", ".x").replace("*", "x")}`;
const globs = names.map((name) => {
  const parts = name.split("**/").map((part) => part.replaceAll(".", "\\.").replaceAll("*", "[^/]*"));
  return new RegExp(`^${parts.join("(?:.*/)?")}$`);
});

test("whatever the editor looks for is understood", () => {
  for (const name of names) assert.ok(isUnderstood(stand(name)), name);
});

test("whatever is understood around Terraform is looked for by the editor", () => {
  const files = [
    ...[".env", ".env.local", ".env-prod", "app.env", "app.env.sample", "env.list", ".envrc", ".envrc.local"],
    ...["run.sh", "run.bash", "run.zsh", ".bashrc", ".bash_profile", ".profile", ".zshrc", ".zshenv", ".zprofile"],
    ...["terragrunt.hcl", "first.tftest.hcl", "backend.hcl", "backend.conf", "prod.backend.config"],
    ...["login.ps1", "login.psm1", "login.cmd", "login.bat"],
    ...["Dockerfile", "Dockerfile.prod", "Dockerfile-prod", "web.dockerfile", "Containerfile", "web.containerfile"],
    ...["compose.yaml", "compose.dev.yml", "docker-compose.yml", "docker-compose-ci.yaml", "docker-compose.dev.yml"],
    ...["devcontainer.json", ".devcontainer.json", ".vscode/settings.json", ".vscode/launch.json", ".gitignore"],
    ...[".github/workflows/deploy.yml", "action.yaml", ".gitlab-ci.yml", "aws.gitlab-ci.yml"],
    ...[
      ".gitlab/ci/aws.yml",
      "ci/templates/aws.yml",
      "bitbucket-pipelines.yml",
      "buildspec.yml",
      "prod-buildspec.yaml",
    ],
    ...["azure-pipelines.yml", ".circleci/config.yml", "Jenkinsfile", "Jenkinsfile.deploy", "deploy.jenkinsfile"],
  ];
  for (const file of files) {
    assert.ok(isUnderstood(`work/${file}`), file);
    assert.ok(
      globs.some((glob) => glob.test(file)),
      `${file} is not looked for`,
    );
  }
});
