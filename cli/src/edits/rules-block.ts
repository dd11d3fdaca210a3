import { Refusal } from "../refusal.ts";
import type { Edit } from "./edit.ts";
import { openMatches } from "./open-rules.ts";
import { blocksOf, outlineOf, type RulesBlock } from "./rules-outline.ts";
import { besideByteOrderMark, indentOf, lineEndOf, withLineEnds } from "./text-format.ts";

/** A kind of security rules, with the block that Baton has in them. */
export interface RulesKind {
  readonly service: "cloud.firestore" | "firebase.storage";
  /** The path of the match that holds the block: a pattern, and as people write it. */
  readonly base: RegExp;
  readonly usualBase: string;
  /** Paths of something that is Baton's, to be closed to the app's own wildcards. */
  readonly targets: readonly string[];
  /** The block, as it stands in a file indented by two spaces, from its first marker to its last. */
  readonly block: string;
}

/** Functions of the block that a team may change; they are kept when the block is renewed. */
const SETTINGS = ["batonTenants", "batonIsAdmin"];
const MARKED = /^[ \t]*\/\/ baton:begin[^\n]*\n[\s\S]*?^[ \t]*\/\/ baton:end[^\n]*(?:\n|$)/m;

/** Puts Baton's block into a rules file, as the first thing below the path of all documents. */
export function rulesEdit(path: string, kind: RulesKind, options: { allowOpenRules: boolean }): Edit {
  return {
    path,
    add: (text) => besideByteOrderMark(text, (rules) => withBlock(rules, path, kind, options)),
    remove: (text) => besideByteOrderMark(text, withoutBlock),
  };
}

/** The block of a rules file; undefined when it has none. */
export function blockOf(rules: string): string | undefined {
  return MARKED.exec(rules)?.[0];
}

function withBlock(rules: string, path: string, kind: RulesKind, options: { allowOpenRules: boolean }): string {
  const old = blockOf(rules);
  const own = withoutBlock(rules);
  const base = baseOf(own, path, kind);
  demandNoClash(own, path, kind);
  if (!options.allowOpenRules) demandClosed(own, path, kind);
  const baseIndent = /[ \t]*$/.exec(own.slice(0, base.start))?.[0] ?? "";
  const unit = indentOf(own);
  const block = withLineEnds(indented(keepSettings(kind.block, old), baseIndent + unit, unit), lineEndOf(rules));
  if (old !== undefined && sameLines(old, block)) return rules;
  return insertBlock(own, base, block);
}

function insertBlock(rules: string, base: RulesBlock, block: string): string {
  const lineEnd = lineEndOf(rules);
  const rest = rules.slice(base.bodyStart);
  const toLineEnd = /^[ \t]*(?:\/\/[^\n]*)?\n/.exec(rest)?.[0];
  const at = base.bodyStart + (toLineEnd?.length ?? 0);
  const begin = toLineEnd === undefined ? lineEnd : "";
  return `${rules.slice(0, at)}${begin}${block}${lineEnd}${lineEnd}${rules.slice(at)}`;
}

/** Takes the block out, with the blank line behind it. */
function withoutBlock(rules: string): string {
  const found = MARKED.exec(rules);
  if (found === null) return rules;
  const rest = rules.slice(found.index + found[0].length);
  return rules.slice(0, found.index) + rest.replace(/^[ \t]*\r?\n/, "");
}

function baseOf(rules: string, path: string, kind: RulesKind): RulesBlock {
  const byHand = byHandOf(kind);
  const blocks = outlineOf(rules);
  if (blocks === undefined || /\/\/ baton:(begin|end)/.test(rules)) {
    const message = `${path} is not understood: its braces, or the lines baton:begin and baton:end, do not match.`;
    throw new Refusal("rules-unreadable", message, { byHand });
  }
  if (!/^\s*(?:\/\/[^\n]*\s*|\/\*[\s\S]*?\*\/\s*)*rules_version\s*=\s*(['"])2\1/.test(rules)) {
    const message = `${path} does not begin with rules_version = '2', which Baton's rules need. It changes what {name=**} means: see https://firebase.google.com/docs/rules/rules-language`;
    throw new Refusal("rules-version", message, { byHand });
  }
  const service = blocks.find(({ kind: each, name }) => each === "service" && name === kind.service);
  const base = service?.children.find(({ kind: each, name }) => each === "match" && kind.base.test(name));
  if (base !== undefined) return base;
  const message = `${path} has no "match ${kind.usualBase}" in a "service ${kind.service}".`;
  throw new Refusal("rules-unreadable", message, { byHand });
}

function demandClosed(rules: string, path: string, kind: RulesKind): void {
  const [open] = openMatches(outlineOf(rules) ?? [], kind.targets);
  if (open === undefined) return;
  throw new Refusal("rules-open", openMessage(path, kind, open.path, open.condition));
}

/** Explains an open match. */
export function openMessage(path: string, { service }: RulesKind, match: string, condition: string): string {
  const what = service === "cloud.firestore" ? "documents" : "files";
  const example = service === "cloud.firestore" ? "match /{collection}/{document=**}" : "match /{folder}/{file=**}";
  const name = service === "cloud.firestore" ? "collection" : "folder";
  return (
    `${path}: "match ${match}" also lets clients at Baton's ${what} (if ${condition}): rules allow what any match allows. ` +
    `Leave them out: ${example} with "&& !${name}.matches('baton[A-Z].*')" in its conditions.`
  );
}

function demandNoClash(rules: string, path: string, kind: RulesKind): void {
  const blocks = outlineOf(rules) ?? [];
  const ours = new Set([...kind.block.matchAll(/function (\w+)/g)].map(([, name]) => name));
  const taken = [
    ...blocksOf(blocks, "function").flatMap(({ block }) => (ours.has(block.name) ? [`function ${block.name}`] : [])),
    ...blocksOf(blocks, "match").flatMap(({ block }) =>
      /^\/baton[A-Z]/.test(block.name) ? [`match ${block.name}`] : [],
    ),
  ];
  if (taken.length === 0) return;
  const message = `${path} has ${taken.join(", ")} outside of Baton's block. Names that begin with baton are Baton's: rename or delete it.`;
  throw new Refusal("rules-clash", message);
}

/** The block with those functions of an earlier one that a team may have changed. */
function keepSettings(block: string, old: string | undefined): string {
  const functionOf = (name: string) => new RegExp(`function ${name}\\(\\) \\{\\s*([\\s\\S]*?)\\s*\\n\\s*\\}`);
  return SETTINGS.reduce((text, name) => {
    const body = functionOf(name).exec(old ?? "")?.[1];
    const own = functionOf(name).exec(text);
    if (body === undefined || own?.[1] === undefined) return text;
    return text.replace(own[0], () => own[0].replace(own[1] ?? "", () => body.replaceAll("\r\n", "\n")));
  }, block);
}

function indented(block: string, base: string, unit: string): string {
  const [first = ""] = block.split("\n");
  const margin = first.length - first.trimStart().length;
  const lines = block.split("\n").map((line) => {
    const text = line.trimStart();
    const depth = Math.max(0, line.length - text.length - margin) / 2;
    return text === "" ? "" : base + unit.repeat(depth) + text;
  });
  return lines.join("\n");
}

function sameLines(a: string, b: string): boolean {
  const lines = (text: string) =>
    text
      .trim()
      .split(/\r?\n/)
      .map((line) => line.trim());
  return lines(a).join("\n") === lines(b).join("\n");
}

function byHandOf(kind: RulesKind): string {
  return `rules_version = '2';\nservice ${kind.service} {\n  match ${kind.usualBase} {\n${kind.block}\n  }\n}`;
}
