import assert from "node:assert/strict";
import fs from "node:fs";
import { describe, test } from "node:test";
import Ajv from "ajv";
import addFormats from "ajv-formats";

const goldens = ["everywhere", "hostile"].map((name) => `test/fixtures/cli/${name}/scan.sarif.json`);

// The schema calls itself draft 4 and uses nothing that draft 7 reads otherwise; its name would be looked up.
const {
  $schema: _,
  id: __,
  ...schema
} = JSON.parse(fs.readFileSync("test/fixtures/sarif/sarif-schema-2.1.0.json", "utf8"));
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
const validate = ajv.compile(schema);

const logOf = (file: string) => JSON.parse(fs.readFileSync(file, "utf8"));

describe("SARIF, by the schema of OASIS", () => {
  for (const file of goldens) {
    test(`${file} is valid`, () => {
      validate(logOf(file));
      assert.deepEqual(validate.errors ?? [], []);
    });

    test(`${file} names files of the working directory from a base that is described and gives no path away`, () => {
      const [run] = logOf(file).runs;
      const bases = run.originalUriBaseIds;
      assert.equal(typeof bases["%SRCROOT%"].description.text, "string");
      assert.ok(!("uri" in bases["%SRCROOT%"]));
      for (const { locations } of run.results) {
        const { uri, uriBaseId } = locations[0].physicalLocation.artifactLocation;
        const isElsewhere = /^(?:file:|%7E|environment$)/.test(uri);
        assert.equal(uriBaseId, isElsewhere ? undefined : "%SRCROOT%", uri);
      }
    });
  }

  test("the schema refuses what is none", () => {
    const [golden] = goldens;
    assert.ok(golden);
    const log = logOf(golden);
    log.runs[0].results[0].level = "fatal";
    log.runs[0].results[1].locations[0].physicalLocation.region.startLine = 0;
    assert.equal(validate(log), false);
    assert.equal(validate.errors?.length, 2);
  });
});
