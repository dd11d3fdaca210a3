/** Text that is HTML already: everything in it that came from outside is escaped. */
export interface Html {
  html: string;
}

type Part = string | number | Html | readonly Html[];

/** A piece of HTML; every inserted text is escaped, so that it is safe between tags and inside quoted attributes. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return { html: strings.reduce((text, string, index) => `${text}${textOf(parts[index - 1])}${string}`) };
}

function textOf(part: Part | undefined): string {
  if (part === undefined) return "";
  if (typeof part === "string" || typeof part === "number") return escapeHtml(String(part));
  return "html" in part ? part.html : part.map((piece) => piece.html).join("");
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
