//! What others do with what the fund does: awards for everyone, in the words that the field has for them (360Giving,
//! CommonGrants), and the lists of the fund as tables.

mod award;
mod common_grants;
mod csv;
mod export_awards;
mod export_funding_list;
mod list_awards;
mod tables;
mod three_sixty_giving;

use crate::platform::web::{Operation, operations};

/// Its operations.
pub fn operations() -> Vec<Operation> {
    operations! {
        list_awards: list_awards;
        export_awards: export_awards;
        export_funding_list: export_funding_list;
    }
}
