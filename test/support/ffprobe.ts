import { execFile } from "node:child_process";
import { chmod } from "node:fs/promises";
import { promisify } from "node:util";
import { path as ffprobe } from "@ffprobe-installer/ffprobe";
import { z } from "zod";

const Probed = z.object({
  streams: z.array(
    z.object({
      codec_name: z.string(),
      width: z.int().optional(),
      height: z.int().optional(),
      pix_fmt: z.string().optional(),
      avg_frame_rate: z.string(),
      sample_rate: z.string().optional(),
      channels: z.int().optional(),
      nb_read_frames: z.coerce.number(),
    }),
  ),
  format: z.object({ duration: z.coerce.number(), format_name: z.string() }),
});

/**
 * Measures a media file by ffprobe, a program of another build than the one that makes the files. Decodes all of it.
 */
export async function probe(file: string): Promise<z.infer<typeof Probed>> {
  // The package's own script does this, where scripts of packages run.
  await chmod(ffprobe, 0o755);
  const args = ["-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json", file];
  const { stdout } = await promisify(execFile)(ffprobe, args);
  return Probed.parse(JSON.parse(stdout));
}
