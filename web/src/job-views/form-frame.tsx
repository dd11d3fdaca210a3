import type { BatonError } from "@baton/client";
import { Alert, Button, Group, Kbd, Stack, Text } from "@mantine/core";
import { getHotkeyHandler } from "@mantine/hooks";
import { IconPlayerPlay } from "@tabler/icons-react";
import type { ReactNode } from "react";
import consoleClasses from "../console/console.module.css";
import { PageHeading } from "../page-heading.tsx";

interface FormFrameProps {
  heading: string;
  tabTitle: string;
  description: string;
  /** The choice of another job type. */
  picker: ReactNode;
  /** The fields. */
  children: ReactNode;
  /** The text of the button. */
  action: string;
  isSending: boolean;
  /** The refusal of the last submission, unless a field shows it. */
  failure: BatonError | undefined;
  /** Submits the form; called for the button and for Ctrl+Enter. */
  onSubmit: () => void;
}

/** The page of a form that submits a job: heading, fields, the reason of a refusal, and the button. */
export function FormFrame({ heading, tabTitle, description, picker, children, ...sending }: FormFrameProps) {
  const submit = sending.onSubmit;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      className={consoleClasses.page}
      style={{ maxWidth: 720 }}
      noValidate
    >
      <Stack gap="lg" onKeyDown={getHotkeyHandler([["mod+Enter", (event) => !event.repeat && submit()]])}>
        <div>
          <PageHeading tabTitle={tabTitle} fz="xl">
            {heading}
          </PageHeading>
          <Text c="dimmed" mt={4}>
            {description}
          </Text>
        </div>
        {picker}
        <Stack className="card" p="lg" gap="lg">
          {children}
        </Stack>
        <SubmitBar {...sending} />
      </Stack>
    </form>
  );
}

function SubmitBar({ action, isSending, failure }: Pick<FormFrameProps, "action" | "isSending" | "failure">) {
  return (
    <>
      {failure && <Refusal failure={failure} action={action} />}
      <Group gap="sm">
        <Button type="submit" loading={isSending} leftSection={<IconPlayerPlay size={16} />}>
          {action}
        </Button>
        <Text fz="xs" c="dimmed" visibleFrom="sm">
          <Kbd size="xs">Ctrl</Kbd> <Kbd size="xs">Enter</Kbd>
        </Text>
      </Group>
    </>
  );
}

function Refusal({ failure, action }: { failure: BatonError; action: string }) {
  // After a lost answer the job may have been stored: the next press finds that job, and submits no second one.
  const title = failure.code === "network" ? `No answer arrived. Press ${action} again` : "The job was not submitted";
  return (
    <Alert color="red" title={title} role="alert">
      {failure.detail}
      {failure.errors.length > 0 && (
        <ul>
          {failure.errors.map(({ pointer, message }) => (
            <li key={`${pointer} ${message}`}>
              <code>{pointer}</code> {message}
            </li>
          ))}
        </ul>
      )}
      {failure.requestId && (
        <Text fz="xs" c="dimmed" mt={4}>
          Request <code>{failure.requestId}</code>
        </Text>
      )}
    </Alert>
  );
}
