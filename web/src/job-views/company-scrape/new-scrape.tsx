import type { BatonError } from "@baton/client";
import { Checkbox, NumberInput, Select, SimpleGrid, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { FormFrame } from "../form-frame.tsx";
import type { TypeFormProps } from "../type-view.ts";
import { useSubmission } from "../use-submission.ts";
import { WebhookField } from "../webhook-field.tsx";
import {
  EMPTY_FORM,
  FRESHNESS,
  formErrorsOf,
  MAX_PAGES,
  optionsOf,
  requestOf,
  type ScrapeForm,
  STAGES,
  validate,
} from "./scrape-form.ts";

/** The form for a new company profile. */
export function NewScrape({ type, picker }: TypeFormProps) {
  const { form, failure, isSending, onSubmit } = useScrapeForm(type);
  return (
    <FormFrame
      heading="New company profile"
      tabTitle="New profile"
      description="One profile of a company, from its own site and its public filings. Each value names its source."
      picker={picker}
      action="Read the site"
      failure={failure}
      isSending={isSending}
      onSubmit={onSubmit}
    >
      <TextInput
        label="Site of the company"
        description="An address, or the name of a domain."
        placeholder="https://example.com"
        inputMode="url"
        maxLength={2048}
        {...form.getInputProps("url")}
      />
      <Checkbox.Group label="Find out" {...form.getInputProps("stages")}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" mt={8}>
          {STAGES.map(({ name, label, description }) => (
            <Checkbox key={name} value={name} label={label} description={description} />
          ))}
        </SimpleGrid>
      </Checkbox.Group>
      <NumberInput
        label="Read at most"
        suffix=" pages"
        min={1}
        max={MAX_PAGES}
        clampBehavior="strict"
        allowDecimal={false}
        maw={200}
        {...form.getInputProps("maxPages")}
      />
      <Select
        label="A profile that was read before may be"
        data={[...FRESHNESS]}
        allowDeselect={false}
        maw={280}
        {...form.getInputProps("freshness")}
      />
      <WebhookField {...form.getInputProps("webhookUrl")} />
    </FormFrame>
  );
}

/** Holds the form, and why it was refused: at the field, or as `failure` when no field is to blame. */
function useScrapeForm(type: string) {
  const form = useForm<ScrapeForm>({ initialValues: EMPTY_FORM, validate });
  const { isSending, send } = useSubmission(type);
  const [failure, setFailure] = useState<BatonError>();
  const submit = async (values: ScrapeForm) => {
    setFailure(undefined);
    const refusal = await send(requestOf(values), optionsOf(values));
    if (!refusal) return;
    const errors = formErrorsOf(refusal);
    form.setErrors(errors);
    if (Object.keys(errors).length === 0) setFailure(refusal);
  };
  const onSubmit = () => {
    form.onSubmit((values) => void submit(values))();
  };
  return { form, failure, isSending, onSubmit };
}
