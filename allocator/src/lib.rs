//! The allocator of our programs: mimalloc, told to give memory back soon. A crate of its own because an option of
//! mimalloc is set by a call into C, and `unsafe` is forbidden everywhere else. See `docs/decisions/0030`.

pub use mimalloc::MiMalloc;

/// `mi_option_purge_delay` of mimalloc 3, by its place in `mi_option_e`.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;
/// Milliseconds.
const SOON: core::ffi::c_long = 100;

/// Has memory that was freed given back after a tenth of a second instead of a whole one: a login takes 19 MiB, the
/// OpenAPI document some 30 while it is made.
pub fn give_back_soon() {
    // SAFETY: sets a number in a table of mimalloc's, by an index that is in it.
    unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, SOON) }
}

/// Gives back what has been due since then. mimalloc itself looks only when something else is freed, so a server that
/// falls idle would keep the rest; call it now and then.
pub fn give_back_what_is_due() {
    // SAFETY: any thread may call it at any time; what is in use is left alone.
    unsafe { libmimalloc_sys::mi_collect(false) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of options are mimalloc's own business: this one must still mean what it did.
    #[test]
    fn the_option_is_the_delay() {
        // SAFETY: reads a number from the same table.
        let before = unsafe { libmimalloc_sys::mi_option_get(PURGE_DELAY) };
        assert_eq!(before, 1000, "what mimalloc sets by itself");
        give_back_soon();
        // SAFETY: as above.
        assert_eq!(unsafe { libmimalloc_sys::mi_option_get(PURGE_DELAY) }, SOON);
    }
}
