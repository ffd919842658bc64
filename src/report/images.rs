//! Images as `data:` addresses, so that a page stays one file.

use std::path::PathBuf;

use base64::Engine as _;
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// Where a cell's images are.
#[derive(Debug, Default)]
pub(crate) struct Images {
    /// The cell's own images.
    pub attachments: Value,
    /// The notebook's folder, in which relative paths start.
    pub folder: PathBuf,
}

impl Images {
    /// The image at `url` as a `data:` address, or why there is none.
    pub fn inline(&self, url: &str) -> Result<String, String> {
        if url.starts_with("data:") {
            return Ok(url.to_owned());
        }
        if let Some(name) = url.strip_prefix("attachment:") {
            return self.attached(name).ok_or_else(|| format!("the image `{url}` is not attached to its cell"));
        }
        if url.contains("://") || url.starts_with("//") {
            return Err(format!("the image `{url}` lies on the network and is left out"));
        }
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let decoded = decoded(path);
        let mime = match decoded.rsplit('.').next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "png" => "image/png",
            "jpg" | "jpeg" => "image/jpeg",
            "gif" => "image/gif",
            "svg" => "image/svg+xml",
            "webp" => "image/webp",
            _ => return Err(format!("the image `{url}` is of no known kind (png, jpg, gif, svg, webp)")),
        };
        // A file may be called `100%25.png` in full.
        let bytes = std::fs::read(self.folder.join(&decoded)).or_else(|_| std::fs::read(self.folder.join(path)));
        let bytes = bytes.map_err(|error| format!("the image `{url}`: {error}"))?;
        Ok(format!("data:{mime};base64,{}", base64::engine::general_purpose::STANDARD.encode(bytes)))
    }

    fn attached(&self, name: &str) -> Option<String> {
        let bundle = self.attachments.get(name).or_else(|| self.attachments.get(decoded(name)))?.as_object()?;
        let (mime, data) = bundle.iter().find(|(mime, _)| mime.starts_with("image/"))?;
        let data = super::notebook::text_of(data)?;
        Some(format!("data:{mime};base64,{}", data.split_whitespace().collect::<String>()))
    }
}

/// An address's `%20` and the like as characters.
fn decoded(path: &str) -> String {
    percent_decode_str(path).decode_utf8_lossy().into_owned()
}
