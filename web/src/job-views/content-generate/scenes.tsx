import { Anchor, Stack, Text } from "@mantine/core";
import type { MouseEvent } from "react";
import { type Citation, pageOf, quoteIdOf } from "./citations.ts";
import type { ContentOutput } from "./types.ts";

interface ScenesProps {
  scenes: ContentOutput["script"]["scenes"];
  sources: ContentOutput["sources"];
}

/** The scenes of a script: what is on the picture, what is said, and where that is from. */
export function Scenes({ scenes, sources }: ScenesProps) {
  return (
    <Stack component="ol" gap="md" m={0} pl="lg">
      {scenes.map(({ caption, narration, citations }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the scenes of a result never move, and equal ones may occur.
        <li key={place}>
          <Text fw={500}>{caption}</Text>
          <Text fz="sm" lh={1.6}>
            {narration}{" "}
            {citations.map((citation) => (
              <CitationLink key={quoteIdOf(citation)} citation={citation} sources={sources} />
            ))}
          </Text>
        </li>
      ))}
    </Stack>
  );
}

/** Leads to the page at the quote; for a text of the input, to its quote below. */
function CitationLink({ citation, sources }: { citation: Citation; sources: ContentOutput["sources"] }) {
  const page = pageOf(citation, sources);
  const title = sources[citation.source]?.title ?? "";
  const label = `Source ${citation.source + 1}: ${title}`;
  const common = { fz: "xs", mr: 4, title: citation.quote, "aria-label": label, children: `[${citation.source + 1}]` };
  if (page !== undefined) return <Anchor href={page} target="_blank" rel="noreferrer" {...common} />;
  const id = quoteIdOf(citation);
  const show = (event: MouseEvent) => {
    // Not by the address, whose change the console would take for another page.
    event.preventDefault();
    document.getElementById(id)?.focus();
  };
  return <Anchor href={`#${id}`} onClick={show} {...common} />;
}
