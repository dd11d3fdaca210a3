import { Button, Group, NumberInput, SimpleGrid, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { IconSparkles } from "@tabler/icons-react";
import { useState } from "react";
import { FormFrame } from "../form-frame.tsx";
import type { TypeFormProps } from "../type-view.ts";
import { WebhookField } from "../webhook-field.tsx";
import { commentsOf, MAX_COMMENTS, PARTS } from "./analysis-form.ts";
import { readSampleComments, SAMPLE_SIZE } from "./sample.ts";
import { type AnalysisFields, useAnalysisForm } from "./use-analysis-form.ts";

/** The form for a new video analysis. */
export function NewAnalysis({ type, picker }: TypeFormProps) {
  const { form, ...sending } = useAnalysisForm(type);
  return (
    <FormFrame
      heading="New video analysis"
      tabTitle="New analysis"
      description="What viewers feel, ask and talk about, from the comments of a YouTube video."
      picker={picker}
      action="Start analysis"
      {...sending}
    >
      <TextInput
        label="YouTube video"
        description="An address or an id. Its comments are fetched when none are given below."
        placeholder="https://www.youtube.com/watch?v=…"
        inputMode="url"
        {...form.getInputProps("video")}
      />
      <Comments form={form} count={commentsOf(form.values.comments).length} />
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
      <WebhookField {...form.getInputProps("webhookUrl")} />
    </FormFrame>
  );
}

function Comments({ form, count }: { form: AnalysisFields; count: number }) {
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

function Parts({ form }: { form: AnalysisFields }) {
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
