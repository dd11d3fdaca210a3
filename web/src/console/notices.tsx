import { Alert, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle, IconPlugOff } from "@tabler/icons-react";
import type { Firestore } from "firebase/firestore";
import classes from "./console.module.css";
import { Ago } from "./times.tsx";
import { useNotices } from "./use-notices.ts";

const LOOKS = {
  failing: { color: "yellow", title: "A webhook endpoint is failing", Icon: IconAlertTriangle },
  disabled: { color: "red", title: "A webhook endpoint was disabled", Icon: IconPlugOff },
  recovered: { color: "green", title: "A webhook endpoint works again", Icon: IconCircleCheck },
} as const;

/** Gives the look of a notice. A notice of a newer server has a neutral look, and its own message. */
function looksOf(kind: string) {
  const known = Object.entries(LOOKS).find(([name]) => name === kind)?.[1];
  return known ?? { color: "gray", title: "About a webhook endpoint", Icon: IconInfoCircle };
}

/** Most notices on the screen; dismissing one shows the next. */
const SHOWN = 3;

/** Notices about the owner's webhook endpoints, newest first and live, until the owner dismisses them. */
export function Notices({ firestore, owner }: { firestore: Firestore; owner: string }) {
  const { notices, dismiss } = useNotices(firestore, owner);
  if (notices.length === 0) return null;
  return (
    <Stack component="section" className={classes.page} gap="sm" mb="lg" aria-label="Notices" aria-live="polite">
      {notices.slice(0, SHOWN).map(({ noticeId, kind, message, createdAt }) => {
        const { color, title, Icon } = looksOf(kind);
        return (
          <Alert
            key={noticeId}
            color={color}
            title={title}
            icon={<Icon aria-hidden />}
            withCloseButton
            closeButtonLabel="Dismiss"
            onClose={() => dismiss(noticeId)}
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
      {notices.length > SHOWN && (
        <Text fz="xs" c="dimmed">
          and {notices.length - SHOWN} older
        </Text>
      )}
    </Stack>
  );
}
