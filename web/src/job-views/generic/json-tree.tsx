import type { JsonValue } from "@baton/protocol";
import { ActionIcon, Button, CopyButton, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { MEMBERS_SHOWN, membersOf, outlineOf } from "./json-nodes.ts";
import classes from "./json-tree.module.css";

/** A JSON value as a tree: every array and object opens and closes. The first two levels are open. */
export function JsonTree({ value, label }: { value: JsonValue; label: string }) {
  return (
    <fieldset className={classes.tree} aria-label={label}>
      <Node name={undefined} value={value} level={0} />
    </fieldset>
  );
}

interface NodeProps {
  /** Absent for the root. */
  name: string | undefined;
  value: JsonValue;
  level: number;
}

function Node({ name, value, level }: NodeProps) {
  const [isOpen, setIsOpen] = useState(level < 2);
  const members = membersOf(value);
  if (!members) return <Leaf name={name} value={value} />;
  return (
    <details className={classes.node} open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        {name !== undefined && <span className={classes.name}>{name}</span>}
        <span className={classes.outline}>{outlineOf(value)}</span>
      </summary>
      {isOpen && <Members members={members} level={level + 1} />}
    </details>
  );
}

function Members({ members, level }: { members: [string, JsonValue][]; level: number }) {
  const [count, setCount] = useState(MEMBERS_SHOWN);
  return (
    <div className={classes.members}>
      {members.slice(0, count).map(([name, member]) => (
        <Node key={name} name={name} value={member} level={level} />
      ))}
      {members.length > count && (
        <Button size="compact-xs" variant="default" onClick={() => setCount(count + MEMBERS_SHOWN)}>
          Show more of {members.length.toLocaleString()}
        </Button>
      )}
    </div>
  );
}

function Leaf({ name, value }: Omit<NodeProps, "level">) {
  return (
    <div className={classes.leaf}>
      {name !== undefined && <span className={classes.name}>{name}</span>}
      <span className={classes.value} data-kind={value === null ? "null" : typeof value}>
        {JSON.stringify(value)}
      </span>
    </div>
  );
}

/** Copies a value as JSON text. */
export function CopyJson({ value, label }: { value: JsonValue; label: string }) {
  return (
    <CopyButton value={JSON.stringify(value, null, 2)}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? "Copied" : label}>
          <ActionIcon variant="default" size={30} aria-label={label} onClick={copy}>
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
