import { z } from "zod";
import type { Page } from "../../../web-pages/read/page.ts";
import type { Notes, Origin, Technology } from "../facts.ts";
import file from "./technology-rules.json" with { type: "json" };

/** One technology and its traces. Each pattern that matches is enough; an empty one asks for the header alone. */
const Rule = z.object({
  name: z.string(),
  category: z.string(),
  source: z.url(),
  /** On the content of the meta elements `generator`. */
  generator: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** On the URLs of scripts. */
  scripts: z.array(z.string()).optional(),
  /** On the markup. */
  html: z.array(z.string()).optional(),
  /** Names of cookies. */
  cookies: z.array(z.string()).optional(),
  implies: z.array(z.string()).optional(),
});

/** The rules of the file, read at the first call. */
let rules: z.infer<typeof Rule>[] | undefined;

/** Reads and checks the rules. */
export function technologyRules(): readonly z.infer<typeof Rule>[] {
  rules ??= z.array(Rule).parse(file.rules);
  return rules;
}

/** Markup that is searched; what a page is made with shows at its beginning and in its scripts. */
const MARKUP_CHARACTERS = 300_000;

/** Notes the technologies that show in the headers, scripts and meta elements of a page, and in its markup. */
export function noteTechnologies(page: Page, html: string, headers: ReadonlyMap<string, string>, notes: Notes): void {
  const traces = tracesOf(page, html, headers);
  const all = technologyRules();
  const found = new Map<string, { technology: Technology; from: Origin }>();
  for (const rule of all) {
    const trace = traceOf(rule, traces);
    if (!trace) continue;
    const { version, from } = trace;
    const technology = { name: rule.name, category: rule.category, ...(version && { version }) };
    found.set(rule.name, { technology, from });
    for (const name of rule.implies ?? []) {
      const implied = all.find((other) => other.name === name);
      if (implied && !found.has(name)) found.set(name, { technology: { name, category: implied.category }, from });
    }
  }
  for (const { technology, from } of found.values()) notes.add("technologies", technology, from);
}

interface Traces {
  generators: readonly string[];
  scripts: readonly string[];
  markup: string;
  headers: ReadonlyMap<string, string>;
  cookies: readonly string[];
}

function tracesOf({ $ }: Page, html: string, headers: ReadonlyMap<string, string>): Traces {
  const scripts = $("script[src]")
    .toArray()
    .slice(0, 300)
    .map((script) => script.attribs.src ?? "");
  const generators = $('meta[name="generator" i]')
    .toArray()
    .map((meta) => meta.attribs.content ?? "");
  const cookies = (headers.get("set-cookie") ?? "").split("\n").map((cookie) => cookie.split("=")[0]?.trim() ?? "");
  return { generators, scripts, markup: html.slice(0, MARKUP_CHARACTERS), headers, cookies };
}

function traceOf(
  rule: z.infer<typeof Rule>,
  traces: Traces,
): { version?: string | undefined; from: Origin } | undefined {
  for (const [name, pattern] of Object.entries(rule.headers ?? {})) {
    const match = matchIn(pattern, [traces.headers.get(name)]);
    if (match) return { version: match[1], from: "header" };
  }
  if (rule.cookies?.some((cookie) => traces.cookies.includes(cookie))) return { from: "header" };
  const inMeta = rule.generator === undefined ? undefined : matchIn(rule.generator, traces.generators);
  if (inMeta) return { version: inMeta[1], from: "meta" };
  for (const pattern of rule.scripts ?? []) {
    const match = matchIn(pattern, traces.scripts);
    if (match) return { version: match[1], from: "text" };
  }
  for (const pattern of rule.html ?? []) {
    const match = matchIn(pattern, [traces.markup]);
    if (match) return { version: match[1], from: "text" };
  }
  return undefined;
}

function matchIn(pattern: string, texts: readonly (string | undefined)[]): RegExpExecArray | undefined {
  const expression = new RegExp(pattern, "i");
  for (const text of texts) {
    const match = text === undefined ? null : expression.exec(text);
    if (match) return match;
  }
  return undefined;
}
