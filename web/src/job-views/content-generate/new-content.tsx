import { Checkbox, Group, NumberInput, Select, SimpleGrid, Textarea, TextInput } from "@mantine/core";
import { FormFrame } from "../form-frame.tsx";
import { LANGUAGES } from "../media/languages.ts";
import type { TypeFormProps } from "../type-view.ts";
import { useJobForm } from "../use-job-form.ts";
import { WebhookField } from "../webhook-field.tsx";
import {
  type ContentForm,
  EMPTY_FORM,
  FORMATS,
  formErrorsOf,
  MAX_SECONDS,
  MIN_SECONDS,
  optionsOf,
  requestOf,
  validate,
} from "./content-form.ts";

/** The form for a new video. */
export function NewContent({ type, picker }: TypeFormProps) {
  const { form, ...sending } = useContentForm(type);
  return (
    <FormFrame
      heading="New video"
      tabTitle="New video"
      description="A short narrated video that answers a question. Each scene names the place in your sources that it rests on."
      picker={picker}
      action="Make it"
      {...sending}
    >
      <TextInput
        label="Question"
        placeholder="How do plants make food from sunlight?"
        maxLength={500}
        {...form.getInputProps("query")}
      />
      <Textarea
        label="Source texts"
        description="The answer is taken from these. A line with --- begins another text."
        autosize
        minRows={5}
        maxRows={14}
        {...form.getInputProps("documents")}
      />
      <Textarea
        label="Source pages"
        description="Up to 10 addresses, one per line."
        placeholder="https://example.com/an-article"
        autosize
        minRows={1}
        maxRows={6}
        {...form.getInputProps("sourceUrls")}
      />
      <Audience form={form} />
      <Checkbox.Group label="Make" {...form.getInputProps("formats")}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" mt={8}>
          {FORMATS.map(({ name, label, description }) => (
            <Checkbox key={name} value={name} label={label} description={description} />
          ))}
        </SimpleGrid>
      </Checkbox.Group>
      <WebhookField {...form.getInputProps("webhookUrl")} />
    </FormFrame>
  );
}

function Audience({ form }: { form: ReturnType<typeof useContentForm>["form"] }) {
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
        <TextInput
          label="Audience"
          description="Sets the level."
          placeholder="children"
          maxLength={100}
          {...form.getInputProps("audience")}
        />
        <TextInput
          label="Interests"
          description="Up to 10, with commas between them."
          placeholder="gardening, cooking"
          {...form.getInputProps("interests")}
        />
      </SimpleGrid>
      <Group gap="md" align="flex-start">
        <Select label="Language" data={LANGUAGES} allowDeselect={false} maw={200} {...form.getInputProps("language")} />
        <NumberInput
          label="Length"
          suffix=" seconds"
          min={MIN_SECONDS}
          max={MAX_SECONDS}
          step={10}
          clampBehavior="blur"
          allowDecimal={false}
          maw={200}
          {...form.getInputProps("seconds")}
        />
      </Group>
    </>
  );
}

/** Holds the form of a new job. */
function useContentForm(type: string) {
  return useJobForm<ContentForm>(type, {
    initialValues: EMPTY_FORM,
    validate,
    requestOf,
    optionsOf,
    errorsOf: formErrorsOf,
  });
}
