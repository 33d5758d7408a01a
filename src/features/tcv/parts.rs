//! The parts of T, C and V: each list stands here once, and what comes in, what goes out and what is stored follow it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rows::MeasurementRow;
use crate::platform::{
    money::{Money, MoneyInput},
    quantity::Hundredths,
};

/// A part of a measurement, as the whole number that is stored.
trait Stored: Sized {
    fn from_stored(stored: i64) -> Self;
}

impl Stored for Hundredths {
    fn from_stored(stored: i64) -> Self {
        Self::new(stored)
    }
}

impl Stored for MoneyInput {
    fn from_stored(stored: i64) -> Self {
        Self::from_poisha(stored)
    }
}

impl Stored for Money {
    fn from_stored(stored: i64) -> Self {
        Self::from_poisha(stored)
    }
}

/// Declares the two types of a figure's parts: closed and optional what comes in, open and complete what goes out.
macro_rules! tcv_parts {
    (
        $(#[$doc:meta])*
        $figure:ident, $input:ident of $in:ident ($to_stored:ident), $view:ident of $out:ident,
        example $example:tt,
        $($(#[$part_doc:meta])* $part:ident,)+
    ) => {
        $(#[$doc])*
        #[doc = "A part that is null was not measured."]
        #[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields, default)]
        #[schema(example = json!($example))]
        pub struct $input {
            $($(#[$part_doc])* pub $part: Option<$in>,)+
        }

        $(#[$doc])*
        #[doc = "Null is not measured."]
        #[derive(Clone, Debug, Serialize, ToSchema)]
        pub struct $view {
            $($(#[$part_doc])* pub $part: Option<$out>,)+
        }

        pastey::paste! {
            impl $input {
                /// Those of a stored measurement, to be patched.
                pub fn of(row: &MeasurementRow) -> Self {
                    Self { $($part: row.[<$figure _ $part>].map($in::from_stored),)+ }
                }

                /// Stores them.
                pub fn store(&self, row: &mut MeasurementRow) {
                    $(row.[<$figure _ $part>] = self.$part.as_ref().map(|part| part.$to_stored());)+
                }
            }

            impl $view {
                /// Those of a stored measurement.
                pub fn of(row: &MeasurementRow) -> Self {
                    Self { $($part: row.[<$figure _ $part>].map($out::from_stored),)+ }
                }
            }
        }
    };
}

tcv_parts! {
    /// Minutes that a citizen spends.
    time, TcvTimeInput of Hundredths (value), TcvTimeView of Hundredths,
    example {"travel": "60.00", "waiting": "30.00", "processing": "10.00"},
    /// On the way.
    #[schema(inline)]
    travel,
    /// Waiting.
    #[schema(inline)]
    waiting,
    /// Being served.
    #[schema(inline)]
    processing,
}

tcv_parts! {
    /// What a citizen pays.
    cost, TcvCostInput of MoneyInput (poisha), TcvCostView of Money,
    example {"travel": {"amount": "1500.00", "currency": "BDT"}, "fees": {"amount": "1000.00", "currency": "BDT"},
        "assistance": {"amount": "0.00", "currency": "BDT"}, "communication": {"amount": "0.00", "currency": "BDT"},
        "other": {"amount": "0.00", "currency": "BDT"}},
    /// For the way.
    travel,
    /// Official fees.
    fees,
    /// For someone's help.
    assistance,
    /// For calls, copies and post.
    communication,
    /// For anything else.
    other,
}

tcv_parts! {
    /// How often a citizen goes there, on average.
    visits, TcvVisitsInput of Hundredths (value), TcvVisitsView of Hundredths,
    example {"apply": "1.00", "follow_up": "2.50", "collect": "1.00"},
    /// To apply.
    #[schema(inline)]
    apply,
    /// To ask how it stands.
    #[schema(inline)]
    follow_up,
    /// To collect the result.
    #[schema(inline)]
    collect,
}
