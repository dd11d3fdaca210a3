import { type Document, DomHandler } from "domhandler";
import { Parser } from "htmlparser2";

/** Pages of real sites are nested some 40 deep. */
const MAX_DEPTH = 256;
/** Elements of a page; what follows is left out. */
const MAX_ELEMENTS = 150_000;
/** Open elements at which the rest of a page is left out; looked at after each chunk of text. */
const MAX_OPEN = 2000;
const CHUNK = 16 * 1024;

/**
 * Parses HTML in linear time. Elements nested deeper than 256 are left out, and their text is that of the element
 * around them: so whatever walks up or down the tree has an end.
 */
export function parseHtml(html: string): Document {
  const handler = new DomHandler();
  let [depth, elements] = [0, 0];
  /** Which of the open elements were left out, from the outermost to the innermost. */
  const isLeftOut: boolean[] = [];
  const parser = new Parser({
    onparserinit: (made) => handler.onparserinit(made),
    onopentag(name, attributes) {
      elements += 1;
      const isTooMuch = depth >= MAX_DEPTH || elements > MAX_ELEMENTS;
      isLeftOut.push(isTooMuch);
      if (isTooMuch) return;
      depth += 1;
      handler.onopentag(name, attributes);
    },
    onclosetag() {
      if (isLeftOut.pop() ?? true) return;
      depth -= 1;
      handler.onclosetag();
    },
    ontext: (text) => handler.ontext(text),
    onend: () => handler.onend(),
  });
  // The parser's own time grows with the square of the nesting: a page that opens thousands and closes none ends there.
  for (let at = 0; at < html.length && isLeftOut.length < MAX_OPEN; at += CHUNK)
    parser.write(html.slice(at, at + CHUNK));
  parser.end();
  return handler.root;
}
