/** The names that a source file exports by the usual forms. What it passes on from another file by `*` is not among them. */
export function exportNames(code: string): string[] {
  const plain = code.replaceAll(/\/\*[\s\S]*?\*\/|(^|[^:"'])\/\/[^\n]*/g, "$1");
  const declared = [...plain.matchAll(/\bexport\s+(?:const|let|var|(?:async\s+)?function\*?|class)\s+(\w+)/g)].map(
    ([, name = ""]) => name,
  );
  const listed = [...plain.matchAll(/\bexport\s*\{([^}]*)\}/g)].flatMap(([, list = ""]) =>
    list.split(",").map(
      (item) =>
        item
          .trim()
          .split(/\s+as\s+/)
          .at(-1) ?? "",
    ),
  );
  const assigned = [...plain.matchAll(/\bexports\.(\w+)\s*=/g)].map(([, name = ""]) => name);
  const object = /\bmodule\.exports\s*=\s*\{([\s\S]*?)\}/.exec(plain)?.[1] ?? "";
  const properties = [...object.matchAll(/(?:^|,)\s*(\w+)\s*(?=[,:]|$)/g)].map(([, name = ""]) => name);
  return [...declared, ...listed, ...assigned, ...properties].filter((name) => name !== "");
}
