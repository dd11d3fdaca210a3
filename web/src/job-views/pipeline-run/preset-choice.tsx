import { Alert, Badge, Group, Input, Radio, Skeleton, Stack, Text } from "@mantine/core";
import type { ComponentProps } from "react";
import type { Catalog } from "../use-catalog.ts";
import classes from "./pipeline.module.css";
import { estimateOf, type PresetChoice, partsOf } from "./presets.ts";

interface PresetChoicesProps extends Omit<ComponentProps<typeof Radio.Group>, "children"> {
  catalog: Catalog;
  presets: readonly PresetChoice[];
}

/** The choice of a preset, each with what it makes and how long that takes. */
export function PresetChoices({ catalog, presets, ...group }: PresetChoicesProps) {
  if (catalog.state === "loading") return <Skeleton height={180} role="status" aria-label="Loading the presets" />;
  if (catalog.state === "failed") {
    return (
      <Input.Wrapper error={group.error} errorProps={{ role: "alert" }}>
        <Alert color="red" title="The presets cannot be listed" role="alert">
          {catalog.detail}
        </Alert>
      </Input.Wrapper>
    );
  }
  return (
    <Radio.Group label="Preset" errorProps={{ role: "alert" }} {...group}>
      <Stack gap="sm" mt={8}>
        {presets.map((preset) => (
          <PresetCard key={preset.name} preset={preset} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function PresetCard({ preset }: { preset: PresetChoice }) {
  return (
    <Radio.Card value={preset.name} className={classes.preset ?? ""} aria-label={preset.name}>
      <Group wrap="nowrap" gap="md">
        <Radio.Indicator />
        <FrameShape {...preset.frame} />
        <div style={{ minWidth: 0, flex: 1 }}>
          <Group justify="space-between" gap={4}>
            <Text fw={500}>{preset.name}</Text>
            <Text fz="xs" c="dimmed">
              {estimateOf(preset)} to make
            </Text>
          </Group>
          <Group gap={6} mt={6}>
            {partsOf(preset).map((part) => (
              <Badge key={part} variant="light" color="gray" size="sm" tt="none" fw={500}>
                {part}
              </Badge>
            ))}
          </Group>
        </div>
      </Group>
    </Radio.Card>
  );
}

/** An outline in the proportions of the picture. */
function FrameShape({ width, height }: PresetChoice["frame"]) {
  const scale = 40 / Math.max(width, height);
  return (
    <div className={classes.shape} aria-hidden>
      <div className={classes.outline} style={{ width: width * scale, height: height * scale }} />
    </div>
  );
}
