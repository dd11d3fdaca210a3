import type { FileInfo } from "@baton/engine";
import type { NarratedScript } from "../../../content/narrate.ts";
import type { Mood, Piece } from "../../../media/music/compose-bed.ts";
import type { Quality } from "../../../media/quality-findings.ts";
import type { PipelineOutput, PipelineScript } from "../schemas.ts";
import type { Analysis } from "../script/analyse-content.ts";

/** The products of the stages that a job has done so far. */
export interface Products {
  analysis?: Analysis;
  script?: PipelineScript;
  music?: { mood: Mood; piece: Piece };
  narrated?: NarratedScript;
  quality?: Quality;
  files: { [Kind in keyof PipelineOutput["files"]]?: FileInfo };
}

/** A product that an earlier stage has made. A preset whose stages lack one another is refused before any job runs. */
export function needed<Name extends keyof Products>(products: Products, name: Name): NonNullable<Products[Name]> {
  const product = products[name];
  if (product === undefined) throw new Error(`No stage of this preset makes: ${name}.`);
  return product;
}
