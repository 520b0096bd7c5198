/** What is looked for in a workspace; in the end `isUnderstood` decides. */
export const terraformPattern =
  "**/*.{tf,tofu,tfvars,tfbackend,tf.json,tofu.json,tfvars.json,tfbackend.json,tftest.json,tofutest.json}";
export const awsPattern = "**/.aws/{credentials,config}";
export const lockPattern = "**/.terraform.lock.hcl";

/** One search for all of them: braces inside braces are not understood everywhere. */
export const placesPattern = `**/{${[
  ...[".env", ".env.*", ".env-*", "*.env", "*.env.*", "env.list"],
  ...[".envrc", ".envrc.*", "*.sh", "*.bash", "*.zsh"],
  ...[".bashrc", ".bash_profile", ".profile", ".zshrc", ".zshenv", ".zprofile"],
  ...["*.ps1", "*.psm1", "*.cmd", "*.bat"],
  ...["*.hcl", "*backend*.conf", "*backend*.config"],
  ...["Dockerfile", "Dockerfile.*", "Dockerfile-*", "*.dockerfile"],
  ...["Containerfile", "Containerfile.*", "Containerfile-*", "*.containerfile"],
  ...["compose*.yaml", "compose*.yml", "docker-compose*.yaml", "docker-compose*.yml"],
  ...["devcontainer.json", ".devcontainer.json", ".vscode/settings.json", ".vscode/launch.json", ".gitignore"],
  ...[".github/workflows/*.yml", ".github/workflows/*.yaml", "action.yml", "action.yaml"],
  ...[".gitlab-ci.yml", ".gitlab-ci.yaml", "*.gitlab-ci.yml", "*.gitlab-ci.yaml"],
  ...[
    ".gitlab/**/*.yml",
    ".gitlab/**/*.yaml",
    ".gitlab-ci/**/*.yml",
    "gitlab-ci/**/*.yml",
    "ci/**/*.yml",
    ".ci/**/*.yml",
  ],
  ...["bitbucket-pipelines.yml", "*buildspec*.yml", "*buildspec*.yaml", "atlantis.yaml", "atlantis.yml"],
  ...["*azure-pipeline*.yml", "*azure-pipeline*.yaml", ".circleci/**/*.yml", ".azure-pipelines/**/*.yml"],
  ...["Jenkinsfile", "Jenkinsfile.*", "Jenkinsfile-*", "*.jenkinsfile"],
].join(",")}}`;
