//! The page that tells people what each endpoint does: made from the document alone, without
//! scripts.

use std::fmt::Write as _;

use serde_json::Value;

/// The page of an OpenAPI document.
pub(crate) fn page(document: &str) -> String {
    let document: Value = serde_json::from_str(document).unwrap_or_default();
    let mut page = String::from(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Platewright API</title>\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <style>body{font:16px/1.5 system-ui,sans-serif;margin:2em auto;max-width:60em;\
         padding:0 1em}\
         code{background:#f2f2f2;padding:0 .3em}dt{margin-top:1em}dd{margin-left:2em}</style>",
    );
    let text = |value: &Value| escape(value.as_str().unwrap_or_default());
    let _ = write!(
        page,
        "<h1>{}</h1><p>{}</p><p>The whole document is at <a href=\"/openapi.json\">/openapi.json\
         </a>. Send a key as <code>Authorization: Bearer …</code>. A refusal is a problem of RFC \
         9457 with a code, its faults and what to do.</p><dl>",
        text(&document["info"]["title"]),
        text(&document["info"]["description"]),
    );
    let paths = document["paths"].as_object().into_iter().flatten();
    for (path, operations) in paths {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            let _ = write!(
                page,
                "<dt><code>{} {}</code></dt><dd>{} {}</dd>",
                escape(&method.to_uppercase()),
                escape(path),
                text(&operation["summary"]),
                text(&operation["description"]),
            );
        }
    }
    page + "</dl></html>\n"
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
