/** A block of security rules: `service`, `match` or `function`, with the offsets of what is between its braces. */
export interface RulesBlock {
  readonly kind: "service" | "match" | "function";
  /** The service, the path of a match, or the name of a function. */
  readonly name: string;
  readonly start: number;
  readonly bodyStart: number;
  readonly bodyEnd: number;
  readonly children: readonly RulesBlock[];
  /** The conditions of a match's own `allow` statements; `true` for one without a condition. */
  readonly conditions: readonly string[];
}

const HEAD =
  /\b(service)\s+([\w.]+)\s*\{|\b(match)\s+((?:\/(?:\{\w+(?:=\*\*)?\}|[^/{}\s]+))+)\s*\{|\b(function)\s+(\w+)\s*\([^)]*\)\s*\{|[{}]/g;

/** Reads the blocks of a rules file. Undefined when its braces do not match. */
export function outlineOf(rules: string): RulesBlock[] | undefined {
  const code = withoutComments(rules);
  const heads = [...code.matchAll(HEAD)].map((match) => ({
    kind: kindOf(match[1] ?? match[3] ?? match[5]),
    name: match[2] ?? match[4] ?? match[6] ?? "",
    isEnd: match[0] === "}",
    start: match.index,
    bodyStart: match.index + match[0].length,
  }));
  const stack: Open[] = [{ head: undefined, children: [] }];
  for (const head of heads) {
    if (!head.isEnd) {
      stack.push({ head, children: [] });
      continue;
    }
    const closed = stack.pop();
    const parent = stack.at(-1);
    if (closed === undefined || parent === undefined) return undefined;
    const { head: opening, children } = closed;
    // Braces within an expression: a map.
    if (opening?.kind === undefined) parent.children.push(...children);
    else parent.children.push(blockOf(code, { ...opening, kind: opening.kind }, head.start, children));
  }
  const [top, ...unclosed] = stack;
  return top === undefined || unclosed.length > 0 ? undefined : top.children;
}

interface Head {
  kind: RulesBlock["kind"] | undefined;
  name: string;
  start: number;
  bodyStart: number;
}

interface Open {
  head: Head | undefined;
  children: RulesBlock[];
}

function kindOf(word: string | undefined): RulesBlock["kind"] | undefined {
  return word === "service" || word === "match" || word === "function" ? word : undefined;
}

function blockOf(
  code: string,
  { kind, name, start, bodyStart }: Head & { kind: RulesBlock["kind"] },
  bodyEnd: number,
  children: readonly RulesBlock[],
): RulesBlock {
  let own = code.slice(bodyStart, bodyEnd);
  for (const child of children.toReversed()) {
    own = own.slice(0, child.start - bodyStart) + own.slice(child.bodyEnd + 1 - bodyStart);
  }
  const allows = kind === "match" ? [...own.matchAll(/\ballow\b[^:;]*(?::\s*if\s+([^;]*))?;/g)] : [];
  return {
    kind,
    name,
    start,
    bodyStart,
    bodyEnd,
    children,
    conditions: allows.map(([, text]) => text?.trim() ?? "true"),
  };
}

/** Puts blanks in the place of comments, and of what texts between quotes say, so that offsets stay as they are. */
function withoutComments(rules: string): string {
  return rules.replaceAll(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, (text) => {
    const isQuoted = text.startsWith("'") || text.startsWith('"');
    return isQuoted ? text.replaceAll(/[{};]/g, " ") : text.replaceAll(/[^\n]/g, " ");
  });
}

/** All blocks of a kind, at any depth, each with the blocks around it. */
export function blocksOf(
  blocks: readonly RulesBlock[],
  kind: RulesBlock["kind"],
  around: readonly RulesBlock[] = [],
): {
  block: RulesBlock;
  around: readonly RulesBlock[];
}[] {
  return blocks.flatMap((block) => [
    ...(block.kind === kind ? [{ block, around }] : []),
    ...blocksOf(block.children, kind, [...around, block]),
  ]);
}
