import type { Fonts } from "./fonts.ts";

/** Draws an SVG document as a PNG image of its own size, on a thread of Node's pool. The signal ends it before it begins. */
export async function rasterize(svg: string, fonts: Fonts, signal: AbortSignal): Promise<Buffer> {
  signal.throwIfAborted();
  const { renderAsync } = await import("@resvg/resvg-js");
  const font = { loadSystemFonts: false, fontFiles: [...fonts.files], defaultFontFamily: fonts.family };
  const image = await renderAsync(svg, { font }, signal);
  return image.asPng();
}
