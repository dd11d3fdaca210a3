import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { saveBlob } from "./save-blob.ts";

/** The button that saves a value as `<name>.json`. */
export function DownloadButton({ name, value }: { name: string; value: unknown }) {
  const save = () => saveBlob(new Blob([JSON.stringify(value, null, 2)], { type: "application/json" }), `${name}.json`);
  return (
    <Button size="xs" variant="default" flex="none" leftSection={<IconDownload size={14} />} onClick={save}>
      JSON
    </Button>
  );
}
