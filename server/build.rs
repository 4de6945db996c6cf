//! Embeds the site: writes the list of its files, the one style sheet and their hashes as Rust for `src/site.rs`.
//!
//! The style sheet comes straight from `style/`, so pages are styled without a built site; scripts and wasm come
//! from `site/`, which `scripts/site` fills, and are simply absent until then.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use base64::Engine as _;
use sha2::{Digest, Sha256};

/// Browser files that the site build gives hashed names: never served under their own.
const HASHED: [&str; 2] = ["loader.js", "live.js"];

fn main() -> io::Result<()> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"))
        .join("..")
        .canonicalize()?;
    let (site, public, style) = (root.join("site"), root.join("public"), root.join("style"));
    println!("cargo::rerun-if-changed=build.rs");
    for folder in [&site, &public, &style] {
        // A path that does not exist would make cargo run this every time.
        if folder.exists() {
            println!("cargo::rerun-if-changed={}", folder.display());
        }
    }

    let mut rust = String::new();
    write_site(&mut rust, &site)?;
    write_css(&mut rust, &style)?;
    write_assets(&mut rust, &site, &public)?;
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it")).join("site.rs");
    fs::write(out, rust)
}

/// `manifest.txt` holds lines of `name=/pkg/file`.
fn write_site(rust: &mut String, site: &Path) -> io::Result<()> {
    let manifest = match fs::read_to_string(site.join("manifest.txt")) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    let field = |name: &str| {
        manifest
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
    };
    rust.push_str("/// What the site build made; without it only the style sheet is there.\npub static SITE: Site = Site {\n    css: CSS,\n");
    for name in ["loader", "js", "wasm", "live"] {
        let _ = writeln!(rust, "    {name}: {:?},", field(name));
    }
    rust.push_str("};\n");
    let islands: Vec<&str> = field("islands").map_or(Vec::new(), |names| {
        names.split(',').filter(|name| !name.is_empty()).collect()
    });
    let _ = writeln!(rust, "const ISLANDS: &[&str] = &{islands:?};");
    Ok(())
}

fn write_css(rust: &mut String, style: &Path) -> io::Result<()> {
    let mut parts = vec![style.join("main.css")];
    parts.extend(
        files(&style.join("parts"))?
            .into_iter()
            .filter(|path| path.extension().is_some_and(|e| e == "css")),
    );
    let mut all = String::new();
    for part in parts.iter().filter(|path| path.exists()) {
        all.push_str(&fs::read_to_string(part)?);
        all.push('\n');
    }
    let css = minified(&all);
    assert!(
        !css.to_lowercase().contains("</style"),
        "the style sheet would end its own element"
    );
    let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(css.as_bytes()));
    let _ = writeln!(
        rust,
        "const CSS: &str = {css:?};\nconst CSS_HASH: &str = {hash:?};"
    );
    Ok(())
}

fn write_assets(rust: &mut String, site: &Path, public: &Path) -> io::Result<()> {
    rust.push_str("static ASSETS: &[Asset] = &[\n");
    for path in files(&site.join("pkg"))? {
        let name = path
            .strip_prefix(site)
            .expect("lies in it")
            .display()
            .to_string();
        if !name.ends_with(".br") && !name.ends_with(".gz") {
            write_asset(rust, &path, &name, "Forever")?;
        }
    }
    for path in files(public)? {
        let name = path
            .strip_prefix(public)
            .expect("lies in it")
            .display()
            .to_string();
        if !HASHED.contains(&name.as_str()) {
            write_asset(rust, &path, &name, "Checked")?;
        }
    }
    rust.push_str("];\n");
    Ok(())
}

fn write_asset(rust: &mut String, path: &Path, name: &str, keep: &str) -> io::Result<()> {
    let tag = Sha256::digest(fs::read(path)?)[..6]
        .iter()
        .fold(String::new(), |mut tag, byte| {
            let _ = write!(tag, "{byte:02x}");
            tag
        });
    let packed = |ending: &str| {
        let packed = format!("{}.{ending}", path.display());
        if Path::new(&packed).exists() {
            format!("Some(include_bytes!({packed:?}))")
        } else {
            "None".to_owned()
        }
    };
    let _ = writeln!(
        rust,
        "    Asset {{ path: {:?}, mime: {:?}, tag: {tag:?}, keep: Keep::{keep}, raw: include_bytes!({:?}), br: {}, gz: {} }},",
        format!("/{name}"),
        mime(name),
        path.display().to_string(),
        packed("br"),
        packed("gz"),
    );
    Ok(())
}

fn mime(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("html") => "text/html; charset=utf-8",
        Some("txt") => "text/plain; charset=utf-8",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// All files below a folder, sorted, so that the same tree gives the same binary; none if there is no such folder.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !folder.exists() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Takes out comments and needless blanks; text in quotes stays as it is.
fn minified(css: &str) -> String {
    let mut out = String::new();
    let mut rest = css.chars().peekable();
    let mut quote = None;
    while let Some(c) = rest.next() {
        if let Some(open) = quote {
            out.push(c);
            if c == '\\' {
                out.extend(rest.next());
            } else if c == open {
                quote = None;
            }
        } else if c == '/' && rest.peek() == Some(&'*') {
            rest.next();
            let mut last = ' ';
            for c in rest.by_ref() {
                if last == '*' && c == '/' {
                    break;
                }
                last = c;
            }
        } else if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with([' ', '{', '}', ';', ',', ':']) {
                out.push(' ');
            }
        } else {
            if matches!(c, '{' | '}' | ';') && out.ends_with(' ') {
                out.pop();
            }
            if c == '}' && out.ends_with(';') {
                out.pop();
            }
            quote = matches!(c, '"' | '\'').then_some(c);
            out.push(c);
        }
    }
    out.trim().to_owned()
}
