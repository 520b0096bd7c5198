import type { Container } from "./containers";
import { directoryOf } from "./locations";

/** Services of one name and directory are one container: what one file leaves out another may bring. */
export function mergedByName(containers: readonly Container[]) {
  const groups = new Map<string, Container[]>();
  const keyOf = ({ name, source }: Container) =>
    `${directoryOf(source.path)}:${name.startsWith("service ") ? name : source.path}`;
  for (const one of containers) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  const others = (container: Container) =>
    container.name.startsWith("service ")
      ? (groups.get(keyOf(container)) ?? []).filter((one) => one !== container)
      : [];
  return {
    isCovered: (container: Container) =>
      others(container).some(({ set }) => set?.settings.sessionToken || set?.settings.profile),
    of: (container: Container): Container => ({
      ...container,
      assignments: [...container.assignments, ...others(container).flatMap((one) => one.assignments)],
      volumes: [...container.volumes, ...others(container).flatMap((one) => one.volumes)],
      isOpen: container.isOpen || others(container).some((one) => one.isOpen),
    }),
  };
}
