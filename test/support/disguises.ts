const lines = (text: string, change: (line: string, index: number) => string) =>
  text.split("\n").map(change).join("\n");

/** Broken in the middle of words, as a terminal does; at blanks, as Terraform does. */
const hardWrap = (width: number) => (text: string) =>
  lines(text, (line) => line.match(new RegExp(`.{1,${width}}`, "g"))?.join("\n") ?? "");
const softWrap = (width: number) => (text: string) =>
  lines(text, (line) => {
    if (line.length <= width) return line;
    const wrapped: string[] = [];
    let current = "";
    for (const word of line.split(" ")) {
      if (current !== "" && `${current} ${word}`.length > width) {
        wrapped.push(current);
        current = word;
      } else current = current === "" ? word : `${current} ${word}`;
    }
    return [...wrapped, current].join("\n");
  });
const box = (text: string) => (/[╷│]/.test(text) ? text : `╷\n${lines(text.trimEnd(), (line) => `│ ${line}`)}\n╵\n`);
const prefixed = (prefix: string) => (text: string) => lines(text, (line) => prefix + line);

/** Five thousand lines of what Terraform prints while all is well. */
const noise = Array.from({ length: 5000 }, (_, index) => {
  const kinds = [
    `aws_instance.web[${index}]: Creation complete after ${index % 60}s [id=i-0${index}]`,
    `module.vpc.aws_subnet.private[${index}]: Refreshing state... [id=subnet-${index}]`,
    "",
    `  + resource "aws_iam_role" "r${index}" {`,
    `      + arn  = "arn:aws:iam::111122223333:role/r${index}"`,
    "    }",
    `Downloading registry.terraform.io/terraform-aws-modules/vpc/aws ${index}.0.0 for vpc...`,
  ];
  return kinds[index % kinds.length] ?? "";
});

export const embedded = (text: string) =>
  `${noise.slice(0, 2500).join("\n")}\n\n${text.trimEnd()}\n\n${noise.slice(2500).join("\n")}`;

/** Ways in which the same output reaches whoever pastes it. */
export const disguises: Readonly<Record<string, (text: string) => string>> = {
  "Windows line ends": (text) => text.replaceAll("\n", "\r\n"),
  "a box": box,
  colours: (text) => lines(text, (line) => `\u001b[31m${line.slice(0, 3)}\u001b[0m\u001b[1m${line.slice(3)}\u001b[0m`),
  "colours without their escape": (text) => lines(text, (line) => `[31m${line}[0m`),
  "GitHub's time stamps": prefixed("2026-05-01T10:00:00.1234567Z "),
  "a quotation": prefixed("> "),
  "Azure's marks": prefixed("##[error]"),
  "TeamCity's marks": prefixed("[05:14:10]\t[Step 1/1] "),
  "CodeBuild's marks": prefixed("[Container] 2026/04/05 09:41:01 "),
  "a clock": prefixed("13:16:46  "),
  "a column of line numbers": (text) => lines(text, (line, index) => `${index + 1} | ${line}`),
  "five thousand other lines": embedded,
  ...Object.fromEntries(
    [40, 47, 60, 79, 80, 100, 120, 133, 160, 200].flatMap((width) => [
      [`a terminal of ${width} columns`, hardWrap(width)],
      [`wrapping at ${width}`, softWrap(width)],
      [`a box wrapped at ${width}`, (text: string) => box(softWrap(width)(text))],
    ]),
  ),
};
