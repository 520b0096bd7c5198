import { analyze } from "../analyzer";
import { type LoadOptions, loadWorkspace } from "../live/load";
import { withoutKnown } from "./baseline";
import { assertConfigured } from "./configuration";
import { absolute, type Console } from "./console";
import type { Look } from "./fix";
import type { Selection } from "./selection";

/** What a scan reads besides the files, and what it leaves out of the report. */
export interface Looking {
  readonly withoutHome: boolean;
  readonly withoutEnvironment: boolean;
  readonly withoutConfigurations: boolean;
  readonly settings?: NonNullable<LoadOptions["settings"]>;
  readonly baseline?: string;
}

/** One look at what is selected. Throws where a configuration is wrong. */
export function lookAt({ world, roots, top, narrow }: Selection, looking: Looking, console: Console): Look {
  const { withoutHome, withoutEnvironment, withoutConfigurations, settings } = looking;
  const loaded = loadWorkspace(world, roots, {
    withoutHome,
    withoutEnvironment,
    environmentOwner: "this process",
    ...(withoutConfigurations || settings ? {} : { configuredBelow: top }),
    ...(settings ? { settings } : {}),
  });
  const report = analyze(loaded.workspace);
  const places = { text: loaded.textOf, cwd: console.cwd, home: world.home };
  assertConfigured(report, places);
  const look = narrow({
    loaded,
    report,
    result: { findings: report.findings, skipped: loaded.skipped, fileCount: loaded.count, ...places },
  });
  return looking.baseline === undefined ? look : { ...look, result: known(look, looking.baseline, console) };
}

function known({ result }: Look, baseline: string, console: Console) {
  return withoutKnown(result, baseline, console.world.read(absolute(baseline, console)));
}
