import { Alert, Button, Stack } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Component, type ReactNode } from "react";

/** Shows `title` and a button to reload in place of children that failed to load or to render. */
export class ErrorBoundary extends Component<{ title: string; children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    return this.state.hasFailed ? <Failed title={this.props.title} /> : this.props.children;
  }
}

function Failed({ title }: { title: string }) {
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title={title} maw={480} m="md" mx="auto" role="alert">
      <Stack align="flex-start" gap="sm">
        A part of the console did not load, or failed. Your jobs are not affected.
        <Button variant="default" onClick={() => window.location.reload()}>
          Reload
        </Button>
      </Stack>
    </Alert>
  );
}
