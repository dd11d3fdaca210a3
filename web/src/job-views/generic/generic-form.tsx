import type { BatonError } from "@baton/client";
import type { JsonValue } from "@baton/protocol";
import { Button, Group, Text, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { FormFrame } from "../form-frame.tsx";
import type { TypeFormProps } from "../type-view.ts";
import { useSubmission } from "../use-submission.ts";
import { WebhookField } from "../webhook-field.tsx";
import { exampleInput } from "./example-input.ts";
import { type GenericFormValues, optionsOf, parseInput, validate } from "./generic-form-values.ts";
import classes from "./json-tree.module.css";
import { JsonTree } from "./json-tree.tsx";

/** The form of any job type: its input as JSON text, with the schema of the type beside it. */
export function GenericForm({ type, inputSchema, picker }: TypeFormProps) {
  const { form, ...sending } = useGenericForm(type, inputSchema);
  return (
    <FormFrame
      heading={`New job: ${type}`}
      tabTitle={`New ${type}`}
      description="Write the input as JSON. The API checks it against the schema of the job type."
      picker={picker}
      action="Submit job"
      {...sending}
    >
      <TextInput
        label="Title"
        description="Optional. What the job is called in lists."
        maxLength={200}
        {...form.getInputProps("title")}
      />
      <InputEditor field={form.getInputProps("input")} onFormat={() => form.setFieldValue("input", formatted)} />
      {inputSchema !== undefined && <Schema schema={inputSchema} />}
      <WebhookField {...form.getInputProps("webhookUrl")} />
    </FormFrame>
  );
}

/** Holds the form, and why the API refused it: at a field, or as `failure` with the places of the input. */
function useGenericForm(type: string, inputSchema: JsonValue | undefined) {
  const form = useForm<GenericFormValues>({
    initialValues: { title: "", input: pretty(exampleInput(inputSchema)), webhookUrl: "" },
    validate,
  });
  const { isSending, send } = useSubmission(type);
  const [failure, setFailure] = useState<BatonError>();
  const submit = async (values: GenericFormValues) => {
    const input = parseInput(values.input);
    if ("fault" in input) return;
    setFailure(undefined);
    const refusal = await send(input.value, optionsOf(values));
    if (!refusal) return;
    const webhook = refusal.errors.find(({ pointer }) => pointer === "/webhookUrl");
    if (webhook) form.setErrors({ webhookUrl: webhook.message });
    else setFailure(refusal);
  };
  const onSubmit = () => {
    form.onSubmit((values) => void submit(values))();
  };
  return { form, failure, isSending, onSubmit };
}

/** Writes the text of the input with line breaks; a text that is not JSON stays as it is. */
function formatted(text: string): string {
  const input = parseInput(text);
  return "fault" in input ? text : pretty(input.value);
}

function pretty(value: JsonValue): string {
  return JSON.stringify(value, null, 2);
}

function InputEditor({ field, onFormat }: { field: object; onFormat: () => void }) {
  return (
    <div>
      <Textarea
        label="Input"
        className={classes.editor ?? ""}
        autosize
        minRows={6}
        maxRows={24}
        spellCheck={false}
        autoCapitalize="off"
        {...field}
      />
      <Group justify="flex-end" mt={6}>
        <Button size="compact-sm" variant="light" onClick={onFormat}>
          Format
        </Button>
      </Group>
    </div>
  );
}

function Schema({ schema }: { schema: JsonValue }) {
  return (
    <details>
      <Text component="summary" fz="sm" fw={500} c="dimmed" style={{ cursor: "pointer" }}>
        Schema of the input
      </Text>
      <JsonTree value={schema} label="Schema of the input" />
    </details>
  );
}
