import { Alert, Skeleton, Stack, Text } from "@mantine/core";
import type { MediaFile } from "../media/types.ts";
import { useJobFile } from "../use-job-file.ts";
import classes from "./pipeline.module.css";

interface PictureProps {
  jobId: string;
  file: MediaFile;
  title: string;
  /** The picture in words. */
  alt: string;
}

/** A picture of a job with its title. */
export function Picture({ jobId, file, title, alt }: PictureProps) {
  const picture = useJobFile(jobId, file.name);
  return (
    <Stack component="figure" gap={6} m={0}>
      {picture.state === "loading" && <Skeleton height={200} role="status" aria-label={`Loading the ${title}`} />}
      {picture.state === "failed" && (
        <Alert color="red" title="The picture cannot be shown" role="alert">
          {picture.detail}
        </Alert>
      )}
      {picture.state === "ready" && <img className={classes.picture} src={picture.url} alt={alt} />}
      <Text component="figcaption" fz="xs" c="dimmed">
        {title}
      </Text>
    </Stack>
  );
}
