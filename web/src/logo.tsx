/** Shows the logo of Baton; without alternative text, because its name stands beside it. */
export function Logo({ size = 22 }: { size?: number }) {
  return <img src="/favicon.svg" alt="" width={size} height={size} />;
}
