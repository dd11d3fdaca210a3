import { Alert, Anchor, Badge, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { DownloadButton } from "../download-button.tsx";
import { GenericResult } from "../generic/generic-result.tsx";
import { safeHref } from "../safe-href.ts";
import type { TypeResultProps } from "../type-view.ts";
import { isProfile, type Part, partsOf } from "./profile-rows.ts";
import type { CompanyProfile } from "./types.ts";

/** The profile of a company; as a JSON tree when the output has another shape. */
export function ProfileResult({ result }: TypeResultProps) {
  const { jobId, output } = result;
  return isProfile(output) ? <Profile jobId={jobId} profile={output} /> : <GenericResult result={result} />;
}

function Profile({ jobId, profile }: { jobId: string; profile: CompanyProfile }) {
  return (
    <Stack gap="lg" data-testid="result">
      <Heading jobId={jobId} profile={profile} />
      {profile.stageErrors.length > 0 && (
        <Alert color="yellow" title="Some stages failed">
          {profile.stageErrors.map(({ stage, message }) => (
            <Text key={stage} fz="sm">
              {stage}: {message}
            </Text>
          ))}
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
        {partsOf(profile).map((part) => (
          <PartCard key={part.title} part={part} />
        ))}
      </SimpleGrid>
      <Pages pages={profile.pages} />
    </Stack>
  );
}

function Heading({ jobId, profile }: { jobId: string; profile: CompanyProfile }) {
  const { name, legalName, description, ticker, industries, languages } = profile;
  const badges = [...industries, ...languages].map(({ value }) => value);
  return (
    <Stack component="section" className="card" p="lg" gap="sm" aria-label="Company">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Title order={2} fz="lg">
            {name?.value ?? profile.domain}
          </Title>
          <Text fz="sm" c="dimmed">
            {[legalName?.value, ticker && [ticker.value.exchange, ticker.value.symbol].filter(Boolean).join(": ")]
              .filter(Boolean)
              .join(" · ")}
          </Text>
          <Anchor href={safeHref(profile.url)} target="_blank" rel="noreferrer" fz="sm">
            {profile.domain}
          </Anchor>
        </div>
        <DownloadButton name={jobId} value={profile} />
      </Group>
      {description && <Text lh={1.6}>{description.value}</Text>}
      <Group gap={6}>
        {badges.map((badge) => (
          <Badge key={badge} variant="light" color="gray">
            {badge}
          </Badge>
        ))}
      </Group>
      <Text fz="xs" c="dimmed">
        Read {new Date(profile.fetchedAt).toLocaleString()}
        {profile.isFromCache && ", by an earlier job"}
      </Text>
    </Stack>
  );
}

function PartCard({ part: { title, rows } }: { part: Part }) {
  return (
    <Stack component="section" className="card" p="lg" gap="sm" aria-label={title}>
      <Title order={3} fz="md">
        {title}
      </Title>
      {rows.map(({ text, note, href, source }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a result never move, and equal ones may occur.
        <div key={place} style={{ overflowWrap: "anywhere" }}>
          {href ? (
            <Anchor href={href} target="_blank" rel="noreferrer" fz="sm">
              {text}
            </Anchor>
          ) : (
            <Text fz="sm">{text}</Text>
          )}
          <Text fz="xs" c="dimmed">
            {note !== undefined && `${note} · `}
            <Anchor
              href={safeHref(source)}
              target="_blank"
              rel="noreferrer"
              fz="xs"
              c="dimmed"
              aria-label={`Source of ${text}`}
            >
              source
            </Anchor>
          </Text>
        </div>
      ))}
    </Stack>
  );
}

function Pages({ pages }: { pages: CompanyProfile["pages"] }) {
  return (
    <Stack component="section" className="card" p="lg" gap={6} aria-label="Pages">
      <Title order={3} fz="md">
        Pages
      </Title>
      {pages.map(({ url, kind, error }) => (
        <Text key={`${kind} ${url}`} fz="sm" style={{ overflowWrap: "anywhere" }}>
          {kind}: {url}
          {error && (
            <Text span c="red" fz="sm">
              {" "}
              {error.message}
            </Text>
          )}
        </Text>
      ))}
    </Stack>
  );
}
