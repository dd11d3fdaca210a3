import { Alert, Button, Center, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconBrandGoogle, IconServer } from "@tabler/icons-react";
import { type FormEvent, useEffect, useState } from "react";
import { Logo } from "./logo.tsx";
import { expectHeading, useTabTitle } from "./page-heading.tsx";
import { messageOf, type Project, signInLocally, signInWithGoogle } from "./session.ts";

const SUGGESTED_NAMES = ["ada", "grace", "linus"];

/** The sign-in page: with Google in production, with any name on the local cloud. */
export function SignIn({ project }: { project: Project }) {
  useTabTitle("Sign in");
  // The console has another heading.
  useEffect(() => expectHeading, []);
  const [isBusy, setIsBusy] = useState(false);
  const [message, setMessage] = useState<string>();
  const attempt = async (signIn: () => Promise<void>) => {
    setIsBusy(true);
    setMessage(undefined);
    try {
      await signIn();
    } catch (error) {
      setMessage(messageOf(error));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack w="100%" maw={380} gap="lg">
        <Welcome />
        <Stack className="card" p="lg" gap="md">
          {project.config.emulators ? (
            <LocalForm isBusy={isBusy} onSignIn={(name) => attempt(() => signInLocally(project.auth, name))} />
          ) : (
            <GoogleButton isBusy={isBusy} onSignIn={() => void attempt(() => signInWithGoogle(project.auth))} />
          )}
          {message && (
            <Alert color="red" role="alert">
              {message}
            </Alert>
          )}
        </Stack>
        {project.config.emulators && <LocalCloudNote />}
      </Stack>
    </Center>
  );
}

function Welcome() {
  return (
    <Stack gap={6} align="center">
      <Logo size={40} />
      <Title order={1} fz="xl" mt={4}>
        Sign in to Baton
      </Title>
      <Text c="dimmed" ta="center">
        Submit jobs, watch them run, read their results.
      </Text>
    </Stack>
  );
}

function GoogleButton({ isBusy, onSignIn }: { isBusy: boolean; onSignIn: () => void }) {
  return (
    <Button size="md" variant="default" leftSection={<IconBrandGoogle size={18} />} loading={isBusy} onClick={onSignIn}>
      Continue with Google
    </Button>
  );
}

function LocalCloudNote() {
  return (
    <Group gap={6} justify="center" c="dimmed" wrap="nowrap" align="flex-start">
      <IconServer size={14} style={{ marginTop: 2, flexShrink: 0 }} aria-hidden />
      <Text fz="xs">Local cloud: users exist in the Auth emulator only, until it stops.</Text>
    </Group>
  );
}

function LocalForm({ isBusy, onSignIn }: { isBusy: boolean; onSignIn: (name: string) => Promise<void> }) {
  const [name, setName] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) void onSignIn(name);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="Name"
          description="Any name; no password is asked here."
          placeholder="ada"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="off"
          autoFocus
          maxLength={40}
        />
        <Group gap={6}>
          <Text fz="xs" c="dimmed">
            Or sign in as
          </Text>
          {SUGGESTED_NAMES.map((suggested) => (
            <Button
              key={suggested}
              size="compact-xs"
              variant="default"
              disabled={isBusy}
              onClick={() => void onSignIn(suggested)}
            >
              {suggested}
            </Button>
          ))}
        </Group>
        <Button type="submit" loading={isBusy} disabled={!name.trim()}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
