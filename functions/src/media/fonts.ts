import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Font } from "opentype.js";

/** Weights of the bundled font that cards use. */
export type FontWeight = 400 | 700;

/** The bundled font, for measuring text and for the renderer. */
export interface Fonts {
  readonly family: string;
  /** Absolute paths of its files. */
  readonly files: readonly string[];
  /** Width of a line of text in pixels. */
  widthOf(text: string, size: number, weight: FontWeight): number;
  /** The characters of a text that the font has no glyph for, each once; blanks are not among them. */
  missingIn(text: string): string[];
}

const FILES: Readonly<Record<FontWeight, string>> = {
  400: "@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf",
  700: "@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf",
};

let loading: Promise<Fonts> | undefined;

/** Loads Inter (SIL Open Font License), once a process: Latin, Greek and Cyrillic letters. */
export function loadFonts(): Promise<Fonts> {
  loading ??= readFonts();
  return loading;
}

async function readFonts(): Promise<Fonts> {
  const { default: opentype } = await import("opentype.js");
  const { resolve } = createRequire(import.meta.url);
  const paths = { 400: resolve(FILES[400]), 700: resolve(FILES[700]) };
  const open = async (path: string) => opentype.parse(Uint8Array.from(await readFile(path)).buffer);
  const faces: Record<FontWeight, Font> = { 400: await open(paths[400]), 700: await open(paths[700]) };
  return {
    family: "Inter",
    files: [paths[400], paths[700]],
    widthOf: (text, size, weight) => faces[weight].getAdvanceWidth(text, size),
    missingIn: (text) =>
      [...new Set(text)].filter((char) => !/\s/u.test(char) && faces[400].charToGlyphIndex(char) === 0),
  };
}
