import type { BatonError } from "@baton/client";
import {
  Alert,
  Button,
  Group,
  Kbd,
  NumberInput,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { getHotkeyHandler } from "@mantine/hooks";
import { IconPlayerPlay, IconSparkles } from "@tabler/icons-react";
import { useState } from "react";
import { PageHeading } from "../page-heading.tsx";
import { commentsOf, MAX_COMMENTS, PARTS } from "./analysis-form.ts";
import consoleClasses from "./console.module.css";
import classes from "./new-analysis.module.css";
import { readSampleComments, SAMPLE_SIZE } from "./sample.ts";
import { type SubmissionForm, useSubmission } from "./use-submission.ts";

/** The form for a new video analysis; goes to the job's page once it is accepted. */
export function NewAnalysis() {
  const { form, failure, isSending, send } = useSubmission();
  const submit = form.onSubmit((values) => void send(values));
  const commentCount = commentsOf(form.values.comments).length;
  return (
    <form onSubmit={submit} className={consoleClasses.page} style={{ maxWidth: 720 }} noValidate>
      <Stack gap="lg" onKeyDown={getHotkeyHandler([["mod+Enter", (event) => !event.repeat && submit()]])}>
        <div>
          <PageHeading tabTitle="New analysis" fz="xl">
            New video analysis
          </PageHeading>
          <Text c="dimmed" mt={4}>
            What viewers feel, ask and talk about, from the comments of a YouTube video.
          </Text>
        </div>
        <Stack className="card" p="lg" gap="lg">
          <TextInput
            label="YouTube video"
            description="An address or an id. Its comments are fetched when none are given below."
            placeholder="https://www.youtube.com/watch?v=…"
            inputMode="url"
            {...form.getInputProps("video")}
          />
          <Comments form={form} count={commentCount} />
          <NumberInput
            label="Analyse at most"
            suffix=" comments"
            min={1}
            max={MAX_COMMENTS}
            step={100}
            clampBehavior="strict"
            allowDecimal={false}
            maw={200}
            {...form.getInputProps("maxComments")}
          />
          <Parts form={form} />
          <Advanced form={form} />
        </Stack>
        {failure && (
          <Alert color="red" title={titleOf(failure)} role="alert">
            {failure.detail}
            {failure.requestId && (
              <Text fz="xs" c="dimmed" mt={4}>
                Request <code>{failure.requestId}</code>
              </Text>
            )}
          </Alert>
        )}
        <Group gap="sm">
          <Button type="submit" loading={isSending} leftSection={<IconPlayerPlay size={16} />}>
            Start analysis
          </Button>
          <Text fz="xs" c="dimmed" visibleFrom="sm">
            <Kbd size="xs">Ctrl</Kbd> <Kbd size="xs">Enter</Kbd>
          </Text>
        </Group>
      </Stack>
    </form>
  );
}

/** After a lost answer the analysis may have started: the next press finds it, and starts no second one. */
function titleOf({ code }: BatonError): string {
  return code === "network" ? "No answer arrived. Press Start analysis again" : "The analysis was not started";
}

function Comments({ form, count }: { form: SubmissionForm; count: number }) {
  const [isLoading, setIsLoading] = useState(false);
  const fill = async () => {
    setIsLoading(true);
    try {
      const sample = await readSampleComments();
      form.setValues({ sample, comments: sample.map(({ text }) => text).join("\n") });
      form.clearErrors();
    } catch {
      // Not thrown and no reload: what the form holds would be lost.
      form.setFieldError("comments", "The sample did not load. Reload the page, or paste comments yourself.");
    } finally {
      setIsLoading(false);
    }
  };
  return (
    <div>
      <Textarea
        label="Comments"
        description="One per line."
        placeholder={"Great video, thank you!\nWhat camera did you use?"}
        autosize
        minRows={4}
        maxRows={10}
        {...form.getInputProps("comments")}
      />
      <Group justify="space-between" mt={6} gap="xs">
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconSparkles size={14} />}
          loading={isLoading}
          onClick={() => void fill()}
        >
          Use {SAMPLE_SIZE} real sample comments
        </Button>
        <Text fz="xs" c="dimmed" aria-live="polite">
          {count === 1 ? "1 comment" : `${count.toLocaleString()} comments`}
        </Text>
      </Group>
    </div>
  );
}

function Parts({ form }: { form: SubmissionForm }) {
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
      <Text component="legend" fz="sm" fw={600} mb={8}>
        Find out
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        {PARTS.map(({ name, label, description }) => (
          <Switch
            key={name}
            label={label}
            description={description}
            {...form.getInputProps(name, { type: "checkbox" })}
          />
        ))}
      </SimpleGrid>
    </fieldset>
  );
}

/** What few need. Opens by itself when something in it was refused. */
function Advanced({ form }: { form: SubmissionForm }) {
  const [isOpen, setIsOpen] = useState(false);
  const { error, ...field } = form.getInputProps("webhookUrl");
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
        description="Receives a signed request when the job ends."
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
