//! plotly.js as figures carry it: from its crate, deflated, in base64.
//!
//! Every figure carries it: a kernel does not know which cell runs, so any output may be the one that takes the place of an
//! earlier figure, and with it of a library that was to serve the others.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::sync::LazyLock;

/// What the script in `figure.js` inflates: a zlib stream of the library's source (1.9 MB of 4.7).
pub(super) fn packed() -> &'static str {
    static PACKED: LazyLock<String> =
        LazyLock::new(|| STANDARD.encode(miniz_oxide::deflate::compress_to_vec_zlib(source().as_bytes(), 6)));
    &PACKED
}

/// The library's source, without the script element in which its crate hands it over, nor the second one, MathJax's.
pub(crate) fn source() -> String {
    let scripts = plotly::Plot::offline_js_sources();
    let first = scripts.split("</script>").next().unwrap_or_default();
    first.split_once('>').map_or(first, |(_, source)| source).trim().to_owned()
}
