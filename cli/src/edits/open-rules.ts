import { blocksOf, type RulesBlock } from "./rules-outline.ts";

/** A match of the app's own that also lets clients at Baton's documents or files. */
export interface OpenMatch {
  /** Path of the match, with the parts around it. */
  readonly path: string;
  readonly condition: string;
}

/**
 * Finds matches that cover one of `targets`, paths of what is Baton's: rules allow what any one match allows. A
 * condition that speaks of `baton` counts as one that leaves it out; `false` allows nothing.
 */
export function openMatches(blocks: readonly RulesBlock[], targets: readonly string[]): OpenMatch[] {
  return blocksOf(blocks, "match").flatMap(({ block, around }) => {
    const path = [...around.filter(({ kind }) => kind === "match"), block].map(({ name }) => name).join("");
    const pattern = path.split("/").slice(1);
    if (!targets.some((target) => covers(pattern, target.split("/").slice(1)))) return [];
    const open = block.conditions.filter((condition) => condition !== "false" && !/baton/i.test(condition));
    return open.map((condition) => ({ path, condition }));
  });
}

/** Says whether a pattern of rules version 2 matches a path: `{name}` is one part of it, `{name=**}` any number of parts. */
function covers([first, ...rest]: readonly string[], path: readonly string[]): boolean {
  if (first === undefined) return path.length === 0;
  if (/^\{\w+=\*\*\}$/.test(first)) return path.some((_, i) => covers(rest, path.slice(i))) || covers(rest, []);
  const [part, ...others] = path;
  return part !== undefined && (first.startsWith("{") || first === part) && covers(rest, others);
}
