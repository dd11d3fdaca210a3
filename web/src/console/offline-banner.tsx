import { Alert } from "@mantine/core";
import { useNetwork } from "@mantine/hooks";
import { IconWifiOff } from "@tabler/icons-react";

/** Warns, while the browser is offline or Firestore is out of reach, that the page may be old. */
export function OfflineBanner({ isConnected }: { isConnected: boolean }) {
  const { online } = useNetwork();
  return (
    <div role="status">
      {!(online && isConnected) && (
        <Alert color="yellow" radius={0} icon={<IconWifiOff aria-hidden />} title="No connection">
          This page may be old. It updates when the connection is back.
        </Alert>
      )}
    </div>
  );
}
