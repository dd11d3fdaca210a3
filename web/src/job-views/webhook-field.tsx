import { TextInput } from "@mantine/core";
import { type ComponentProps, useState } from "react";
import classes from "./form-frame.module.css";

/** The address of a job's webhook, which few jobs need. Opens when the address is refused. */
export function WebhookField({ error, ...field }: ComponentProps<typeof TextInput>) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details
      className={classes.advanced}
      open={isOpen || Boolean(error)}
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
    >
      <summary>Advanced</summary>
      <TextInput
        mt="sm"
        label="Webhook URL"
        description="Receives a signed request when the job is final."
        placeholder="https://example.com/webhooks"
        inputMode="url"
        maxLength={2048}
        errorProps={{ role: "alert" }}
        error={error}
        {...field}
      />
    </details>
  );
}
