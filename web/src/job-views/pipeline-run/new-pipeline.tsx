import { Select, SimpleGrid, Textarea, TextInput } from "@mantine/core";
import { useEffect, useMemo } from "react";
import { FormFrame } from "../form-frame.tsx";
import { LANGUAGES } from "../media/languages.ts";
import type { TypeFormProps } from "../type-view.ts";
import { useCatalog } from "../use-catalog.ts";
import { useJobForm } from "../use-job-form.ts";
import { WebhookField } from "../webhook-field.tsx";
import { EMPTY_FORM, formErrorsOf, optionsOf, type PipelineForm, requestOf, validate } from "./pipeline-form.ts";
import { PresetChoices } from "./preset-choice.tsx";
import { type PresetChoice, presetsIn } from "./presets.ts";

/** The form for a video by a preset. */
export function NewPipeline({ type, picker }: TypeFormProps) {
  const { form, ...sending } = usePipelineForm(type);
  const catalog = useCatalog("presets");
  const presets = useMemo(() => (catalog.state === "ready" ? presetsIn(catalog.entries) : []), [catalog]);
  const [first] = presets;
  const { preset } = form.values;
  useEffect(() => {
    if (first && preset === "") form.setFieldValue("preset", first.name);
  }, [first, preset, form.setFieldValue]);
  return (
    <FormFrame
      heading="New video by a preset"
      tabTitle="New video"
      description="Your text as a narrated video. The preset says what is made; a review checks the result."
      picker={picker}
      action="Make it"
      {...sending}
    >
      <PresetChoices catalog={catalog} presets={presets} {...form.getInputProps("preset")} />
      <Textarea
        label="Text"
        description={lengthOf(
          form.values.content,
          presets.find(({ name }) => name === preset),
        )}
        placeholder="Fresh coffee from the hills of Ethiopia, roasted in Oslo. Order it today."
        autosize
        minRows={5}
        maxRows={14}
        errorProps={{ role: "alert" }}
        {...form.getInputProps("content")}
      />
      <Facts form={form} />
      <WebhookField {...form.getInputProps("webhookUrl")} />
    </FormFrame>
  );
}

function Facts({ form }: Pick<ReturnType<typeof usePipelineForm>, "form">) {
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
        <TextInput
          label="Title"
          description="The first heading; the first sentence unless given."
          errorProps={{ role: "alert" }}
          {...form.getInputProps("title")}
        />
        <TextInput
          label="Author"
          description="A line below the headings, such as a brand."
          errorProps={{ role: "alert" }}
          {...form.getInputProps("author")}
        />
      </SimpleGrid>
      <Select label="Language" data={LANGUAGES} allowDeselect={false} maw={200} {...form.getInputProps("language")} />
      <Textarea
        label="More about it"
        description="One name: value on a line. It comes back with the result."
        placeholder="campaign: spring"
        autosize
        minRows={1}
        maxRows={8}
        errorProps={{ role: "alert" }}
        {...form.getInputProps("fields")}
      />
    </>
  );
}

/** Says how much of the text's allowed length is used. */
function lengthOf(content: string, preset: PresetChoice | undefined): string {
  const most = preset && ` of ${preset.maxContentChars.toLocaleString("en")}`;
  return `It is said and shown. ${content.trim().length.toLocaleString("en")}${most ?? ""} characters; more than fits is condensed.`;
}

/** Holds the form of a new job. */
function usePipelineForm(type: string) {
  return useJobForm<PipelineForm>(type, {
    initialValues: EMPTY_FORM,
    validate,
    requestOf,
    optionsOf,
    errorsOf: formErrorsOf,
  });
}
