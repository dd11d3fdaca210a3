import { Alert, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle, IconPlugOff } from "@tabler/icons-react";
import type { Firestore } from "firebase/firestore";
import classes from "./console.module.css";
import { Ago } from "./times.tsx";
import { useAlerts } from "./use-alerts.ts";

const LOOKS = {
  failing: { color: "yellow", title: "A webhook endpoint is failing", Icon: IconAlertTriangle },
  disabled: { color: "red", title: "A webhook endpoint was disabled", Icon: IconPlugOff },
  recovered: { color: "green", title: "A webhook endpoint works again", Icon: IconCircleCheck },
} as const;

/** Gives the look of an alert. An alert of a newer server has a neutral look, and its own message. */
function looksOf(kind: string) {
  const known = Object.entries(LOOKS).find(([name]) => name === kind)?.[1];
  return known ?? { color: "gray", title: "About a webhook endpoint", Icon: IconInfoCircle };
}

/** Most alerts on the screen; dismissing one shows the next. */
const SHOWN = 3;

/** Alerts about the owner's webhook endpoints, newest first and live, until the owner dismisses them. */
export function Alerts({ firestore, owner }: { firestore: Firestore; owner: string }) {
  const { alerts, dismiss } = useAlerts(firestore, owner);
  if (alerts.length === 0) return null;
  return (
    <Stack component="section" className={classes.page} gap="sm" mb="lg" aria-label="Alerts" aria-live="polite">
      {alerts.slice(0, SHOWN).map(({ alertId, kind, message, createdAt }) => {
        const { color, title, Icon } = looksOf(kind);
        return (
          <Alert
            key={alertId}
            color={color}
            title={title}
            icon={<Icon aria-hidden />}
            withCloseButton
            closeButtonLabel="Dismiss"
            onClose={() => dismiss(alertId)}
          >
            <Text fz="sm" style={{ overflowWrap: "anywhere" }}>
              {message}
            </Text>
            <Text fz="xs" c="dimmed">
              <Ago at={createdAt} />
            </Text>
          </Alert>
        );
      })}
      {alerts.length > SHOWN && (
        <Text fz="xs" c="dimmed">
          and {alerts.length - SHOWN} older
        </Text>
      )}
    </Stack>
  );
}
