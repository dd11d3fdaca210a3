import { Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** A part of a result on a card of its own. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack component="section" className="card" p="lg" gap="md" aria-label={title}>
      <Title order={3} fz="md">
        {title}
      </Title>
      {children}
    </Stack>
  );
}
