//! What a line of the ledger does.

use crate::platform::text_enum::text_enum;

text_enum! {
    /// What a line of the ledger does.
    EntryKind {
        /// The fund gets capital.
        CapitalIn = "capital_in",
        /// A round gets a share of the capital.
        Allocate = "allocate",
        /// It gives some of that back.
        Deallocate = "deallocate",
        /// A recommendation holds money of the round.
        Reserve = "reserve",
        /// It lets go of it.
        Unreserve = "unreserve",
        /// An award promises money of the round.
        Commit = "commit",
        /// The promise ends for what is not paid.
        Decommit = "decommit",
        /// A tranche is paid.
        Disburse = "disburse",
        /// Some of it comes back.
        Refund = "refund",
        /// A line is taken back as a whole.
        Reverse = "reverse",
    }
}
