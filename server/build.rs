//! Embeds the site: writes the list of its files, the one style sheet and their hashes as Rust for `src/site.rs`.
//!
//! The style sheet comes straight from `style/`, so pages are styled without a built site; scripts and wasm come
//! from `site/`, which `scripts/site` fills, and are simply absent until then.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use base64::Engine as _;
use sha2::{Digest, Sha256};

/// Browser files that the site build joins and gives hashed names: never served under their own.
const JOINED: [&str; 4] = ["loader.js", "page/", "modules/", "sw/"];

fn main() -> io::Result<()> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"))
        .join("..")
        .canonicalize()?;
    let (site, public, style) = (root.join("site"), root.join("public"), root.join("style"));
    let pages = root.join("app").join("src");
    println!("cargo::rerun-if-changed=build.rs");
    for folder in [&site, &public, &style, &pages] {
        // A path that does not exist would make cargo run this every time.
        if folder.exists() {
            println!("cargo::rerun-if-changed={}", folder.display());
        }
    }

    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let build = build_of(&[&site, &public, &style, &pages])?;
    let mut rust = String::new();
    write_site(&mut rust, &site, &build)?;
    write_css(&mut rust, &style)?;
    rust.push_str("static ASSETS: &[Asset] = &[\n");
    write_worker(&mut rust, &site, &out, &build)?;
    write_assets(&mut rust, &site, &public)?;
    rust.push_str("];\n");
    fs::write(out.join("site.rs"), rust)
}

/// One word for all that a browser may keep of this build: another word is another build.
fn build_of(folders: &[&PathBuf]) -> io::Result<String> {
    let mut all = Sha256::new();
    for folder in folders {
        for path in files(folder)? {
            all.update(
                path.strip_prefix(folder)
                    .expect("lies in it")
                    .as_os_str()
                    .as_encoded_bytes(),
            );
            all.update(fs::read(path)?);
        }
    }
    Ok(hex(&all.finalize()[..6]))
}

/// The worker learns its build here, because the sheet and the pages it keeps are part of it.
fn write_worker(rust: &mut String, site: &Path, out: &Path, build: &str) -> io::Result<()> {
    let source = site.join("sw.js");
    if !source.exists() {
        return Ok(());
    }
    let text = fs::read_to_string(source)?.replace("@BUILD@", build);
    let path = out.join("sw.js");
    fs::write(&path, text)?;
    write_asset(rust, &path, "sw.js", "Checked")
}

/// `manifest.txt` holds lines of `name=/pkg/file`.
fn write_site(rust: &mut String, site: &Path, build: &str) -> io::Result<()> {
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
    let _ = writeln!(rust, "    build: {build:?},");
    for name in ["loader", "js", "wasm"] {
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
        if !JOINED.iter().any(|part| name.starts_with(part)) {
            write_asset(rust, &path, &name, "Checked")?;
        }
    }
    Ok(())
}

fn write_asset(rust: &mut String, path: &Path, name: &str, keep: &str) -> io::Result<()> {
    let tag = hex(&Sha256::digest(fs::read(path)?)[..6]);
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

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
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
