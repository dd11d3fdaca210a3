import type { Codebase } from "../project/codebase.ts";
import { Refusal } from "../refusal.ts";
import type { Edit } from "./edit.ts";
import { exportNames } from "./export-names.ts";
import { besideByteOrderMark, lineEndOf } from "./text-format.ts";

/** The line that exports Baton's functions, in any style and with any name of its folder's file. */
const OWN_LINE =
  /^(?:export \{ ?baton ?\} from (["'])\.\/baton(?:\/index\.\w+)?\1|(?:module\.)?exports\.baton = require\((["'])\.\/baton(?:\/index\.\w+)?\2\)\.baton);?[ \t]*$/m;

/** Exports Baton's functions from the entry of a codebase, by one line at its end. */
export function entryEdit(codebase: Codebase): Edit {
  const { entry } = codebase;
  return {
    path: entry,
    add: (text) => besideByteOrderMark(text, (code) => withExport(code, codebase)),
    remove: (text) => besideByteOrderMark(text, withoutExport),
  };
}

/** True for an entry that exports what is in the folder `baton` beside it. */
export function exportsBaton(text: string): boolean {
  return OWN_LINE.test(text);
}

function withExport(code: string, codebase: Codebase): string {
  if (exportsBaton(code)) return code;
  if (exportNames(code).includes("baton")) {
    const message = `${codebase.entry} already exports something named baton, the name of Baton's group of functions. Rename it, or remove it.`;
    throw new Refusal("entry-has-baton", message, { byHand: exportLine(code, codebase) });
  }
  const lineEnd = lineEndOf(code);
  const begin = code === "" || code.endsWith("\n") ? "" : lineEnd;
  return `${code}${begin}${exportLine(code, codebase)}${lineEnd}`;
}

function withoutExport(code: string): string {
  const found = OWN_LINE.exec(code);
  if (found === null) return code;
  const rest = code.slice(found.index + found[0].length).replace(/^\r?\n/, "");
  return code.slice(0, found.index) + rest;
}

function exportLine(code: string, { usesImport, extension }: Codebase): string {
  const { quote, end, space } = styleOf(code);
  const file = `./baton/index${importedExtension(extension, code)}`;
  if (usesImport) return `export {${space}baton${space}} from ${quote}${file}${quote}${end}`;
  const target = /\bmodule\.exports\s*=/.test(withoutComments(code)) ? "module.exports" : "exports";
  const path = extension === ".js" ? "./baton" : file;
  return `${target}.baton = require(${quote}${path}${quote}).baton${end}`;
}

/** The end of a source file's name in imports: that of the compiled file, unless the codebase imports sources by their own names. */
export function importedExtension(extension: string, code: string): string {
  const importsSources = /from\s*["']\.{1,2}\/[^"']+\.[cm]?ts["']/.test(code);
  return importsSources ? extension : extension.replace(/^\.([cm]?)ts$/, ".$1js");
}

/** How a codebase writes quotes, ends of statements and braces. */
export interface CodeStyle {
  readonly quote: '"' | "'";
  readonly end: ";" | "";
  /** Between a brace and what is in it. */
  readonly space: " " | "";
}

/** Reads the style of a source file. Without a sign: double quotes, semicolons, spaces. */
export function styleOf(code: string): CodeStyle {
  const plain = withoutComments(code);
  const count = (pattern: RegExp) => plain.match(pattern)?.length ?? 0;
  const statements = /^(?:import|export|const|let|var|exports|module)\b.*[^\s{,([]$/gm;
  return {
    quote: count(/'/g) > count(/"/g) ? "'" : '"',
    end: count(statements) > 0 && count(/;\s*$/gm) === 0 ? "" : ";",
    space: count(/\{[\w$]/g) > count(/\{ [\w$]/g) ? "" : " ",
  };
}

function withoutComments(code: string): string {
  return code.replaceAll(/\/\*[\s\S]*?\*\/|(^|[^:"'])\/\/[^\n]*/g, "$1");
}
