//! Files that prove something: on pilots, plans and measurements, and on whatever else is listed in
//! `ATTACHMENT_PARENTS`.
//!
//! The parent decides who sees a file and whether files may still come and go ([`AttachmentParent`]); this slice keeps
//! the bytes, checks what they are, and hands them out. An object is written before its row, so a row never points to
//! nothing; objects without a row are swept after a day.

mod access;
mod add_attachment;
mod delete_attachment;
mod download_attachment;
mod get_attachment;
mod ids;
mod list_attachments;
mod parent;
mod present;
mod rows;
mod sweep;
mod view;

pub use access::is_present_on;
pub use ids::AttachmentId;
pub use parent::{AttachmentParent, Evidence, ParentKind, SeenParent};
pub use present::present;
pub use sweep::sweep;

use crate::platform::web::{Operation, operations};

/// `/v1/attachments`.
pub fn operations() -> Vec<Operation> {
    operations! {
        list_attachments: list_attachments;
        add_attachment: add_attachment;
        get_attachment: get_attachment;
        download_attachment: download_attachment;
        delete_attachment: delete_attachment;
    }
}
