import {
  ActionIcon,
  Avatar,
  Badge,
  Group,
  Menu,
  Text,
  Tooltip,
  UnstyledButton,
  useMantineColorScheme,
  VisuallyHidden,
} from "@mantine/core";
import { IconDeviceDesktop, IconLogout, IconMoon, IconSun } from "@tabler/icons-react";
import type { User } from "firebase/auth";
import { signOut } from "firebase/auth";
import { Logo } from "../logo.tsx";
import { Link, navigate } from "../navigation.tsx";
import { nameOf, type Project } from "../session.ts";
import classes from "./console.module.css";

/** The bar at the top: name, color scheme, and the signed-in user. */
export function Header({ project, user }: { project: Project; user: User }) {
  return (
    <header className={classes.header}>
      <Group gap="sm" wrap="nowrap">
        <Link href="/" className={classes.brand}>
          <Logo />
          Baton
        </Link>
        {project.config.emulators && (
          <Tooltip label={`Emulators of ${project.config.firebase.projectId}`}>
            <Badge variant="default" tt="none" fw={500}>
              Local cloud
            </Badge>
          </Tooltip>
        )}
      </Group>
      <Group gap={6} wrap="nowrap">
        <ColorSchemeButton />
        <UserMenu project={project} user={user} />
      </Group>
    </header>
  );
}

const NEXT_SCHEME = { auto: "light", light: "dark", dark: "auto" } as const;
const SCHEME_LABEL = { auto: "Colors: as the system", light: "Colors: light", dark: "Colors: dark" } as const;

function ColorSchemeButton() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Icon = { auto: IconDeviceDesktop, light: IconSun, dark: IconMoon }[colorScheme];
  return (
    <Tooltip label={SCHEME_LABEL[colorScheme]}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={SCHEME_LABEL[colorScheme]}
        onClick={() => setColorScheme(NEXT_SCHEME[colorScheme])}
      >
        <Icon size={18} />
      </ActionIcon>
    </Tooltip>
  );
}

function UserMenu({ project, user }: { project: Project; user: User }) {
  const name = nameOf(user);
  const leave = async () => {
    await signOut(project.auth);
    navigate("/");
  };
  return (
    <Menu position="bottom-end" width={220} withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton style={{ borderRadius: "50%" }}>
          <VisuallyHidden>Account of {name}</VisuallyHidden>
          <Avatar name={name} src={user.photoURL} color="indigo" size={30} alt="" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text fz="sm" fw={500} c="var(--mantine-color-text)" truncate>
            {name}
          </Text>
          <Text fz="xs" truncate>
            {user.email ?? user.uid}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
