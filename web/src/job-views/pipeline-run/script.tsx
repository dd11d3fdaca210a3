import { Stack, Text } from "@mantine/core";
import type { PipelineOutput } from "./types.ts";

/** The scenes: heading, what is said, and for how long; and how much of the text had no room. */
export function Script({ script: { scenes, omittedSentences } }: Pick<PipelineOutput, "script">) {
  return (
    <>
      <Stack component="ol" gap="md" m={0} pl="lg">
        {scenes.map(({ caption, narration, seconds }, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the scenes of a result never move, and equal ones may occur.
          <li key={place}>
            <Text fw={500}>
              {caption}{" "}
              <Text span fz="xs" c="dimmed" fw={400}>
                {seconds.toFixed(1)} s
              </Text>
            </Text>
            <Text fz="sm" lh={1.6}>
              {narration}
            </Text>
          </li>
        ))}
      </Stack>
      {omittedSentences > 0 && (
        <Text fz="sm" c="dimmed">
          {omittedSentences === 1 ? "One sentence" : `${omittedSentences} sentences`} of the text had no room.
        </Text>
      )}
    </>
  );
}
