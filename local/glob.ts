const TOKEN = /\*\*\/|\*\*|\*|\?|@\(|[{}()|,]|[^*?@{}()|,]+|@/g;

/**
 * True when a path with slashes fits a glob: `*` and `?` within a part, `**` across parts, `{a,b}` and `@(a|b)` for
 * choices. Node has the same from version 22 on.
 */
export function matchesGlob(path: string, glob: string): boolean {
  let choices = 0;
  const pattern = (glob.match(TOKEN) ?? []).map((token) => {
    if (token === "**/") return "(?:.*/)?";
    if (token === "**") return ".*";
    if (token === "*") return "[^/]*";
    if (token === "?") return "[^/]";
    if (token === "@(" || token === "{") {
      choices += 1;
      return "(?:";
    }
    if ((token === ")" || token === "}") && choices > 0) {
      choices -= 1;
      return ")";
    }
    if ((token === "|" || token === ",") && choices > 0) return "|";
    return token.replaceAll(/[\\^$.+()[\]{}|]/g, "\\$&");
  });
  return new RegExp(`^${pattern.join("")}$`).test(path);
}
