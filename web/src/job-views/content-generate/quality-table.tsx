import { Badge } from "@mantine/core";
import classes from "./content.module.css";
import type { ContentOutput } from "./types.ts";

/** The measurements of the finished file, each with its allowed range and outcome. */
export function QualityTable({ quality }: { quality: NonNullable<ContentOutput["quality"]> }) {
  return (
    <table className={classes.quality}>
      <thead>
        <tr>
          <th scope="col">Check</th>
          <th scope="col">Measured</th>
          <th scope="col">Wanted</th>
          <th scope="col">Outcome</th>
        </tr>
      </thead>
      <tbody>
        {quality.checks.map(({ name, isPassed, measured, wanted }) => (
          <tr key={name}>
            <th scope="row">{name.replaceAll("-", " ")}</th>
            <td>{measured}</td>
            <td>{wanted}</td>
            <td>
              <Badge variant="light" size="sm" tt="none" color={isPassed ? "teal" : "red"}>
                {isPassed ? "passed" : "failed"}
              </Badge>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
