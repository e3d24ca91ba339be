/** What a module holds itself, by kind. */
import { Tensor } from "../tensor/tensor.ts";
import { Parameter } from "./parameter.ts";
import type { Named } from "./walk.ts";

/** A tensor or a child module at a place. */
export interface Holding<Child> {
  readonly name: string;
  readonly value: Tensor | Child;
  readonly isPersistent: boolean;
}

export const parameters = (held: readonly Holding<unknown>[]): Named<Parameter>[] =>
  held.flatMap(({ name, value }): Named<Parameter>[] => (value instanceof Parameter ? [[name, value]] : []));

export const buffers = (held: readonly Holding<unknown>[]): Named<Tensor>[] =>
  held.flatMap(({ name, value }): Named<Tensor>[] =>
    value instanceof Tensor && !(value instanceof Parameter) ? [[name, value]] : [],
  );

export const children = <Child>(held: readonly Holding<Child>[]): Named<Child>[] =>
  held.flatMap(({ name, value }): Named<Child>[] => (value instanceof Tensor ? [] : [[name, value]]));

export const valuesOf = <T>(entries: readonly Named<T>[]): T[] => entries.map(([, value]) => value);
