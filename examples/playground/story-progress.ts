/** How far the reader is in the story, kept while the tab is open: who follows a link to an experiment and comes back has it still. */
import type { Measured } from "./curves.ts";
import type { ChapterName, Verdict } from "./story.ts";

/** What a step of the story has come to. */
export interface Progress {
  readonly said: number;
  readonly verdict: Verdict | null;
  /** The run that the verdict is made of; null until it is at its end. */
  readonly measured: Measured | null;
  /** Whether something else was trained before it was at its end. */
  readonly isLeft: boolean;
}

interface Place {
  readonly shown: ChapterName;
  readonly progress: readonly (readonly [ChapterName, Progress])[];
}

const NAME = "lucidgrad-story";

/** What is under way, or was left, is not kept. */
export function remember(shown: ChapterName, progress: ReadonlyMap<ChapterName, Progress>): void {
  const place: Place = { shown, progress: [...progress].filter(([, { verdict }]) => verdict) };
  try {
    sessionStorage.setItem(NAME, JSON.stringify(place));
  } catch {
    // Nothing is remembered where nothing can be.
  }
}

export function recall(): Place | null {
  try {
    return JSON.parse(sessionStorage.getItem(NAME) ?? "null");
  } catch {
    return null;
  }
}
