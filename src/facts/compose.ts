import type { ShellAssignment } from "../documents/shell";
import { entryOf, isNull, itemsOf, nodeAt, scalarOf, type YamlDocument, type YamlNode } from "../documents/yaml";
import type { SourceFile, Span } from "../model/text";
import { composeWord, passedOn } from "./composeValues";
import { yamlLine } from "./lineForms";
import { directoryOf, resolvePath } from "./locations";
import { onceForEach } from "./remembered";
import type { LineForm } from "./variables";

/** A service of a Compose file, what it extends in the same file included. */
export interface Service {
  readonly name: string;
  readonly source: SourceFile;
  readonly at: Span;
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly target?: string };
  readonly assignments: readonly ShellAssignment[];
  readonly lines: ReadonlyMap<ShellAssignment, LineForm>;
  readonly envFiles: readonly { readonly path: string; readonly isRaw: boolean }[];
  readonly volumes: readonly Volume[];
  readonly user?: { readonly text: string; readonly span: Span };
  /** Whether it takes settings from a file that nobody looked at. */
  readonly isOpen: boolean;
}

export interface Volume {
  readonly source: string;
  readonly target: string;
  readonly at: Span;
  readonly targetAt: Span;
}

/** https://github.com/compose-spec/compose-spec/blob/main/05-services.md */
export const servicesOf = onceForEach(({ source, roots }: YamlDocument): readonly Service[] =>
  roots.flatMap((root) => {
    const services = nodeAt(root, "services") ?? (nodeAt(root, "version") ? undefined : oldServices(root));
    if (services?.kind !== "map") return [];
    return services.entries.flatMap(({ key, value }) =>
      value.kind === "map" ? [new Reader(source, services).service(key.text, key.span, value)] : [],
    );
  }),
);

/** Compose files of version 1 are their services. */
function oldServices(root: YamlNode): YamlNode | undefined {
  if (root.kind !== "map") return undefined;
  return root.entries.some(({ value }) => entryOf(value, "image") ?? entryOf(value, "build")) ? root : undefined;
}

class Reader {
  readonly #source: SourceFile;
  readonly #services: YamlNode;
  readonly #lines = new Map<ShellAssignment, LineForm>();
  #isOpen = false;

  constructor(source: SourceFile, services: YamlNode) {
    this.#source = source;
    this.#services = services;
  }

  service(name: string, at: Span, node: YamlNode): Service {
    const chain = this.#chain(node, 0);
    const first = (key: string) => chain.map((one) => nodeAt(one, key)).find((one) => one && !isNull(one));
    const [image, user] = [scalarOf(first("image")), scalarOf(first("user"))];
    const build = this.#build(first("build"));
    return {
      name,
      source: this.#source,
      at,
      ...(image ? { image: image.text } : {}),
      ...(build ? { build } : {}),
      ...(user ? { user: { text: user.text, span: user.contentSpan } } : {}),
      assignments: chain.toReversed().flatMap((one) => this.#environment(nodeAt(one, "environment"))),
      lines: this.#lines,
      envFiles: chain.flatMap((one) => this.#envFiles(nodeAt(one, "env_file"))),
      volumes: chain.flatMap((one) => itemsOf(nodeAt(one, "volumes")).flatMap((item) => this.#volume(item))),
      isOpen: this.#isOpen,
    };
  }

  /** The service and, behind it, what it extends. */
  #chain(node: YamlNode, depth: number): readonly YamlNode[] {
    const extended = nodeAt(node, "extends");
    if (!extended || depth > 8) return [node];
    const name = scalarOf(extended) ?? scalarOf(nodeAt(extended, "service"));
    const base = nodeAt(extended, "file") ? undefined : name && nodeAt(this.#services, name.text);
    if (base) return [node, ...this.#chain(base, depth + 1)];
    this.#isOpen = true;
    return [node];
  }

  #build(node: YamlNode | undefined): Service["build"] {
    const context = scalarOf(node) ?? scalarOf(nodeAt(node, "context"));
    if (!node) return undefined;
    const target = scalarOf(nodeAt(node, "target"));
    return {
      context: resolvePath(directoryOf(this.#source.path), context?.text ?? "."),
      dockerfile: scalarOf(nodeAt(node, "dockerfile"))?.text ?? "Dockerfile",
      ...(target ? { target: target.text } : {}),
    };
  }

  #environment(node: YamlNode | undefined): readonly ShellAssignment[] {
    if (node?.kind === "map") {
      return node.entries.flatMap(({ key, value, span, isMerged }) => {
        if (value.kind !== "scalar" || key.text === "<<") return [];
        const assignment = {
          name: key.text,
          nameSpan: key.contentSpan,
          value: isNull(value)
            ? passedOn(key.text, key.contentSpan)
            : composeWord(this.#source.text, value, value.contentSpan),
          span,
        };
        return [this.#placed(assignment, ": ", key.style === "plain" && !isMerged)];
      });
    }
    return itemsOf(node).flatMap((item) => {
      const scalar = scalarOf(item);
      if (!scalar || scalar.style === "literal" || scalar.style === "folded") return [];
      const name = /^[A-Za-z_]\w*/.exec(scalar.text)?.[0];
      if (name === undefined) return [];
      const { start, end } = scalar.contentSpan;
      const nameSpan = { start, end: start + name.length };
      const isBare = scalar.text === name;
      if (!isBare && scalar.text[name.length] !== "=") return [];
      const value = isBare
        ? passedOn(name, nameSpan)
        : composeWord(this.#source.text, scalar, { start: nameSpan.end + 1, end });
      return [this.#placed({ name, nameSpan, value, span: { start, end } }, "=", true)];
    });
  }

  #placed(assignment: ShellAssignment, separator: ": " | "=", canFollow: boolean): ShellAssignment {
    const line = canFollow ? yamlLine(this.#source.text, assignment, separator) : undefined;
    if (line) this.#lines.set(assignment, line);
    return assignment;
  }

  #envFiles(node: YamlNode | undefined): Service["envFiles"] {
    const items = node?.kind === "list" ? node.items : node ? [node] : [];
    return items.flatMap((item) => {
      const written = scalarOf(item) ?? scalarOf(nodeAt(item, "path"));
      if (!written || isNull(written)) return [];
      const isRaw = scalarOf(nodeAt(item, "format"))?.text === "raw";
      return [{ path: resolvePath(directoryOf(this.#source.path), written.text), isRaw }];
    });
  }

  #volume(item: YamlNode): readonly Volume[] {
    if (item.kind === "map") {
      const [source, target] = [scalarOf(nodeAt(item, "source")), scalarOf(nodeAt(item, "target"))];
      if (!target) return [];
      return [
        { source: source?.text ?? "", target: target.text, at: target.contentSpan, targetAt: target.contentSpan },
      ];
    }
    const scalar = scalarOf(item);
    if (!scalar) return [];
    return volumeIn(
      this.#source.text.slice(scalar.contentSpan.start, scalar.contentSpan.end),
      scalar.contentSpan.start,
    );
  }
}

/** `SOURCE:TARGET[:MODE]`, where a source may hold `${HOME:-/root}` or a drive letter. */
export function volumeIn(written: string, base: number): readonly Volume[] {
  const match =
    /^((?:[A-Za-z]:[\\/]|\$\{[^}]*\}|[^:])[^:${]*(?:\$\{[^}]*\}[^:${]*|\$\w+[^:${]*)*):(\/[^:]*)(?::[\w,]+)?$/.exec(
      written,
    );
  const [, source, target] = match ?? [];
  if (source === undefined || target === undefined) return [];
  const start = base + source.length + 1;
  const targetAt = { start, end: start + target.length };
  return [{ source, target, at: { start: base, end: targetAt.end }, targetAt }];
}
