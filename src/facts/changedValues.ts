import type { ScriptDocument } from "../documents/shell";
import type { Change } from "./changedValue";
import { settingNamed } from "./names";
import { shellChange } from "./shellChanges";
import { cmdChange, powershellChange } from "./windowsChanges";

/** Values of credential variables in a script that the shell changes. */
export function changesIn(document: ScriptDocument): readonly Change[] {
  const { commands, shell } = document;
  const judge = { sh: shellChange, powershell: powershellChange, cmd: cmdChange }[shell];
  return commands.flatMap((command) =>
    command.assignments.flatMap((assignment) => {
      const name = settingNamed(assignment.name, "environment");
      return (name && judge(document.source, command, assignment, name)) ?? [];
    }),
  );
}
