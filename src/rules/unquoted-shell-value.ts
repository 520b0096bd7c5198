import { fakeSecrets, type Rule } from "./rule";

/** No key that AWS issues has one; pasted and generated ones do. */
const withDollar = `${fakeSecrets[0].slice(0, 19)}$${fakeSecrets[0].slice(20)}`;

export const rule: Rule = {
  id: "unquoted-shell-value",
  title: "A value that the shell changes",
  severity: "warning",
  why: "Outside single quotes `$`, backticks, `\\`, `&`, `;`, `|`, `<`, `>` and blanks are instructions to the shell. What arrives is another value, and AWS answers `SignatureDoesNotMatch` or `InvalidClientTokenId`.",
  remedy: 'Put the value in single quotes; in a batch file write `set "NAME=value"`.',
  silence:
    "`+`, `/` and `=` mean nothing to a shell. References such as `$NAME` and `$(command)`, and values that arrive as they are written.",
  links: [
    "https://www.gnu.org/software/bash/manual/html_node/Quoting.html",
    "https://learn.microsoft.com/windows-server/administration/windows-commands/set_1",
  ],
  examples: {
    "a dollar sign": {
      "deploy.sh": `
export AWS_ACCESS_KEY_ID=$1
export AWS_SECRET_ACCESS_KEY="${withDollar}"
#                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unquoted-shell-value
`,
    },
    "a blank behind the sign": {
      ".envrc": `
export AWS_ACCESS_KEY_ID= AKIAIOSFODNN7EXAMPLE
#                         ^^^^^^^^^^^^^^^^^^^^ unquoted-shell-value
`,
    },
    "no quotes in PowerShell": {
      "login.ps1": `
$env:AWS_ACCESS_KEY_ID = AKIAIOSFODNN7EXAMPLE
#                        ^^^^^^^^^^^^^^^^^^^^ unquoted-shell-value
`,
    },
    "plus and slash need no quotes": {
      "deploy.sh": `
export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
#                        ^^^^^^^^^^^^^^^^^^^^ placeholder-key
export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`,
    },
  },
  *check({ places }) {
    for (const { variable, change, at, repair, repairTitle } of places.changedValues) {
      yield {
        message: `${variable} ${change}.`,
        at,
        fixes: repair.length > 0 ? [{ title: repairTitle, safety: "review", edits: repair }] : [],
      };
    }
  },
};
