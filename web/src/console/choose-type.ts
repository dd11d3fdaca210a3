/**
 * Chooses the job type of the form: the type that was asked for, else the first type with a form of its own that the
 * deployment has, else the first type of the deployment. `deployed` is undefined while the deployment's types are not
 * known; a type with a form of its own is then taken to be deployed. Undefined when there is nothing to choose.
 */
export function chooseType(
  asked: string | undefined,
  viewed: readonly string[],
  deployed: readonly string[] | undefined,
): string | undefined {
  if (asked !== undefined) return asked;
  return viewed.find((type) => deployed === undefined || deployed.includes(type)) ?? deployed?.[0];
}
