/** The lock of `People`, `Groups` and `FirstAdmin`: all of them change people, and their rules look at every person. */
export const STAFF_LOCK = "staff";
