//! Runs one compiled test file of the `store` crate in a browser; cargo calls it, and `cargo xtask test store` prepares
//! it.
//!
//! It is wasm-bindgen's own runner, used as a library: Cargo.lock pins it to the wasm-bindgen version with which the
//! tests were compiled, and nothing has to be installed.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os())
}
