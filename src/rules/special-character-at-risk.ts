import type { Rule } from "./rule";

const words = {
  url: "A / or + in it means something else inside a URL; it has to be percent-encoded there, and only there.",
  sed: "A / in it ends the expression of sed; another delimiter such as | never occurs in a key.",
};

export const rule: Rule = {
  id: "special-character-at-risk",
  title: "A secret in a place where its ordinary characters have a meaning",
  severity: "hint",
  why: "Most secret keys hold a `/` or a `+`, and nearly every token an `=`. In a URL or in an expression of `sed` these are signs, and a key that has none of them works until it is rotated.",
  remedy:
    "Percent-encode the value for a URL, or pass the keys as environment variables; give `sed` another delimiter.",
  silence: "Environment variables, files and command arguments, where every character of a key is just a character.",
  links: [
    "https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1",
    "https://www.gnu.org/software/sed/manual/sed.html#The-_0022s_0022-Command",
  ],
  examples: {
    "in a URL": {
      "backup.sh": `
rclone copy "https://$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY@backup.example.com/x" .
#                                       ^^^^^^^^^^^^^^^^^^^^^^ special-character-at-risk
`,
    },
    "in an expression of sed": {
      "render.sh": `
sed -i "s/@SECRET@/$AWS_SECRET_ACCESS_KEY/" app.conf
#                  ^^^^^^^^^^^^^^^^^^^^^^ special-character-at-risk
`,
    },
    "with another delimiter": {
      "render.sh": `
sed -i "s|@SECRET@|$AWS_SECRET_ACCESS_KEY|" app.conf
`,
    },
  },
  *check({ places }) {
    for (const { place, at } of places.riskyUses) yield { message: words[place], at };
  },
};
