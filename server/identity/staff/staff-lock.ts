/** The lock of `People`, `Groups` and `FirstAdmin`: all of them change people, and their rules look at everybody. */
export const STAFF_LOCK = "staff";
