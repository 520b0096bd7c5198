import assert from "node:assert/strict";
import { extensions } from "vscode";

export const tests = {
  "the packed extension is installed and activates": async () => {
    const extension = extensions.getExtension("callerid.callerid");
    assert.ok(extension, "callerid.callerid is not installed");
    await extension.activate();
    assert.ok(extension.isActive);
  },
};
