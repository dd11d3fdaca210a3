import { Anchor, Stack, Text } from "@mantine/core";
import type { QuotedSource } from "./citations.ts";
import classes from "./content.module.css";

/** The sources, each with the places that the scenes cite. */
export function Sources({ sources }: { sources: readonly QuotedSource[] }) {
  return (
    <Stack gap="md">
      {sources.map(({ number, title, href, failure, quotes }) => (
        <Stack key={number} gap={6}>
          <Text fw={500} fz="sm" style={{ overflowWrap: "anywhere" }}>
            {number}.{" "}
            {href ? (
              <Anchor href={href} target="_blank" rel="noreferrer" fz="sm">
                {title}
              </Anchor>
            ) : (
              title
            )}
          </Text>
          {failure !== undefined && (
            <Text fz="sm" c="red">
              {failure}
            </Text>
          )}
          {failure === undefined && quotes.length === 0 && (
            <Text fz="sm" c="dimmed">
              Not cited
            </Text>
          )}
          {quotes.map(({ id, before, quote, after }) => (
            <blockquote key={id} id={id} tabIndex={-1} className={classes.quote}>
              {before}
              <mark>{quote}</mark>
              {after}
            </blockquote>
          ))}
        </Stack>
      ))}
    </Stack>
  );
}
