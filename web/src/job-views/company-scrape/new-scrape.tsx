import { Checkbox, NumberInput, Select, SimpleGrid, TextInput } from "@mantine/core";
import { FormFrame } from "../form-frame.tsx";
import type { TypeFormProps } from "../type-view.ts";
import { useJobForm } from "../use-job-form.ts";
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

/** Holds the form of a new job. */
function useScrapeForm(type: string) {
  return useJobForm<ScrapeForm>(type, {
    initialValues: EMPTY_FORM,
    validate,
    requestOf,
    optionsOf,
    errorsOf: formErrorsOf,
  });
}
