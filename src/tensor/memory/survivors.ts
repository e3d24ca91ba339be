/**
 * Who is still there after a collection of young garbage. A WeakRef does not tell: before Node 26 such a collection keeps
 * whatever one refers to. Dead members of a WeakSet it drops, and Node's `inspect` shows who is left of them.
 */
import { builtin, permitted } from "../host.ts";

const isShown = Symbol.for("nodejs.util.inspect.custom");

let shown: Survivor[] = [];

/** A thing that can be found in a WeakSet. */
export class Survivor {
  [isShown](): string {
    shown.push(this);
    return "";
  }
}

/** All members of a set; null if not all could be found, as where the stack is nearly full. */
export function survivorsOf<T extends Survivor>(set: WeakSet<T>): T[] | null {
  const survivors: T[] = [];
  shown = survivors;
  const text = builtin?.("node:util").inspect(set, {
    showHidden: true,
    customInspect: true,
    depth: 0,
    maxArrayLength: null,
  });
  shown = []; // else it would keep them until the next collection
  return text?.startsWith("WeakSet {") ? survivors : null;
}

/** Whether all that is left after `collect` is what can be reached. */
export function tellsSurvivors(collect: () => void): boolean {
  const set = new WeakSet<Survivor>();
  const make = () => {
    const survivor = new Survivor();
    set.add(survivor);
    return survivor;
  };
  for (let i = 0; i < 10; i++) make();
  const kept = [make(), make()];
  collect();
  const left = permitted(() => survivorsOf(set));
  return left?.length === 2 && kept.every((survivor) => left.includes(survivor));
}
