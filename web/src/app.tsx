import { Alert, Button, Center, Loader, Stack } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { Suspense } from "react";
import { lazyPart } from "./lazy-part.ts";
import { useSession } from "./session.ts";
import { SignIn } from "./sign-in.tsx";

// Firestore and the console itself load while a user signs in, or afterwards.
const Console = lazyPart("console", async () => (await import("./console/console.tsx")).Console);

/** Shows the page: the sign-in form, the console of the signed-in user, or why neither can be shown. */
export function App() {
  const session = useSession();
  if (session.state === "broken") return <Broken message={session.message} onTryAgain={session.tryAgain} />;
  if (session.state === "signed-out") return <SignIn project={session.project} />;
  if (session.state === "starting") return <Starting />;
  return (
    <Suspense fallback={<Starting />}>
      <Console key={session.user.uid} project={session.project} user={session.user} />
    </Suspense>
  );
}

function Starting() {
  return (
    <Center mih="100dvh" role="status" aria-label="Loading the console">
      <Loader size="sm" type="dots" />
    </Center>
  );
}

function Broken({ message, onTryAgain }: { message: string; onTryAgain: () => void }) {
  return (
    <Center mih="100dvh" p="md">
      <Alert color="red" icon={<IconPlugConnectedX />} title="The console cannot start" maw={480} role="alert">
        <Stack align="flex-start" gap="sm">
          {message}
          <Button variant="default" onClick={onTryAgain}>
            Try again
          </Button>
        </Stack>
      </Alert>
    </Center>
  );
}
