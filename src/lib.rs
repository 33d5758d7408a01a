//! spike
#![allow(dead_code, unused)]
mod platform;
