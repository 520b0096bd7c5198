/** VS Code's setting for the terminals of an operating system, as `process.platform` names it. */
export function terminalSetting(platform: string): string {
  const system = platform === "win32" ? "windows" : platform === "darwin" ? "osx" : "linux";
  return `terminal.integrated.env.${system}`;
}

export interface TerminalEnvironment {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The variables that the setting gives. */
  readonly given: ReadonlySet<string>;
}

/**
 * The environment of a process started in a terminal of VS Code's: its own, the setting laid over it. `null` removes a
 * variable; on Windows names differ in more than case. `resolve` fills in `${…}`.
 * https://code.visualstudio.com/docs/terminal/profiles
 */
export function terminalEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  setting: unknown,
  platform: string,
  resolve: (text: string) => string,
): TerminalEnvironment {
  const environment = { ...own };
  const given = new Set<string>();
  if (typeof setting !== "object" || setting === null) return { environment, given };
  for (const [written, value] of Object.entries(setting)) {
    const name = platform === "win32" ? nameInUse(environment, written) : written;
    if (typeof value === "string") {
      environment[name] = resolve(value);
      given.add(name);
    } else if (value === null) delete environment[name];
  }
  return { environment, given };
}

function nameInUse(environment: Readonly<Record<string, unknown>>, written: string): string {
  const lower = written.toLowerCase();
  return Object.keys(environment).find((name) => name.toLowerCase() === lower) ?? written;
}
