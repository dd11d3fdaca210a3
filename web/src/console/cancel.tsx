import type { JobView } from "@baton/client";
import { BatonError } from "@baton/client";
import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconX } from "@tabler/icons-react";
import { useContext, useState } from "react";
import { SignedInContext, useClient } from "./client-context.ts";
import { titleOf } from "./job-words.ts";

/** The button that cancels an active job, in its row. */
export function CancelIcon({ job }: { job: JobView }) {
  const { label, isDisabled, isBusy, cancel } = useCancel(job);
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        mr={6}
        aria-label={`${label} ${titleOf(job)}`}
        disabled={isDisabled}
        loading={isBusy}
        onClick={() => void cancel()}
      >
        <IconX size={15} />
      </ActionIcon>
    </Tooltip>
  );
}

/** The button that cancels an active job, on its page. */
export function CancelButton({ job }: { job: JobView }) {
  const { label, isDisabled, isBusy, cancel } = useCancel(job);
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconX size={14} />}
      disabled={isDisabled}
      loading={isBusy}
      onClick={() => void cancel()}
    >
      {label}
    </Button>
  );
}

function useCancel(job: JobView) {
  const client = useClient();
  const [isBusy, setIsBusy] = useState(false);
  const isSignedIn = useContext(SignedInContext);
  const cancel = async () => {
    setIsBusy(true);
    try {
      await client.cancel(job.jobId);
    } catch (error) {
      // The job became final before the request arrived. The listener shows its status.
      if (error instanceof BatonError && error.code === "already-final") return;
      if (!isSignedIn.current) return;
      const message = error instanceof BatonError ? error.detail : "Try again.";
      notifications.show({ color: "red", title: "The job was not cancelled", message });
    } finally {
      setIsBusy(false);
    }
  };
  const isDisabled = job.cancelRequested === true;
  return { label: isDisabled ? "Cancelling" : "Cancel", isDisabled, isBusy, cancel };
}
