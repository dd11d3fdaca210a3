import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";

/** The button that saves a value as `<name>.json`. */
export function DownloadButton({ name, value }: { name: string; value: unknown }) {
  const save = () => {
    const url = URL.createObjectURL(new Blob([JSON.stringify(value, null, 2)], { type: "application/json" }));
    const link = Object.assign(document.createElement("a"), { href: url, download: `${name}.json` });
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Button size="xs" variant="default" leftSection={<IconDownload size={14} />} onClick={save}>
      JSON
    </Button>
  );
}
