import type { Stage } from "../presets/preset.ts";
import { deliver, review } from "./finish.ts";
import { drawThumbnail, makeVideo, mixSound, narrate, writeSubtitles } from "./produce.ts";
import type { Products } from "./products.ts";
import type { StageScope } from "./stage-scope.ts";
import { analyse, composeMusic, drawStoryboard, writeScript } from "./write.ts";

/** Does the work of a stage with its parameters. */
export function doStage(scope: StageScope, stage: Stage, products: Products): Promise<Partial<Products>> {
  switch (stage.stage) {
    case "analysis":
      return analyse(scope, stage, products);
    case "script":
      return writeScript(scope, stage, products);
    case "storyboard":
      return drawStoryboard(scope, stage, products);
    case "music":
      return composeMusic(scope, stage, products);
    case "narration":
      return narrate(scope, stage, products);
    case "sound":
      return mixSound(scope, stage, products);
    case "subtitles":
      return writeSubtitles(scope, stage, products);
    case "video":
      return makeVideo(scope, stage, products);
    case "thumbnail":
      return drawThumbnail(scope, stage, products);
    case "review":
      return review(scope, stage, products);
    case "delivery":
      return deliver(scope, stage, products);
  }
}
