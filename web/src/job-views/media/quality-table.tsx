import { Badge } from "@mantine/core";
import classes from "./media.module.css";
import type { Quality } from "./types.ts";

/** The measurements of the finished file, each with its allowed range and outcome. */
export function QualityTable({ quality }: { quality: Quality }) {
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
