import type { Run } from "./run.ts";

/** Renews the lease of a run until it is called off; a run that lost its lease leaves. */
export function keepLease(run: Run, leaseMs: number): () => void {
  const { clock, store } = run.ports;
  let callOff = () => {};
  const renew = () => {
    void store.renewLease(run.lease, clock.now() + leaseMs).then(
      (kept) => {
        if (kept) callOff = clock.after(leaseMs / 3, renew);
        else run.leave("lease");
      },
      () => (callOff = clock.after(leaseMs / 10, renew)),
    );
  };
  callOff = clock.after(leaseMs / 3, renew);
  return () => callOff();
}
