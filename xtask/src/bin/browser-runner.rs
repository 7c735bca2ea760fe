//! Runs one compiled test file of the `store` crate in a browser; cargo calls it, `cargo xtask test store` sets it up.
//!
//! It is wasm-bindgen's own runner, used as a library: this way Cargo.lock pins it to the wasm-bindgen version that the
//! tests were compiled with, and there is nothing to install.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os())
}
