import { DonutChart } from "@mantine/charts";
import { Box, ColorSwatch, Group, getThemeColor, Progress, Stack, Text, useMantineTheme } from "@mantine/core";
import { CLASSES, percentOf, SENTIMENTS } from "./analysis-words.ts";
import type { VideoAnalysisOutput } from "./types.ts";

/** Shares of the sentiments. Screen readers get the figures as text, and not the ring. */
export function SentimentChart({ sentiment }: { sentiment: NonNullable<VideoAnalysisOutput["sentiment"]> }) {
  const rows = SENTIMENTS.map((row) => ({ ...row, value: sentiment[row.name] }));
  const total = rows.reduce((sum, row) => sum + row.value, 0);
  return (
    <Group gap="xl" wrap="wrap" justify="center" flex={1}>
      <Box aria-hidden inert>
        <DonutChart
          data={rows.map(({ label, value, color }) => ({ name: label, value, color }))}
          size={148}
          thickness={20}
          paddingAngle={2}
          strokeWidth={0}
          chartLabel={percentOf(sentiment.positive, total)}
          withTooltip={false}
          accessibilityLayer={false}
        />
      </Box>
      <Stack gap={8} flex="1 1 160px">
        {rows.map((row) => (
          <Legend key={row.name} label={row.label} color={row.color} value={row.value} total={total} />
        ))}
        <Text fz="xs" c="dimmed" mt={4}>
          Average score {sentiment.averageScore.toFixed(2)} (−1 to 1)
        </Text>
      </Stack>
    </Group>
  );
}

/** Counts of the classes, largest first, as bars of one scale. */
export function ClassChart({ classes }: { classes: NonNullable<VideoAnalysisOutput["classes"]> }) {
  const rows = CLASSES.map((row) => ({ ...row, value: classes[row.name] })).toSorted((a, b) => b.value - a.value);
  const largest = Math.max(1, ...rows.map((row) => row.value));
  return (
    <Stack gap={10}>
      {rows.map((row) => (
        <div key={row.name}>
          <Group justify="space-between" mb={4}>
            <Text fz="sm">{row.label}</Text>
            <Text fz="sm" c="dimmed" style={{ fontVariantNumeric: "tabular-nums" }}>
              {row.value}
            </Text>
          </Group>
          <Progress value={(row.value / largest) * 100} color={row.color} size={6} aria-hidden />
        </div>
      ))}
    </Stack>
  );
}

function Legend({ label, color, value, total }: { label: string; color: string; value: number; total: number }) {
  const swatch = getThemeColor(color, useMantineTheme());
  return (
    <Group gap="xs" wrap="nowrap">
      <ColorSwatch color={swatch} size={10} withShadow={false} aria-hidden />
      <Text fz="sm" flex={1}>
        {label}
      </Text>
      <Text fz="sm" c="dimmed" style={{ fontVariantNumeric: "tabular-nums" }}>
        {value} · {percentOf(value, total)}
      </Text>
    </Group>
  );
}
