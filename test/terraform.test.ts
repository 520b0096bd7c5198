// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates like this.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Attribute, Block, Body, Expression, TerraformDocument } from "../src/documents/terraform";
import { parseTerraformJson } from "../src/documents/terraformJson";
import { parseTerraform } from "../src/documents/terraformParser";
import type { Span } from "../src/model/text";

const FUZZ_RUNS = Number(process.env.CALLERID_FUZZ ?? 1500);

const PROVIDER = `# The account of the shop
terraform {
  required_version = ">= 1.5"
  backend "s3" {
    bucket  = "shop-state"
    key     = "a/b.tfstate"
    region  = "eu-central-1"
    encrypt = true
    assume_role = { role_arn = "arn:aws:iam::123456789012:role/state" }
  }
}

provider "aws" {
  region     = "us-east-1"
  access_key = "AKIAIOSFODNN7EXAMPLE"
  secret_key = var.secret_key // from the environment

  assume_role {
    role_arn    = "arn:aws:iam::\${var.accounts["prod"].id}:role/deploy"
    external_id = local.ids[0].external
  }
  default_tags {
    tags = merge(var.tags, {
      Team  = "shop"
      "k:1" : 1.5e3,
      (var.name) = null
    })
  }
}

data "aws_caller_identity" "current" {}

resource "aws_iam_user" "ci" {
  count = var.enabled && !var.dry ? length(var.users) + 1 : 0
  name  = "ci-\${count.index}"
  users = [for user in var.users : upper(user) if user != ""]
  ids   = aws_instance.web[*].id
  nested {
    deeper { a = 1 }
  }
}

output "who" { value = data.aws_caller_identity.current.arn }
`;

const HEREDOC = `variable "secret_key" {
  type      = string
  sensitive = true
}

resource "aws_iam_policy" "p" {
  name   = "p"
  policy = <<-EOT
    {
      "Statement": [{ "Effect": "Allow", "Resource": "\${aws_s3_bucket.b.arn}/*" }]
    }
    EOT
  path = "/"
}

locals {
  region = "eu-west-1"
  script = <<EOF
#!/bin/sh
export AWS_PROFILE=x
EOF
  names = {
    for key, value in var.map :
    key => value...
  }
}

module "net" {
  source    = "./net"
  providers = { aws = aws.west }
  text      = "%{ if var.a == "}" }yes%{ else }no%{ endif }"
  cidrs = [
    "10.0.0.0/8", # first
    cidrsubnet("10.0.0.0/8", 8, 1),
  ]
}
`;

const LAYOUT = `provider "aws" {
alias = "flat"
assume_role {
role_arn = "arn:aws:iam::123456789012:role/x"
}
}
  provider "aws" {
      region = provider::local::pick(var.regions...)
    }
variable "a" { default = "b" }
moved {
  from = a.b
  to   = a.c
}
`;

const SOURCES = [PROVIDER, HEREDOC, LAYOUT, PROVIDER.replaceAll("\n", "\r\n")];

function parse(text: string): TerraformDocument {
  return parseTerraform({ path: "main.tf", text });
}

function parseJson(value: unknown, path = "main.tf.json"): TerraformDocument {
  return parseTerraformJson({ path, text: typeof value === "string" ? value : JSON.stringify(value, undefined, 2) });
}

/** The value of `a` in a file without problems. */
function valueOfA(text: string): Expression {
  const document = parse(text);
  assert.deepEqual(document.problems, []);
  return attribute(document.body, "a").value;
}

function attribute(body: Body, name: string): Attribute {
  const found = body.attributes.find((candidate) => candidate.name === name);
  assert.ok(found, `no attribute ${name}`);
  return found;
}

function block(parent: { readonly body: Body }, type: string, index = 0): Block {
  const found = parent.body.blocks.filter((candidate) => candidate.type === type)[index];
  assert.ok(found, `no block ${type}`);
  return found;
}

function names(body: Body): string[] {
  return body.attributes.map((item) => item.name);
}

function headers(document: TerraformDocument): string[] {
  return document.body.blocks.map((item) => [item.type, ...item.labels.map((label) => label.text)].join(" "));
}

function slice(document: TerraformDocument, span: Span): string {
  return document.source.text.slice(span.start, span.end);
}

/** An expression in a few characters, so that its shape can be compared. */
function shape(expression: Expression): unknown {
  switch (expression.kind) {
    case "string":
      return JSON.stringify(expression.text);
    case "number":
    case "bool":
      return expression.value;
    case "null":
      return null;
    case "template":
      return expression.parts.map((part) => (part.kind === "text" ? JSON.stringify(part.text) : shape(part.value)));
    case "reference":
      return expression.steps.reduce(
        (text, step) => text + (step.kind === "attribute" ? `.${step.name}` : `[${shape(step.value)}]`),
        expression.root,
      );
    case "access":
      return { of: shape(expression.of), step: expression.step.kind };
    case "call":
      return { [expression.name]: expression.arguments.map(shape), ...(expression.expand ? { expand: true } : {}) };
    case "list":
      return expression.items.map(shape);
    case "object":
      return expression.entries.map((entry) => [shape(entry.key), shape(entry.value)]);
    case "conditional":
      return ["?", shape(expression.condition), shape(expression.whenTrue), shape(expression.whenFalse)];
    case "binary":
      return [expression.operator, shape(expression.left), shape(expression.right)];
    case "unary":
      return [expression.operator, shape(expression.operand)];
    case "parenthesis":
      return ["()", shape(expression.inner)];
    case "unknown":
      return "unknown";
  }
}

interface Nested {
  readonly span: Span;
  readonly children: readonly Nested[];
}

function partsOf(expression: Expression): readonly Nested[] {
  switch (expression.kind) {
    case "template":
      return expression.parts.map((part) => ({
        span: part.span,
        children: part.kind === "value" ? [nestedExpression(part.value)] : [],
      }));
    case "reference":
      return expression.steps.map((step) => ({
        span: step.span,
        children: step.kind === "index" ? [nestedExpression(step.value)] : [],
      }));
    case "access":
      return [nestedExpression(expression.of), { span: expression.step.span, children: [] }];
    case "call":
      return [{ span: expression.nameSpan, children: [] }, ...expression.arguments.map(nestedExpression)];
    case "list":
      return expression.items.map(nestedExpression);
    case "object":
      return expression.entries.map((entry) => ({
        span: entry.span,
        children: [nestedExpression(entry.key), nestedExpression(entry.value)],
      }));
    case "conditional":
      return [expression.condition, expression.whenTrue, expression.whenFalse].map(nestedExpression);
    case "binary":
      return [expression.left, expression.right].map(nestedExpression);
    case "unary":
      return [nestedExpression(expression.operand)];
    case "parenthesis":
      return [nestedExpression(expression.inner)];
    default:
      return [];
  }
}

function nestedExpression(expression: Expression): Nested {
  return { span: expression.span, children: partsOf(expression) };
}

/** In JSON a block's type and outer labels may stand before it, since one key can have several blocks. */
function nestedBody(body: Body, syntax: "hcl" | "json"): Nested {
  const attributes = body.attributes.map((item) => ({
    span: item.span,
    children: [{ span: item.nameSpan, children: [] }, nestedExpression(item.value)],
  }));
  const blocks = body.blocks.map((item) => {
    const header = [item.typeSpan, ...item.labels.map((label) => label.span)].map((span) => ({ span, children: [] }));
    return { span: item.span, children: [...(syntax === "hcl" ? header : []), nestedBody(item.body, syntax)] };
  });
  return { span: body.span, children: [...attributes, ...blocks].sort((a, b) => a.span.start - b.span.start) };
}

function checkNesting({ span, children }: Nested, parent: Span): void {
  const isInside = parent.start <= span.start && span.start <= span.end && span.end <= parent.end;
  if (!isInside) assert.fail(`${span.start}..${span.end} is not in ${parent.start}..${parent.end}`);
  let at = span.start;
  for (const child of children) {
    if (child.span.start < at) assert.fail(`${child.span.start} is before ${at}`);
    checkNesting(child, span);
    at = child.span.end;
  }
}

function checkSpans(document: TerraformDocument): void {
  const whole = { start: 0, end: document.source.text.length };
  checkNesting(nestedBody(document.body, document.syntax), whole);
  for (const { span } of [...document.problems, ...document.suppressions]) checkNesting({ span, children: [] }, whole);
}

test("a whole file", () => {
  const document = parse(PROVIDER);
  assert.deepEqual(document.problems, []);
  assert.deepEqual(headers(document), [
    "terraform",
    "provider aws",
    "data aws_caller_identity current",
    "resource aws_iam_user ci",
    "output who",
  ]);
  const provider = block(document, "provider");
  assert.deepEqual(names(provider.body), ["region", "access_key", "secret_key"]);
  assert.equal(slice(document, provider.typeSpan), "provider");
  assert.deepEqual(
    provider.labels.map((label) => slice(document, label.span)),
    ["aws"],
  );
  assert.equal(slice(document, attribute(provider.body, "secret_key").span), "secret_key = var.secret_key");
  const key = attribute(provider.body, "access_key").value;
  assert.ok(key.kind === "string");
  assert.equal(slice(document, key.span), '"AKIAIOSFODNN7EXAMPLE"');
  assert.equal(slice(document, key.contentSpan), key.text);
  const role = block(provider, "assume_role");
  assert.deepEqual(shape(attribute(role.body, "role_arn").value), [
    '"arn:aws:iam::"',
    'var.accounts["prod"].id',
    '":role/deploy"',
  ]);
  assert.ok(slice(document, role.body.span).startsWith("\n    role_arn"));
});

test("valid sources have no problems", () => {
  for (const source of SOURCES) {
    const document = parse(source);
    assert.deepEqual(document.problems, []);
    checkSpans(document);
  }
});

const EXPRESSIONS: readonly (readonly [string, unknown])[] = [
  ['"plain"', '"plain"'],
  ['""', '""'],
  ['"\\n\\r\\t\\"\\\\\\u00e9\\U0001F600"', JSON.stringify('\n\r\t"\\é😀')],
  ['"$${a} %%{b} $$ % $"', JSON.stringify("${a} %{b} $$ % $")],
  ['"${var.x}"', ["var.x"]],
  ['"a${ "b${c}" }d"', ['"a"', ['"b"', "c"], '"d"']],
  ['"a ${~ b ~} c"', ['"a"', "b", '"c"']],
  ['"${f("}")}"', [{ f: ['"}"'] }]],
  ['"${\n  join(",", [\n    a,\n  ])\n}-x"', [{ join: ['","', ["a"]] }, '"-x"']],
  ['"%{ for a in b ~}${a}%{ endfor }"', "unknown"],
  ['"%{ if a }x%{ endif }"', "unknown"],
  ["12", 12],
  ["1.5e-3", 0.0015],
  ["true", true],
  ["null", null],
  ["var.x[0].y", "var.x[0].y"],
  ["data.a.b.0.c", "data.a.b[0].c"],
  ["a.b-c", "a.b-c"],
  ["ünï.cödé", "ünï.cödé"],
  ['a["k"][b.c]', 'a["k"][b.c]'],
  ["a[*].b", "unknown"],
  ["a.*.b[0]", "unknown"],
  ["f()", { f: [] }],
  ["f(a, b...)", { f: ["a", "b"], expand: true }],
  ["provider::aws::arn_parse(x)", { "provider::aws::arn_parse": ["x"] }],
  ["f(x).y", { of: { f: ["x"] }, step: "attribute" }],
  ['{ a = 1 }["a"]', { of: [['"a"', 1]], step: "index" }],
  ["[1, 2,]", [1, 2]],
  ["[]", []],
  ["[\n  1, # one\n  /* two */ 2\n]", [1, 2]],
  [
    '{ a = 1, "b" : 2, (c) = 3, "d${e}" = 4 }',
    [
      ['"a"', 1],
      ['"b"', 2],
      [["()", "c"], 3],
      [['"d"', "e"], 4],
    ],
  ],
  ["{\n  a = 1\n}", [['"a"', 1]]],
  ["{}", []],
  ["a ? b : c ? d : e", ["?", "a", "b", ["?", "c", "d", "e"]]],
  ["1 + 2 * 3 - 4", ["-", ["+", 1, ["*", 2, 3]], 4]],
  ["a || b && c == d < -e", ["||", "a", ["&&", "b", ["==", "c", ["<", "d", ["-", "e"]]]]]],
  ["!a != !!b", ["!=", ["!", "a"], ["!", ["!", "b"]]]],
  ["a >= b % c / d", [">=", "a", ["/", ["%", "b", "c"], "d"]]],
  ["(\n  a\n  + b\n)", ["()", ["+", "a", "b"]]],
  ["[for a in b : a]", "unknown"],
  ["{for k, v in b : k => v... if v}", "unknown"],
];

test("expressions", () => {
  for (const [text, expected] of EXPRESSIONS) {
    const document = parse(`a = ${text}\nb = 1\n`);
    assert.deepEqual(document.problems, [], text);
    const { value } = attribute(document.body, "a");
    assert.deepEqual(shape(value), expected, text);
    assert.equal(slice(document, value.span), text);
    assert.equal(attribute(document.body, "b").value.kind, "number");
    checkSpans(document);
  }
});

test("spans of steps, keys and parts", () => {
  const document = parse('a = var.x["k"].0\nb = { role_arn = "x${ y }z" }\n');
  const reference = attribute(document.body, "a").value;
  assert.ok(reference.kind === "reference");
  assert.deepEqual(
    reference.steps.map((step) => slice(document, step.span)),
    ["x", '["k"]', "0"],
  );
  const object = attribute(document.body, "b").value;
  assert.ok(object.kind === "object");
  const [entry] = object.entries;
  assert.ok(entry?.key.kind === "string" && entry.value.kind === "template");
  assert.equal(slice(document, entry.key.contentSpan), "role_arn");
  assert.deepEqual(
    entry.value.parts.map((part) => slice(document, part.span)),
    ["x", "${ y }", "z"],
  );
});

test("heredocs", () => {
  const plain = valueOfA("a = <<EOT\n  one $${x}\\n\n\n  two\nEOT\n");
  assert.equal(shape(plain), JSON.stringify("  one ${x}\\n\n\n  two\n"));
  assert.ok(plain.kind === "string" && plain.heredoc);
  const indented = valueOfA("a = <<-EOT\n    one\n\n      two ${b}\n    three\n    EOT\n");
  assert.deepEqual(shape(indented), ['"one\\n\\n  two "', "b", '"\\nthree\\n"']);
  assert.equal(shape(valueOfA("a = <<EOT\nEOT\n")), '""');
  assert.equal(shape(valueOfA("a = <<EOT\nx\n  EOT")), '"x\\n"');
  assert.deepEqual(shape(valueOfA("a = [<<A\nx\nA\n, <<B\ny\nB\n]\n")), ['"x\\n"', '"y\\n"']);
  const nested = valueOfA("a = <<EOT\nA= ${~ f(<<B\nin\nB\n) ~}\nrest\nEOT\n");
  assert.deepEqual(shape(nested), ['"A="', { f: ['"in\\n"'] }, '"rest\\n"']);
  const document = parse("a = <<EOT\r\nx EOT\r\nEOT\r\nb = 1\r\n");
  assert.deepEqual(document.problems, []);
  const { value } = attribute(document.body, "a");
  assert.ok(value.kind === "string");
  assert.equal(slice(document, value.span), "<<EOT\r\nx EOT\r\nEOT");
  assert.equal(slice(document, value.contentSpan), "x EOT\r\n");
});

test("one-line blocks, labels without quotes, empty files", () => {
  const document = parse('provider aws { region = "x" }\na {}\n');
  assert.deepEqual(headers(document), ["provider aws", "a"]);
  assert.deepEqual(names(block(document, "provider").body), ["region"]);
  assert.deepEqual(document.problems, []);
  for (const text of ["", "\ufeff", "# only a comment", "\n\n", "/* a */"]) {
    const empty = parse(text);
    assert.deepEqual([empty.problems, empty.body.blocks, empty.body.attributes], [[], [], []]);
    assert.deepEqual(empty.body.span, { start: 0, end: text.length });
  }
});

test("attributes given twice are both there", () => {
  assert.deepEqual(names(parse("a = 1\na = 2\n").body), ["a", "a"]);
});

test("positions with a byte order mark, CRLF, lone CR, NUL and emoji", () => {
  for (const lineBreak of ["\n", "\r\n", "\r"]) {
    const lines = [
      "\ufeff# 😀",
      'provider "aws" {',
      '  profile = "😀é" # 😀',
      "  région = var.größe",
      "}",
      "a = 1",
      "",
    ];
    const document = parse(lines.join(lineBreak));
    assert.deepEqual(document.problems, []);
    const provider = block(document, "provider");
    assert.equal(slice(document, attribute(provider.body, "profile").value.span), '"😀é"');
    assert.equal(slice(document, attribute(provider.body, "région").value.span), "var.größe");
    assert.equal(slice(document, attribute(document.body, "a").span), "a = 1");
    checkSpans(document);
  }
  const document = parse('a\u00a0=\0 "x"\nb = "y\0z"\n');
  assert.deepEqual(names(document.body), ["a", "b"]);
  assert.equal(document.problems.length, 2);
  assert.equal(shape(attribute(document.body, "a").value), '"x"');
  assert.equal(shape(attribute(document.body, "b").value), '"y\\u0000z"');
});

test("suppressions", () => {
  const text = [
    "# callerid-ignore rule-a: on purpose",
    "# callerid-ignore rule-b, rule-c: also",
    'a = "x" # callerid-ignore rule-d: same line: really',
    "b = 1 // callerid-ignore rule-e",
    "/* callerid-ignore rule-f: above",
    "   the line */",
    "/* callerid-ignore rule-g: before */ c = 1",
    'd = "# callerid-ignore rule-h: a string"',
    "# callerid-ignored rule-i: another word",
    "# callerid-ignore",
    "broken =",
    "e = 1 # callerid-ignore rule-j: behind damage",
  ].join("\n");
  assert.deepEqual(
    parse(text).suppressions.map(({ rules, reason, line }) => [rules.map(({ name }) => name).join(), reason, line]),
    [
      ["rule-a", "on purpose", 2],
      ["rule-b,rule-c", "also", 2],
      ["rule-d", "same line: really", 2],
      ["rule-e", "", 3],
      ["rule-f", "above", 6],
      ["rule-g", "before", 6],
      ["rule-j", "behind damage", 11],
    ],
  );
  checkSpans(parse(text));
});

interface Damage {
  readonly what: string;
  readonly text: readonly string[];
  readonly blocks: readonly string[];
  /** Of the first block. */
  readonly attributes?: readonly string[];
}

const NEIGHBOUR = 'variable "v" {}';

const DAMAGE: readonly Damage[] = [
  {
    what: "a missing value",
    text: ['provider "aws" {', "  region =", '  access_key = "AKIAIOSFODNN7EXAMPLE"', "}", NEIGHBOUR],
    blocks: ["provider aws", "variable v"],
    attributes: ["region", "access_key"],
  },
  {
    what: "a missing value in a file without indentation",
    text: ['provider "aws" {', "region =", 'access_key = "AKIAIOSFODNN7EXAMPLE"', "}", NEIGHBOUR],
    blocks: ["provider aws", "variable v"],
    attributes: ["region", "access_key"],
  },
  {
    what: "operands that are not there yet",
    text: [
      'provider "aws" {',
      "  a = var.",
      "  b = 1 +",
      "  c = x ?",
      "  d = !",
      "  e = f(",
      "  g = [1,",
      "  h = 1",
      "}",
      NEIGHBOUR,
    ],
    blocks: ["provider aws", "variable v"],
    attributes: ["a", "b", "c", "d", "e", "g", "h"],
  },
  {
    what: "a quote that is not closed",
    text: ['provider "aws" {', '  region = "us-east-1', '  profile = "x"', "}", NEIGHBOUR],
    blocks: ["provider aws", "variable v"],
    attributes: ["region", "profile"],
  },
  {
    what: "a label that is not closed",
    text: ['provider "aws {', '  profile = "x"', "}", NEIGHBOUR],
    blocks: ["provider aws", "variable v"],
    attributes: ["profile"],
  },
  {
    what: "interpolations that are not closed",
    text: [
      'provider "aws" {',
      '  a = "${var.x"',
      '  b = "${var.x',
      '  c = "${',
      '  d = "${f("x',
      '  e = "${"',
      '  f = "-${var.x}',
      "  g = 1",
      "}",
      NEIGHBOUR,
    ],
    blocks: ["provider aws", "variable v"],
    attributes: ["a", "b", "c", "d", "e", "f", "g"],
  },
  {
    what: "an interpolation that is not closed on a block's last line",
    text: ['provider "aws" {', '  profile = "${var.x', "}", NEIGHBOUR],
    blocks: ["provider aws", "variable v"],
    attributes: ["profile"],
  },
  {
    what: "a heredoc that is not closed",
    text: [
      'resource "a" "b" {',
      "  policy = <<EOT",
      "{",
      '  "x": 1',
      "}",
      "}",
      'provider "aws" {',
      '  region = "x"',
      "}",
    ],
    blocks: ["resource a b", "provider aws"],
    attributes: ["policy"],
  },
  {
    what: "a heredoc just begun",
    text: ['resource "a" "b" {', "  policy = <<EOT", '  name = "x"', "}", 'provider "aws" {', '  region = "x"', "}"],
    blocks: ["resource a b", "provider aws"],
    attributes: ["policy", "name"],
  },
  {
    what: "a heredoc that is not closed before one with the same marker",
    text: [
      'resource "a" "b" {',
      "  policy = <<EOT",
      "text",
      "}",
      'provider "aws" {',
      '  region = "x"',
      "}",
      'resource "a" "c" {',
      "  policy = <<EOT",
      "text",
      "EOT",
      "}",
    ],
    blocks: ["resource a b", "provider aws", "resource a c"],
    attributes: ["policy"],
  },
  {
    what: "a brace too many",
    text: ['provider "aws" {', '  region = "x"', "}", "}", NEIGHBOUR],
    blocks: ["provider aws", "variable v"],
    attributes: ["region"],
  },
  {
    what: "an opening brace too many",
    text: ['provider "aws" { {', '  region = "x"', "}", NEIGHBOUR],
    blocks: ["provider aws", "variable v"],
    attributes: ["region"],
  },
  {
    what: "a missing closing brace",
    text: ['provider "aws" {', '  region = "x"', "", NEIGHBOUR],
    blocks: ["provider aws", "variable v"],
    attributes: ["region"],
  },
  {
    what: "a missing closing brace before a misspelt block",
    text: ['provider "aws" {', '  region = "x"', "", 'varable "v" {', "  type = string", "}", "locals {}"],
    blocks: ["provider aws", "varable v", "locals"],
    attributes: ["region"],
  },
  {
    what: "a missing closing brace of an inner block",
    text: ['provider "aws" {', "  assume_role {", '    role_arn = "x"', '  region = "x"', "}", NEIGHBOUR],
    blocks: ["provider aws", "variable v"],
    attributes: ["region"],
  },
  {
    what: "a missing closing brace of an object",
    text: ['provider "aws" {', "  tags = merge({", '    a = "x"', '  region = "x"', "}", NEIGHBOUR],
    blocks: ["provider aws", "variable v"],
    attributes: ["tags", "region"],
  },
  {
    what: "a missing opening brace",
    text: ['provider "aws"', '  region = "x"', "}", NEIGHBOUR],
    blocks: ["provider aws", "variable v"],
    attributes: ["region"],
  },
  {
    what: "an opening brace on its own line",
    text: ['provider "aws"', "{", '  region = "x"', "}", NEIGHBOUR],
    blocks: ["provider aws", "variable v"],
    attributes: ["region"],
  },
  {
    what: "half-typed headers",
    text: ["provider", 'resource "aws_', 'resource "a" "b"', NEIGHBOUR, "data"],
    blocks: ["resource aws_", "resource a b", "variable v"],
    attributes: [],
  },
  {
    what: "a half-typed name",
    text: ['provider "aws" {', "  acc", '  region = "x"', "  assume_ro {", "}", NEIGHBOUR],
    blocks: ["provider aws", "variable v"],
    attributes: ["region"],
  },
  {
    what: "wrong assignments",
    text: [
      'provider "aws" {',
      "  a == 1",
      "  b : 2",
      '  "c" = 3',
      "  = 4",
      "  d = 5, e = 6",
      "  f = 7 g = 8",
      "  h = @@",
      "}",
      'variable "v" = {}',
    ],
    blocks: ["provider aws", "variable v"],
    attributes: ["a", "b", "c", "d", "e", "f", "g", "h"],
  },
  {
    what: "a comment that is not closed",
    text: ['provider "aws" {', '  region = "x" /* never', '  profile = "y"', "}", NEIGHBOUR],
    blocks: ["provider aws", "variable v"],
    attributes: ["region", "profile"],
  },
  {
    what: "the wrong bracket",
    text: ['provider "aws" {', "  a = [1, 2)", "  b = f(1]", "  c = (1", "  d = 1]", "  e = { a = 1 ]", "}", NEIGHBOUR],
    blocks: ["provider aws", "variable v"],
    attributes: ["a", "b", "c", "d", "e"],
  },
];

test("damage costs no neighbour", () => {
  for (const { what, text, blocks, attributes } of DAMAGE) {
    for (const lineBreak of ["\n", "\r\n"]) {
      const document = parse(text.join(lineBreak));
      assert.ok(document.problems.length > 0, what);
      assert.deepEqual(headers(document), blocks, what);
      if (attributes) assert.deepEqual(names(document.body.blocks[0]?.body ?? document.body), attributes, what);
      checkSpans(document);
    }
  }
});

test("a missing value is an unknown one, where it would be typed", () => {
  const document = parse("a = \nb =\nc = {\n  d =\n  e = 1\n}\n");
  assert.deepEqual(attribute(document.body, "a").value, { kind: "unknown", span: { start: 4, end: 4 } });
  assert.deepEqual(attribute(document.body, "b").value, { kind: "unknown", span: { start: 8, end: 8 } });
  assert.deepEqual(shape(attribute(document.body, "c").value), [
    ['"d"', "unknown"],
    ['"e"', 1],
  ]);
});

test("what could not be read is unknown", () => {
  const document = parse('a = "${x y}"\nb = @ x\nc = "\\q"\nd = <<EOT\n');
  assert.deepEqual(
    document.body.attributes.map((item) => [shape(item.value), slice(document, item.span)]),
    [
      ["unknown", 'a = "${x y}"'],
      ["unknown", "b = @ x"],
      ['"\\\\q"', 'c = "\\q"'],
      ["unknown", "d = <<EOT"],
    ],
  );
});

test("no problem quotes the source", () => {
  const key = "AKIAIOSFODNN7EXAMPLE";
  const damaged = [`a = ${key} ${key}`, key, `"${key}`, `a = "$\{${key}`, `a = <<${key}`, `a = f(${key} ${key}`];
  for (const text of damaged) {
    const { problems } = parse(text);
    assert.ok(problems.length > 0);
    for (const { message } of [...problems, ...parseJson(`{"a": ${text}`).problems]) assert.ok(!message.includes(key));
  }
});

test("nesting ends at 100 levels", () => {
  const nestings: readonly (readonly [string, string, string])[] = [
    ["[", "1", "]"],
    ["(", "1", ")"],
    ["{ a = ", "1", " }"],
    ["f(", "1", ")"],
    ['"${', "x", '}"'],
    ["a[", "1", "]"],
  ];
  for (const [open, inner, close] of nestings) {
    for (const depth of [99, 101, 20_000]) {
      const document = parse(`a = ${open.repeat(depth)}${inner}${close.repeat(depth)}\nb = 1\nvariable "v" {}\n`);
      assert.equal(document.problems.length > 0, depth > 100, `${open} ${depth}`);
      assert.deepEqual(names(document.body), ["a", "b"], `${open} ${depth}`);
      assert.deepEqual(headers(document), ["variable v"]);
      checkSpans(document);
    }
  }
  const chains = [
    "-".repeat(20_000),
    "x + ".repeat(20_000),
    "x ? y : ".repeat(20_000),
    `f(x)${".a".repeat(20_000)} + `,
  ];
  for (const chain of chains) {
    const document = parse(`a = ${chain}1\nb = 1\n`);
    assert.ok(document.problems.length > 0);
    assert.deepEqual(names(document.body), ["a", "b"]);
    checkSpans(document);
  }
  const blocks = parse(`${"a {\n".repeat(20_000)}${"}\n".repeat(20_000)}variable "v" {}\n`);
  assert.ok(blocks.problems.length > 0);
  assert.equal(headers(blocks).at(-1), "variable v");
  for (const open of ["[", '{"a":', "[},", '/*"*/[']) {
    const json = parseJson(`{"a": ${open.repeat(20_000)}`);
    assert.ok(json.problems.length > 0);
    checkSpans(json);
  }
  const deep = parseJson(`{"a": ${"[".repeat(120)}${"]".repeat(120)}, "b": 1}`);
  assert.deepEqual(names(deep.body), ["a", "b"]);
  assert.equal(deep.problems.length, 1);
});

test("JSON: blocks", () => {
  const document = parseJson({
    "//": "callerid-ignore rule-a: why",
    terraform: { backend: { s3: { bucket: "b" } }, required_providers: { aws: { source: "hashicorp/aws" } } },
    provider: { aws: [{ region: "us-east-1" }, { alias: "west", region: "${var.west}", "//": "a comment" }] },
    resource: { aws_iam_user: { a: { name: "a" }, b: [{ name: "b" }] } },
    data: [{ aws_caller_identity: { current: {} } }],
    variable: { v: { default: "${literal}" } },
    locals: [{ a: 1 }, { b: [true, null, { c: "x${a}y" }] }],
    module: { m: { source: "./m" } },
    output: { o: { value: "${data.aws_caller_identity.current.arn}" } },
    unheard_of: 1,
  });
  assert.deepEqual(document.problems, []);
  assert.deepEqual(headers(document), [
    "terraform",
    "provider aws",
    "provider aws",
    "resource aws_iam_user a",
    "resource aws_iam_user b",
    "data aws_caller_identity current",
    "variable v",
    "locals",
    "locals",
    "module m",
    "output o",
  ]);
  assert.deepEqual(names(document.body), ["unheard_of"]);
  const terraform = block(document, "terraform");
  assert.deepEqual(
    terraform.body.blocks.map((item) => item.type),
    ["backend", "required_providers"],
  );
  assert.equal(block(terraform, "backend").labels[0]?.text, "s3");
  const west = block(document, "provider", 1);
  assert.deepEqual(names(west.body), ["alias", "region"]);
  assert.equal(slice(document, west.typeSpan), "provider");
  assert.deepEqual(
    west.labels.map((label) => slice(document, label.span)),
    ["aws"],
  );
  const region = attribute(west.body, "region");
  assert.deepEqual(shape(region.value), ["var.west"]);
  assert.ok(region.value.kind === "template");
  assert.equal(slice(document, region.value.span), '"${var.west}"');
  assert.equal(slice(document, region.value.contentSpan), "${var.west}");
  assert.equal(shape(attribute(block(document, "variable").body, "default").value), '"${literal}"');
  assert.deepEqual(shape(attribute(block(document, "locals", 1).body, "b").value), [
    true,
    null,
    [['"c"', ['"x"', "a", '"y"']]],
  ]);
  assert.deepEqual(
    document.suppressions.map(({ rules, reason, line }) => [rules.map(({ name }) => name).join(), reason, line]),
    [["rule-a", "why", 2]],
  );
  checkSpans(document);
});

test("JSON: strings with and without escapes", () => {
  const document = parseJson(
    '\ufeff{"locals": {"a": "x\\ny", "b": "\\u0024{var.x}", "c": "$${x}", "d": "${f(\\"x\\")}", "e": "${x"}}',
  );
  const { body } = block(document, "locals");
  assert.deepEqual(
    body.attributes.map((item) => shape(item.value)),
    ['"x\\ny"', "unknown", '"${x}"', "unknown", "unknown"],
  );
  assert.equal(document.problems.length, 1);
});

test("JSON: variable files and damage", () => {
  const document = parseJson({ provider: { a: "${x}" }, region: "r" }, "a.auto.tfvars.json");
  assert.deepEqual(names(document.body), ["provider", "region"]);
  assert.deepEqual(shape(attribute(document.body, "provider").value), [['"a"', '"${x}"']]);
  for (const [text, expected] of [
    ['{"provider": {"aws": {"region": "x", "access_key":', ["region", "access_key"]],
    ['{"provider": {"aws": {"region": , "profile": "p"}}}', ["region", "profile"]],
    ['{"provider": {"aws": {"region": "x', ["region"]],
    ['{"provider": {"aws": {"region": "x", // c\n "profile": "p",}}}', ["region", "profile"]],
  ] as const) {
    const damaged = parseJson(text);
    assert.ok(damaged.problems.length > 0);
    assert.deepEqual(names(block(damaged, "provider").body), expected);
    checkSpans(damaged);
  }
  for (const text of ["", "[]", "1", "null", '"x"', "{", "}"]) checkSpans(parseJson(text));
});

const SOUP =
  'provider "aws" { } = " ${ %{ <<EOT EOT [ ] ( ) x . * , : ? \\ ~} if for in /* */ # 1 😀 … => :: - ! && callerid-ignore'.split(
    " ",
  );

test("any text is read without throwing, with spans that nest", () => {
  const word = fc.constantFrom(...SOUP, "\n", "\r\n", "\n  ", "\r", "\nEOT\n", " ", "\0", "\t", "\ufeff", "\ud800");
  const soup = fc.array(word, { maxLength: 60 }).map((words) => words.join(""));
  const texts = fc.oneof({ weight: 3, arbitrary: soup }, { weight: 1, arbitrary: fc.string({ unit: "binary" }) });
  fc.assert(
    fc.property(texts, (text) => {
      checkSpans(parse(text));
      checkSpans(parseJson(text));
    }),
    { numRuns: FUZZ_RUNS },
  );
});

function writeJson(node: unknown): string {
  if (Array.isArray(node)) return `[${node.map(writeJson).join(", ")}]`;
  if (node instanceof Map) return `{${[...node].map(([key, value]) => `"${key}": ${writeJson(value)}`).join(",\n")}}`;
  return JSON.stringify(node);
}

test("any JSON is read, whole or cut off", () => {
  const key = fc.constantFrom("provider", "terraform", "backend", "resource", "locals", "a", "//", "__proto__");
  const scalar = fc.constantFrom("x", "${a}", "${", 1, null, true);
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      scalar,
      fc.array(tie("value"), { maxLength: 3 }),
      fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
    ),
  }));
  fc.assert(
    fc.property(value, fc.nat(), (node, cut) => {
      const text = writeJson(node);
      checkSpans(parseJson(text));
      checkSpans(parseJson(text.slice(0, cut % (text.length + 1))));
    }),
    { numRuns: FUZZ_RUNS },
  );
});

/** A coarse cut of a source into tokens, good enough to damage it. */
function tokensOf(text: string): Span[] {
  return [...text.matchAll(/<<-?\w+|[$%]\{|[\p{L}\w-]+|\r?\n|&&|\|\||[=!<>]=|=>|\.\.\.|\S/gu)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}

test("damage to one token leaves the other blocks as they are", () => {
  for (const source of [PROVIDER, HEREDOC, LAYOUT]) {
    const whole = parse(source).body.blocks;
    for (const { start, end } of tokensOf(source)) {
      const damages = [
        { kind: "deleted", text: source.slice(0, start) + source.slice(end), shift: start - end },
        { kind: "doubled", text: source.slice(0, end) + source.slice(start), shift: end - start },
        { kind: "truncated", text: source.slice(0, start), shift: 0 },
      ];
      for (const { kind, text, shift } of damages) {
        const document = parse(text);
        checkSpans(document);
        const found = new Map(document.body.blocks.map((item) => [item.typeSpan.start, item]));
        for (const block of whole) {
          const isTouched = start <= block.span.end && end >= block.span.start;
          if (isTouched || (kind === "truncated" && block.span.end > start)) continue;
          const by = block.span.start >= end ? shift : 0;
          const item = found.get(block.typeSpan.start + by);
          assert.deepEqual(
            [item?.type, item?.labels.length, item?.span],
            [block.type, block.labels.length, { start: block.span.start + by, end: block.span.end + by }],
            `${JSON.stringify(source.slice(start, end))} ${kind} at ${start}`,
          );
        }
      }
    }
  }
});

test("damage to several tokens", () => {
  const edit = fc.record({ at: fc.nat(), kind: fc.constantFrom("delete", "double", "replace", "cut") });
  const edits = fc.array(edit, { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.constantFrom(...SOURCES), edits, (source, changes) => {
      let text = source;
      const tokens = tokensOf(source);
      for (const { at, kind } of changes) {
        const { start, end } = tokens[at % tokens.length] ?? { start: 0, end: 0 };
        const other = tokens[(at * 7) % tokens.length] ?? { start: 0, end: 0 };
        if (kind === "delete") text = text.slice(0, start) + text.slice(end);
        else if (kind === "double") text = text.slice(0, end) + text.slice(start);
        else if (kind === "replace") text = text.slice(0, start) + text.slice(other.start, other.end) + text.slice(end);
        else text = text.slice(0, start);
      }
      checkSpans(parse(text));
    }),
    { numRuns: FUZZ_RUNS },
  );
});

const HOSTILE = [
  "a {\n",
  'a = "${[\n',
  'a = "${f(\n',
  'a = "${',
  "a = <<A\n",
  "a = <<A\nx\n",
  "x = <<EOT\n${<<EOT\n",
  'a {\nx = <<E\nresource "a" "b" {\n',
  "a = {\n",
  "a = [{\n",
  "/*",
  "/* x */",
  "a = [",
  '"',
  "a b ",
  "a ? ",
  "a.",
  "[for",
  "${",
  "a = [\n\n\n# c\n",
  "      ",
  "{ a = ",
  "a = 1,",
  "\ufeff",
  "a\n\n\n",
  'resource "a" "b" {\n  x = [\n',
  '"a" "b" ',
  "# callerid-ignore a: b\n",
  "/* callerid-ignore a: b */",
];

// Anything that is not linear would take minutes or overflow the stack on these.
test("hostile files of half a megabyte are read to their end", { timeout: 60_000 }, () => {
  const openings = ["", 'resource "a" "b" {\n  a = ['];
  const texts = HOSTILE.flatMap((unit) => openings.map((opening) => opening + unit.repeat(500_000 / unit.length)));
  texts.push(Array.from({ length: 50_000 }, (_, index) => `a = <<M${index}\nx\n`).join(""));
  for (const text of texts) {
    assert.equal(parse(text).source.text.length, text.length);
    assert.equal(parseJson(text).source.text.length, text.length);
  }
});
