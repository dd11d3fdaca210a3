import { Alert } from "@mantine/core";
import { useNetwork } from "@mantine/hooks";
import { IconWifiOff } from "@tabler/icons-react";

/** Says that what is shown may be old, while the browser is offline or Firestore is out of reach. */
export function OfflineBanner({ isConnected }: { isConnected: boolean }) {
  const { online } = useNetwork();
  return (
    <div role="status">
      {!(online && isConnected) && (
        <Alert color="yellow" radius={0} icon={<IconWifiOff aria-hidden />} title="No connection">
          What you see may be old. It is brought up to date when the connection is back.
        </Alert>
      )}
    </div>
  );
}
