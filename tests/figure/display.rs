//! The HTML and the bundle of each figure, which bring the library along.

use super::{bowl, series};
use implicit_bias::prelude::*;
use serde_json::Value;

/// plotly.js as it stands in a figure's script.
fn packed(html: &str) -> &str {
    html.split_once("const packed = \"").and_then(|(_, rest)| rest.split_once('"')).unwrap().0
}

#[test]
fn every_figure_carries_the_library_of_the_crate() {
    use base64::Engine as _;
    let html = bowl().to_html();
    let zlib = base64::engine::general_purpose::STANDARD.decode(packed(&html)).unwrap();
    let source = miniz_oxide::inflate::decompress_to_vec_zlib(&zlib).unwrap();
    let source = String::from_utf8(source).unwrap();
    let scripts = plotly::Plot::offline_js_sources();
    assert!(scripts.contains(&source) && source.len() > 4_000_000);
    assert!(source.starts_with("/**") && source.contains("plotly.js v") && !source.contains("</script>"));
    assert!(html.len() < 2_000_000, "{} bytes", html.len());
    // Nothing in it ends the script element or names evcxr's signals.
    assert!(html.matches("</script>").count() == 1 && html.contains("trust it"));
}

/// The blocks of each bundle that `evcxr_display` prints, read from a process of its own as evcxr reads them.
#[test]
fn one_bundle_a_figure_and_each_draws_alone() {
    let exe = std::env::current_exe().unwrap();
    let run = std::process::Command::new(exe)
        .args(["--exact", "display::child_shows_figures", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let stdout = String::from_utf8(run.stdout).unwrap();
    let mut blocks: Vec<(String, String)> = vec![];
    let mut lines = stdout.lines();
    while let Some(line) = lines.next() {
        if let Some(mime) = line.strip_prefix("EVCXR_BEGIN_CONTENT ") {
            let content: Vec<_> = lines.by_ref().take_while(|l| *l != "EVCXR_END_CONTENT").collect();
            blocks.push((mime.to_owned(), content.join("\n")));
        }
    }
    let mimes: Vec<_> = blocks.iter().map(|b| b.0.as_str()).collect();
    assert_eq!(mimes, ["application/vnd.plotly.v1+json", "text/html", "text/plain"].repeat(3));
    // Whichever of the outputs are replaced, deleted or kept, each brings the library and leans on no other.
    let library = packed(&blocks[1].1);
    assert!(library.len() < 2_000_000, "{} bytes a figure", library.len());
    assert!([4, 7].iter().all(|&i| packed(&blocks[i].1) == library));
    for i in 0..3 {
        let json: Value = serde_json::from_str(&blocks[3 * i].1).unwrap();
        assert_eq!(json["layout"]["xaxis"]["title"]["text"], "t");
        assert!(blocks[3 * i + 1].1.trim_end().ends_with("</script>"));
    }
    // A line that looks like evcxr's own signal does not end the block.
    assert!(blocks[5].1.contains("EVCXR_END_CONTENT") && blocks[5].1.contains("x: t"));
}

#[test]
#[ignore = "run by one_bundle_a_figure_and_each_draws_alone in a process of its own"]
fn child_shows_figures() {
    let first = Figure::new("t", "R").lines([series(&[1.0], &[1.0]).named("a")]);
    first.evcxr_display();
    Figure::row([first.clone()]).unwrap().title("two\nEVCXR_END_CONTENT\nlines").evcxr_display();
    first.evcxr_display();
}
