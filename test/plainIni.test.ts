import assert from "node:assert/strict";
import { test } from "node:test";
import { plainIniValue } from "../src/documents/plainIni";
import { analyzeFixture } from "./support/fixture";

test("a reader of plain INI files: what it gets, and what it does not find", () => {
  const text = '[profile dev]\nregion = eu-west-1 # Ireland\noutput = "json"\nRole_Arn: x\n[profile a.b]\nregion = x\n';
  assert.equal(plainIniValue(text, "profile dev", "region"), "eu-west-1");
  assert.equal(plainIniValue(text, "profile dev", "output"), "json");
  assert.equal(plainIniValue(text, "profile dev", "Role_Arn"), undefined);
  // It takes the dot for nesting.
  assert.equal(plainIniValue(text, "profile a.b", "region"), undefined);
  assert.equal(plainIniValue("[__proto__]\nx = 1\n", "__proto__", "x"), undefined);
  assert.equal(plainIniValue("[constructor]\n", "constructor", "name"), undefined);
});

test("read-differently says whom readers of plain INI files side with", () => {
  const messages = (config: string) =>
    analyzeFixture({ "home/.aws/config": config })
      .findings.filter(({ rule }) => rule === "read-differently")
      .map(({ message }) => message);
  const [comment] = messages("[profile dev]\ncredential_process = /bin/keys\nregion = eu-west-1 # Ireland\n");
  assert.match(comment ?? "", /Readers of plain INI files side with Terraform\.$/);
  const [colon] = messages("[profile dev]\ncredential_process = /bin/keys\nregion: eu-west-1\n");
  assert.match(colon ?? "", /Readers of plain INI files do not read it as Terraform does\.$/);
});
