/** The mark of Baton; decoration beside its name. */
export function Logo({ size = 22 }: { size?: number }) {
  return <img src="/favicon.svg" alt="" width={size} height={size} />;
}
