// npm run package: the extension as one file, dist/callerid.vsix.
import { build, install, pack, vsixFile } from "./project.mjs";
import { program } from "./steps.mjs";

await program(import.meta.url, async () => {
  await install();
  await build();
  await pack();
  console.log(vsixFile);
});
