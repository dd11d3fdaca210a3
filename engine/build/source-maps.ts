import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { decode, encode, type SourceMapSegment } from "@jridgewell/sourcemap-codec";
import { z } from "zod";

const SourceMap = z.looseObject({ sources: z.array(z.string()), mappings: z.string(), names: z.array(z.string()) });

/**
 * Leaves the packages out of every source map of a folder, which makes it at least ten times smaller. Node reads a
 * whole map for the first stack that needs it. A line of a package is then shown as a line of the bundle.
 */
export async function keepOwnSources(folder: string): Promise<void> {
  const maps = (await readdir(folder)).filter((name) => name.endsWith(".js.map"));
  await Promise.all(
    maps.map(async (name) => {
      const path = join(folder, name);
      await writeFile(path, trimmed(await readFile(path, "utf8")));
    }),
  );
}

function trimmed(text: string): string {
  const map = SourceMap.parse(JSON.parse(text));
  const places = new Map<number, number>();
  const sources: string[] = [];
  for (const [place, source] of map.sources.entries()) {
    if (!source.includes("/node_modules/")) places.set(place, sources.push(source) - 1);
  }
  return JSON.stringify({ ...map, sources, names: [], mappings: encode(ownMappings(map.mappings, places)) });
}

/**
 * Marks the mappings that follow a source of ours as without source: a place without a mapping of its own is taken for
 * the one before it.
 */
function ownMappings(mappings: string, places: ReadonlyMap<number, number>): SourceMapSegment[][] {
  let isOwn = false;
  return decode(mappings).map((line) =>
    line.flatMap((segment): SourceMapSegment[] => {
      const place = segment[1] === undefined ? undefined : places.get(segment[1]);
      const ends = isOwn && place === undefined;
      isOwn = place !== undefined;
      if (place !== undefined && segment.length > 1) return [[segment[0], place, segment[2] ?? 0, segment[3] ?? 0]];
      return ends ? [[segment[0]]] : [];
    }),
  );
}
